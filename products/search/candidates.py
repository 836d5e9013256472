"""The products that rankers reorder, with what they read of them; made by ``reordering``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from products.models import ImageClassification, Product
from products.palette import Palette, palettes_of
from products.search.query_vectors import first_embeddings
from styles.models import EMBEDDING_DIM, ModelVersion

StyleMix = Mapping[str, float]
"""Style code, or style group code where only groups were learnt -> share; at most 1 in all."""


@dataclass(frozen=True)
class ProductWords:
    """The words a product carries; all empty for one deleted meanwhile."""

    colour: str = ""
    name: str = ""
    name_ko: str = ""
    brand: str = ""


class Candidates:
    """Products found, in order of distance. What rankers read is asked for once, when first read.

    Attributes:
        product_ids: their keys.
        distances: their cosine distances to the query.
        similarities: float64 (N,), 1 - distance, not below 0.
    """

    def __init__(self, rows: Sequence[tuple[int, float]], *, model_version: ModelVersion) -> None:
        self.product_ids = [product_id for product_id, _ in rows]
        self.distances = [distance for _, distance in rows]
        self.similarities = np.maximum(1.0 - np.array(self.distances), 0.0)
        self._model_version = model_version

    @cached_property
    def words(self) -> list[ProductWords]:
        """The words of each product."""
        rows = Product.objects.filter(pk__in=self.product_ids).values_list(
            "pk", "colour", "name", "name_ko", "brand"
        )
        found = {key: ProductWords(*words) for key, *words in rows}
        return [found.get(product_id, ProductWords()) for product_id in self.product_ids]

    @cached_property
    def mixes(self) -> list[StyleMix]:
        """The style mix of each product."""
        found = style_mixes(self.product_ids, model_version=self._model_version)
        return [found.get(product_id, {}) for product_id in self.product_ids]

    @cached_property
    def palettes(self) -> list[Palette]:
        """The palette of each product's first photo; empty where it is not known."""
        found = palettes_of(self.product_ids)
        return [found.get(product_id, ()) for product_id in self.product_ids]

    @cached_property
    def vectors(self) -> np.ndarray:
        """The embedding of each product's first photo: float32 (N, EMBEDDING_DIM)."""
        found = first_embeddings(self.product_ids, model_version=self._model_version)
        nowhere = np.zeros(EMBEDDING_DIM, np.float32)
        return np.array(
            [found.get(product_id, nowhere) for product_id in self.product_ids], np.float32
        ).reshape(-1, EMBEDDING_DIM)


def style_mixes(product_ids: Sequence[int], *, model_version: ModelVersion) -> dict[int, StyleMix]:
    """Return the style mix of each product: what the version says of its first photo.

    Where the version has learnt no styles, the styles that staff gave a product share alike.
    """
    classified = (
        ImageClassification.objects.filter(
            image__product__in=product_ids, model_version=model_version
        )
        .order_by("image__product_id", "image__position", "image_id")
        .distinct("image__product_id")
        .values_list("image__product_id", "probabilities__style", "probabilities__style_group")
    )
    mixes: dict[int, StyleMix] = {
        product_id: styles or groups
        for product_id, styles, groups in classified
        if styles or groups
    }
    unknown = [product_id for product_id in product_ids if product_id not in mixes]
    return mixes | _given_styles(unknown)


def _given_styles(product_ids: Sequence[int]) -> dict[int, StyleMix]:
    given: dict[int, list[str]] = {}
    rows = Product.objects.filter(pk__in=product_ids, styles__isnull=False)
    for product_id, code in rows.values_list("pk", "styles__code"):
        given.setdefault(product_id, []).append(code)
    return {product_id: dict.fromkeys(codes, 1 / len(codes)) for product_id, codes in given.items()}
