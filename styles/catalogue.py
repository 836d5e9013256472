"""The port through which styles reaches a shop's catalogue without importing it.

``products`` depends on ``styles``, never the other way round. Whoever holds the catalogue registers
an adapter at start-up (``AppConfig.ready``); training, activation and clustering work through it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from django.core.exceptions import ImproperlyConfigured

from styles.ml.datasets import Example
from styles.ml.progress import OnProgress, ignore_progress

if TYPE_CHECKING:
    from styles.models import Clustering, ModelVersion

__all__ = [
    "Catalogue",
    "CatalogueEmbeddings",
    "DroppedRows",
    "EmbeddingCounts",
    "ExamAnswer",
    "ExamQuestion",
    "Example",
    "Label",
    "OnProgress",
    "ProductFacts",
    "ProductPicture",
    "get_catalogue",
    "ignore_progress",
    "register_catalogue",
]


class CatalogueEmbeddings(Protocol):
    """One unit vector a product, of all that are embedded, read as they are needed."""

    @property
    def product_ids(self) -> np.ndarray:
        """Return the products: int64, shape (N,), ascending."""
        ...

    def __len__(self) -> int:
        """Return N."""
        ...

    def read(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which of these places in ``product_ids`` still exist, and their vectors.

        Args:
            rows: places, ascending.

        Returns:
            The places that were found, shape (M,), and their vectors: float32, shape
            (M, EMBEDDING_DIM), unit length.
        """
        ...


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


@dataclass(frozen=True)
class ExamQuestion:
    """An example query of the exam that a model version sits before it serves.

    Either ``sku`` names a product of the catalogue, or ``search`` a shopper's photo by the id of
    its search; the other one is empty.
    """

    sku: str = ""
    search: str = ""


@dataclass(frozen=True)
class ExamAnswer:
    """What a model version finds for a question, nearest first.

    ``product_type`` is that of the question, ``product_types`` those of the products found; empty
    where unknown.
    """

    product_type: str
    skus: tuple[str, ...]
    product_types: tuple[str, ...]


@dataclass(frozen=True)
class DroppedRows:
    """What was dropped with a model version, in rows; ``bytes`` are of embeddings and index."""

    embeddings: int
    classifications: int
    assignments: int
    bytes: int


@dataclass(frozen=True)
class ProductPicture:
    """What pages for staff show of a product.

    ``thumbnail`` is the address of its first photo, small, and empty where it has none; ``page``
    that of its page in the admin.
    """

    sku: str
    name: str
    thumbnail: str
    page: str


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

    def count_labels(
        self, product_ids: np.ndarray, classes: np.ndarray
    ) -> Mapping[tuple[int, Label], int]:
        """Count what products are best described by, for each class of them.

        Args:
            product_ids: shape (N,).
            classes: of each product an integer, shape (N,).

        Returns:
            (class, label) -> number of products. A product's label is its style, else its type;
            where it has neither, it is not counted.
        """
        ...

    def facts(
        self, product_ids: np.ndarray, *, model_version: ModelVersion
    ) -> Sequence[ProductFacts | None]:
        """Return what each product is, the mix as this version sees it; None for deleted ones."""
        ...

    def pictures(self, skus: Collection[str]) -> Mapping[str, ProductPicture]:
        """Return what staff are shown of these products, by sku; deleted ones are left out."""
        ...

    def assignments(self, clustering: Clustering) -> tuple[np.ndarray, np.ndarray]:
        """Return the products a clustering holds, ascending, and the keys of their clusters."""
        ...

    def assign(
        self,
        clustering: Clustering,
        *,
        product_ids: np.ndarray,
        cluster_ids: np.ndarray,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Store the cluster, by its key, of each product that still exists.

        Outside of a transaction, a part at a time is stored: nobody who changes a product waits.
        """
        ...

    def assign_unassigned(self, clustering: Clustering) -> int:
        """Give the nearest cluster to embedded products that have none yet; return how many."""
        ...

    def build_index(
        self, model_version: ModelVersion, *, on_progress: OnProgress | None = None
    ) -> None:
        """Build the index over a version's embeddings while the shop is open; at once if it is."""
        ...

    def calibrate(self, model_version: ModelVersion) -> None:
        """Learn and store what distances mean under this version; its index stands already."""
        ...

    def has_index(self, model_version: ModelVersion) -> bool:
        """Return whether searches among this version's embeddings can use an index."""
        ...

    def size(self) -> int:
        """Return how many products there are."""
        ...

    def has_embeddings(self, model_version: ModelVersion) -> bool:
        """Return whether there is any embedding of this version."""
        ...

    def queue_missing(self, model_version: ModelVersion) -> int:
        """Have the workers embed what this version has not embedded yet; return how many."""
        ...

    def questions(
        self, model_version: ModelVersion, *, count: int, seed: int, kept: Sequence[ExamQuestion]
    ) -> Sequence[ExamQuestion]:
        """Draw example queries that this version can answer: of those kept first, then others.

        Args:
            model_version: the version that serves.
            count: of products; photos that shoppers searched with come on top.
            seed: of the draw.
            kept: questions of an earlier exam, which are taken again where they still exist.
        """
        ...

    def answers(
        self,
        questions: Sequence[ExamQuestion],
        *,
        model_version: ModelVersion,
        limit: int,
        on_progress: OnProgress | None = None,
    ) -> Sequence[ExamAnswer | None]:
        """Return what a version finds for each question; None where it cannot tell."""
        ...

    def drop(self, model_version: ModelVersion) -> DroppedRows:
        """Drop all that a version made of the catalogue, and give its space back to the disk."""
        ...

    def count_rows(self, model_version: ModelVersion) -> DroppedRows:
        """Return what ``drop`` would drop."""
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
