"""The nearest products to a vector among those that match, right under every filter; for search.

A small choice is scanned exactly. Only a large one goes through the HNSW index, and when the index
returns fewer products than there are (it does under filters: pgvector applies them after the
scan), it is scanned exactly after all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Min, Q
from pgvector import HalfVector
from pgvector.django import CosineDistance

from products import conf
from products.models import ProductEmbedding
from products.querysets import ProductQuerySet
from styles.models import ModelVersion

# Photos read from the index for each product wanted; most products have one to three.
INDEX_OVERFETCH = 4
INDEX_EF_SEARCH = 200


@dataclass(frozen=True)
class Neighbours:
    """The products nearest to a vector.

    Attributes:
        rows: (product id, cosine distance), one a product, in order of (distance, product id).
        count: how many products match in all, before and after these rows too.
        is_count_exact: False where counting was cut short; ``count`` is then a lower bound.
    """

    rows: tuple[tuple[int, float], ...]
    count: int
    is_count_exact: bool = True


def nearest_products(
    vector: HalfVector,
    *,
    model_version: ModelVersion,
    products: ProductQuerySet,
    limit: int,
    after: tuple[float, int] | None = None,
    position: int = 0,
) -> Neighbours:
    """Return the products nearest to a vector, each at its nearest photo.

    Args:
        vector: query embedding of ``model_version``, EMBEDDING_DIM wide.
        products: those that match.
        limit: at most this many rows; 0 counts only.
        after: (distance, product id) of the last row known; only rows behind it come.
        position: how many rows lie up to ``after``.
    """
    count = products.embedded_by(model_version).count()
    if limit == 0 or count == 0:
        return Neighbours((), count)
    if count > conf.get("EXACT_SCAN_MAX_PRODUCTS"):
        wanted = position + limit
        nearest = _through_index(products, vector, model_version, wanted)
        if len(nearest) >= min(wanted, count):
            behind = [row for row in nearest if after is None or (row[1], row[0]) > after]
            if len(behind) >= min(limit, count - position):
                return Neighbours(tuple(behind[:limit]), count)
    return Neighbours(tuple(_exact(products, vector, model_version, limit, after)), count)


def _exact(
    products: ProductQuerySet,
    vector: HalfVector,
    model_version: ModelVersion,
    limit: int,
    after: tuple[float, int] | None,
) -> Sequence[tuple[int, float]]:
    rows = (
        ProductEmbedding.objects.filter(model_version=model_version, product__in=products)
        .values("product_id")
        .annotate(distance=Min(CosineDistance("embedding", vector)))
        .order_by("distance", "product_id")
    )
    if after is not None:
        distance, product_id = after
        rows = rows.filter(
            Q(distance__gt=distance) | Q(distance=distance, product_id__gt=product_id)
        )
    return list(rows.values_list("product_id", "distance")[:limit])


def _through_index(
    products: ProductQuerySet, vector: HalfVector, model_version: ModelVersion, wanted: int
) -> Sequence[tuple[int, float]]:
    nearest = (
        ProductEmbedding.objects.filter(model_version=model_version, product__in=products)
        .annotate(distance=CosineDistance("embedding", vector))
        # Nothing but the distance may stand here, or the index cannot serve the order.
        .order_by("distance")
        .values_list("product_id", "distance")
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
        cursor.execute(f"SET LOCAL hnsw.ef_search = {INDEX_EF_SEARCH}")
        rows = list(nearest[: wanted * INDEX_OVERFETCH])
    best: dict[int, float] = {}
    for product_id, distance in rows:
        best.setdefault(product_id, distance)
    return sorted(best.items(), key=lambda row: (row[1], row[0]))[:wanted]
