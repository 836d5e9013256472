"""Tells from the rows of a shop which model version a search's answer is of; for benchmarks.

Django must have been set up on the shop.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

# Distances are computed by PostgreSQL from halves, and here from the same halves in single.
TOLERANCE = 2e-3

Hits = Sequence[tuple[str, float, int | None]]
"""(sku, distance, cluster number) of the products found, nearest first."""


class Answers:
    """The vectors of every model version and the cluster numbers of every clustering, in memory."""

    def __init__(self) -> None:
        from products.models import ClusterAssignment, ProductEmbedding

        self._vectors: dict[int, dict[str, list[np.ndarray]]] = defaultdict(
            lambda: defaultdict(list)
        )
        embeddings = ProductEmbedding.objects.order_by("image__position", "image_id")
        for number, sku, vector in embeddings.values_list(
            "model_version__number", "product__sku", "embedding"
        ):
            self._vectors[number][sku].append(np.array(vector, np.float32))
        self._clusters: dict[int, dict[int, dict[str, int]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for number, clustering, sku, cluster in ClusterAssignment.objects.values_list(
            "clustering__model_version__number", "clustering", "product__sku", "cluster__number"
        ):
            self._clusters[number][clustering][sku] = cluster

    def of_product(self, sku: str, hits: Hits) -> set[int]:
        """Return the versions by which these hits can be the look-alikes of a product."""
        return {
            number
            for number, vectors in self._vectors.items()
            if sku in vectors and self._fit(number, vectors[sku][0], hits)
        }

    def of_search(self, search_id: str, number: int, hits: Hits) -> set[int]:
        """Return the version that a search names if its hits are of that version, else nothing."""
        from products.models import ImageSearch

        vector = ImageSearch.objects.values_list("embedding", flat=True).get(pk=search_id)
        query = np.array(vector, np.float32)
        return {number} if self._fit(number, query, hits) else set()

    def _fit(self, number: int, query: np.ndarray, hits: Hits) -> bool:
        vectors = self._vectors[number]
        near = all(
            sku in vectors and abs(_distance(query, vectors[sku]) - distance) < TOLERANCE
            for sku, distance, _ in hits
        )
        return near and any(
            all(numbers.get(sku) == cluster for sku, _, cluster in hits)
            for numbers in self._clusters[number].values()
        )


def read_hits(results: Iterable[Mapping[str, Any]]) -> Hits:
    """Return the hits of an answer of the API."""
    return [(hit["product"]["sku"], hit["distance"], hit["product"]["cluster"]) for hit in results]


def _distance(query: np.ndarray, vectors: Sequence[np.ndarray]) -> float:
    """Return the cosine distance to the nearest of a product's photos."""
    lengths = [float(np.linalg.norm(query) * np.linalg.norm(vector)) for vector in vectors]
    return min(
        1.0 - float(query @ vector) / length
        for vector, length in zip(vectors, lengths, strict=True)
    )
