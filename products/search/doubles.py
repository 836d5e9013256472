"""Leaves out of a page what is offered twice: products that the model sees in one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from products.search.pages import Hit
from products.search.query_vectors import QueryVector, first_embeddings

# Of 6,874 products 74 pairs with the same photo lie within it; beyond it the nearest pairs are
# different products (see ``products.duplicates``).
SAME_DISTANCE: Final = 0.003


def without_doubles(hits: Sequence[Hit], query: QueryVector) -> tuple[Hit, ...]:
    """Return the hits without those that show the same as one before them."""
    vectors = first_embeddings([hit.product_id for hit in hits], model_version=query.model_version)
    kept: list[Hit] = []
    for hit in hits:
        vector = vectors.get(hit.product_id)
        earlier = [vectors[other.product_id] for other in kept if other.product_id in vectors]
        if vector is None or all(1.0 - float(vector @ one) > SAME_DISTANCE for one in earlier):
            kept.append(hit)
    return tuple(kept)
