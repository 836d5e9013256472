"""The port through which styles reaches a shop's catalogue without importing it.

``products`` depends on ``styles``, never the other way round. Whoever holds the catalogue registers
an adapter at start-up (``AppConfig.ready``); training, activation and clustering work through it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from django.core.exceptions import ImproperlyConfigured

from styles.ml.datasets import Example

if TYPE_CHECKING:
    from styles.models import Cluster, Clustering, ModelVersion

__all__ = [
    "Catalogue",
    "CatalogueEmbeddings",
    "EmbeddingCounts",
    "Example",
    "Label",
    "ProductFacts",
    "get_catalogue",
    "register_catalogue",
]

OnProgress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""


@dataclass(frozen=True)
class CatalogueEmbeddings:
    """One unit vector a product.

    Attributes:
        product_ids: int64, shape (N,).
        vectors: float32, shape (N, EMBEDDING_DIM), unit length.
    """

    product_ids: np.ndarray
    vectors: np.ndarray


@dataclass(frozen=True)
class Label:
    """A style or product type that a cluster can be named after."""

    name_ko: str
    name_en: str


@dataclass(frozen=True)
class ProductFacts:
    """What a product is called and said to be; ``styles`` is the mix, code -> probability.

    The mix is a model version's, of style groups where it has learnt no styles.
    """

    sku: str
    product_type: Label | None
    styles: Mapping[str, float]


@dataclass(frozen=True)
class EmbeddingCounts:
    """What a run over the catalogue came to, in photos; the rate is over its whole time."""

    embedded: int
    skipped: int
    failed: int
    photos_per_second: float


class Catalogue(Protocol):
    """What the styles app needs from a catalogue."""

    def examples(self) -> Iterator[Example]:
        """Yield a labelled example a product photo, for training."""
        ...

    def embed(
        self, model_version: ModelVersion, *, on_progress: OnProgress | None = None
    ) -> EmbeddingCounts:
        """Embed every photo that this version has not embedded yet; return when all are done."""
        ...

    def embeddings(self, model_version: ModelVersion) -> CatalogueEmbeddings:
        """Return the embeddings of all products that this version has embedded."""
        ...

    def labels(self, product_ids: np.ndarray) -> Sequence[Label | None]:
        """Return what each product is best described by: its style, else its type, else None."""
        ...

    def facts(
        self, product_ids: np.ndarray, *, model_version: ModelVersion
    ) -> Sequence[ProductFacts | None]:
        """Return what each product is, the mix as this version sees it; None for deleted ones."""
        ...

    def assign(
        self, clustering: Clustering, *, product_ids: np.ndarray, clusters: Sequence[Cluster]
    ) -> None:
        """Store the cluster of each product (two sequences of one length) under a clustering."""
        ...

    def assign_unassigned(self, clustering: Clustering) -> int:
        """Give the nearest cluster to embedded products that have none yet; return how many."""
        ...


_registered: list[Catalogue] = []


def register_catalogue(catalogue: Catalogue) -> None:
    """Make this the catalogue that styles learns from; the last registration wins."""
    _registered[:] = [catalogue]


def get_catalogue() -> Catalogue:
    """Return the registered catalogue.

    Raises:
        ImproperlyConfigured: no installed app offers one.
    """
    if not _registered:
        raise ImproperlyConfigured(
            "No catalogue is registered: add 'products' to INSTALLED_APPS, or call "
            "styles.catalogue.register_catalogue() from an AppConfig.ready()."
        )
    return _registered[0]
