"""Web half of look-alike search: SQL only, called by views, API and commands.

The answer comes in two blocks, first the products of the predicted clusters, then all others; in
each block products lie in order of cosine distance, one place a product however many photos it has.

A block with few matching products is scanned exactly. Only a large one goes through the HNSW index,
and when the index returns fewer products than there are (it does under filters: pgvector applies
them after the scan), the block is scanned exactly after all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.db.models import Min
from pgvector import HalfVector
from pgvector.django import CosineDistance

from products import conf
from products.filters import ProductFilters
from products.models import ImageSearch, Product, ProductEmbedding
from products.querysets import ProductQuerySet
from styles.models import ModelVersion

# Photos read from the index for each product wanted; most products have one to three.
INDEX_OVERFETCH = 4
INDEX_EF_SEARCH = 200


@dataclass(frozen=True)
class Hit:
    """A product found. ``rank`` counts from 1; ``distance`` is the cosine distance, 0 to 2."""

    rank: int
    product_id: int
    distance: float
    is_in_group: bool

    @property
    def similarity(self) -> float:
        """1 - distance, not below 0."""
        return max(0.0, 1.0 - self.distance)


@dataclass(frozen=True)
class Hits:
    """A page of hits; ``count`` is how many products match in all."""

    hits: tuple[Hit, ...]
    count: int


def look_alikes(
    vector: HalfVector,
    *,
    model_version: ModelVersion,
    filters: ProductFilters,
    group: Collection[int] = (),
    limit: int,
    offset: int = 0,
) -> Hits:
    """Return the products that look most like a vector.

    Args:
        vector: query embedding of ``model_version``, EMBEDDING_DIM wide.
        filters: what the products must match.
        group: numbers of the clusters whose products come first; empty for one plain ranking.
        limit: at most this many hits.
        offset: hits to leave out at the start.
    """
    products = filters.apply(Product.objects.all())
    if group:
        blocks = [(products.in_clusters(group), True), (products.outside_clusters(group), False)]
    else:
        blocks = [(products, False)]
    hits: list[Hit] = []
    count = 0
    for block, is_in_group in blocks:
        matching = block.embedded_by(model_version).count()
        wanted = limit - len(hits)
        skipped = max(offset - count, 0)
        if wanted > 0 and skipped < matching:
            rows = _nearest(block, vector, model_version, matching, skipped + wanted)[skipped:]
            hits += [
                Hit(offset + len(hits) + place, product_id, distance, is_in_group)
                for place, (product_id, distance) in enumerate(rows, start=1)
            ]
        count += matching
    return Hits(tuple(hits), count)


def similar_products(
    product: Product,
    *,
    model_version: ModelVersion,
    filters: ProductFilters,
    limit: int,
    offset: int = 0,
) -> Hits | None:
    """Return look-alikes of a product by its first embedded photo, without the product itself.

    Returns None while no photo of it has been embedded.
    """
    vector = (
        ProductEmbedding.objects.filter(product=product, model_version=model_version)
        .order_by("image__position", "image_id")
        .values_list("embedding", flat=True)
        .first()
    )
    if vector is None:
        return None
    without = replace(filters, exclude=(*filters.exclude, product.sku))
    return look_alikes(
        vector, model_version=model_version, filters=without, limit=limit, offset=offset
    )


def image_search_results(
    search: ImageSearch, *, filters: ProductFilters, limit: int, offset: int = 0
) -> Hits:
    """Return the look-alikes of a finished search, its predicted group first.

    With a cluster among the filters, the shopper has said which group is meant and the prediction
    no longer counts.
    """
    if search.embedding is None or search.model_version is None:
        raise ValueError(f"search {search.pk} is {search.status}, expected done")
    group = () if filters.cluster is not None else predicted_group(search.cluster_probabilities)
    return look_alikes(
        search.embedding,
        model_version=search.model_version,
        filters=filters,
        group=group,
        limit=limit,
        offset=offset,
    )


def predicted_group(cluster_probabilities: dict[str, float]) -> tuple[int, ...]:
    """Return the likeliest clusters that together hold ``CLUSTER_COVERAGE`` of the probability.

    A photo on the border of two clusters has its look-alikes in both; a sure one in a single one.

    Args:
        cluster_probabilities: cluster number (as JSON keys, strings) -> probability.
    """
    covered, group = 0.0, []
    for number, probability in sorted(cluster_probabilities.items(), key=lambda item: -item[1]):
        if covered >= conf.get("CLUSTER_COVERAGE"):
            break
        group.append(int(number))
        covered += probability
    return tuple(group)


def _nearest(
    products: ProductQuerySet,
    vector: HalfVector,
    model_version: ModelVersion,
    matching: int,
    wanted: int,
) -> Sequence[tuple[int, float]]:
    """Return (product id, distance) of the nearest ``wanted`` of ``matching`` products."""
    if matching > conf.get("EXACT_SCAN_MAX_PRODUCTS"):
        rows = _through_index(products, vector, model_version, wanted)
        if len(rows) >= min(wanted, matching):
            return rows
    return _exact(products, vector, model_version, wanted)


def _exact(
    products: ProductQuerySet, vector: HalfVector, model_version: ModelVersion, wanted: int
) -> Sequence[tuple[int, float]]:
    rows = (
        ProductEmbedding.objects.filter(model_version=model_version, product__in=products)
        .values("product_id")
        .annotate(distance=Min(CosineDistance("embedding", vector)))
        .order_by("distance", "product_id")
        .values_list("product_id", "distance")
    )
    return list(rows[:wanted])


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
    return list(best.items())[:wanted]
