"""The nearest products to a vector among those that match, right under every filter; for search.

There are two ways. An *exact scan* computes the distance of every matching product: always right,
and quick while they are few. The *index* lists the vectors nearest to the query whatever they
belong to, and those that match are kept: quick while many match. Which way is taken rests on
PostgreSQL's own estimate of how many products match, and where the index turns out to know too few
of them, as when a filter asks for what the query does not look like, the exact scan answers after
all. docs/search.md has the reasons, benchmarks/vector_search.py the figures.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import BooleanField, Count, F, Func, Min, Q, Window
from pgvector import HalfVector
from pgvector.django import CosineDistance

from products import conf, vector_index
from products.models import Product, ProductEmbedding, RecallCheck
from products.querysets import ProductQuerySet
from styles.models import ModelVersion

# Matching products that the index must bring up for each one wanted, before its answer is taken:
# where it knows only as many as are wanted, nearer ones may lie in lists that it did not open.
SURPLUS = 2
# Photos taken from the index at first for each that is expected to be needed.
OVERFETCH = 2
MOST_CANDIDATES = 6_000
# Lists of the index that are opened, and photos for each that one more is. Of 2,000 lists over a
# million real embeddings, 11 held 97 % of the ten nearest, 26 from 98.8 to 99.8 % of them, as the
# lists happened to be built, 32 at least 99.8 %.
LEAST_LISTS_OPENED = 32
PHOTOS_PER_LIST_OPENED = 40


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
    most_scanned = conf.get("EXACT_SCAN_MAX_PRODUCTS")
    if limit == 0:
        count = products.embedded_by(model_version).order_by()[: most_scanned + 1].count()
        return Neighbours((), min(count, most_scanned), count <= most_scanned)
    # In a small shop nothing needs to be asked of the filter: few match, whatever it says.
    expected = 0 if is_small_shop() else expected_matches(products)
    is_many = expected > 0 and is_for_index(products, expected=expected)
    if is_many and expected > untrusted_up_to(model_version):
        rows = through_index(
            vector,
            model_version=model_version,
            products=products,
            expected=expected,
            limit=limit,
            after=after,
            position=position,
        )
        if rows is not None:
            return Neighbours(tuple(rows), most_scanned, is_count_exact=False)
    rows, behind = exact_scan(
        vector, model_version=model_version, products=products, limit=limit, after=after
    )
    count = position + behind
    if is_many and count > most_scanned:
        return Neighbours(tuple(rows), most_scanned, is_count_exact=False)
    return Neighbours(tuple(rows), count)


def is_small_shop() -> bool:
    """Return whether an exact scan of every product is quick, by PostgreSQL's statistics, unread.

    They tell how many rows a page of the table holds; how many pages there are is known. Wrong
    statistics cost time alone: an exact scan is right however many match.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples / relpages * pg_relation_size(oid) / current_setting('block_size')"
            "::int FROM pg_class WHERE oid = to_regclass(%s) AND reltuples > 0 AND relpages > 0",
            [Product._meta.db_table],
        )
        row = cursor.fetchone()
    return row is not None and row[0] <= conf.get("EXACT_SCAN_MAX_PRODUCTS") / 2


def expected_matches(products: ProductQuerySet) -> int:
    """Return how many products PostgreSQL expects to match, by its statistics, unread."""
    plan = products.order_by().values("pk").explain(format="json")
    # Django asks nothing, and so explains nothing, where a condition can never be met.
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0


def is_for_index(products: ProductQuerySet, *, expected: int) -> bool:
    """Return whether so many products match that the index is asked first.

    An estimate may be off where conditions depend on each other: near the border, they are counted.
    """
    most_scanned = conf.get("EXACT_SCAN_MAX_PRODUCTS")
    if expected > 2 * most_scanned:
        return True
    return bool(products.order_by()[: most_scanned + 1].count() > most_scanned)


def untrusted_up_to(model_version: ModelVersion) -> int:
    """Return for how many matching products the last recall check found the index wanting."""
    check = RecallCheck.objects.filter(model_version=model_version)
    return check.values_list("exact_up_to", flat=True).first() or 0


def exact_scan(
    vector: HalfVector,
    *,
    model_version: ModelVersion,
    products: ProductQuerySet,
    limit: int,
    after: tuple[float, int] | None = None,
) -> tuple[Sequence[tuple[int, float]], int]:
    """Return the nearest products by computing the distance of each that matches.

    Returns:
        The rows, and how many products lie behind ``after`` in all.
    """
    rows = (
        ProductEmbedding.objects.filter(_is_any_of(products), model_version=model_version)
        .values("product_id")
        .annotate(distance=Min(CosineDistance("embedding", vector)))
        .order_by("distance", "product_id")
    )
    if after is not None:
        distance, product_id = after
        rows = rows.filter(
            Q(distance__gt=distance) | Q(distance=distance, product_id__gt=product_id)
        )
    # Counted on the way: all matching products have been looked at when the first row is known.
    counted = rows.annotate(behind=Window(Count("*")))
    found = list(counted.values_list("product_id", "distance", "behind")[:limit])
    return [(key, distance) for key, distance, _ in found], found[0][2] if found else 0


def through_index(
    vector: HalfVector,
    *,
    model_version: ModelVersion,
    products: ProductQuerySet,
    expected: int,
    limit: int,
    after: tuple[float, int] | None = None,
    position: int = 0,
) -> Sequence[tuple[int, float]] | None:
    """Return the nearest products as the index knows them; None where it knows too few.

    Args:
        expected: how many products match, about.
    """
    wanted = position + limit
    # Those are at least that many, whatever was expected, or an exact scan would answer.
    expected = max(expected, conf.get("EXACT_SCAN_MAX_PRODUCTS"), 1)
    stored = max(vector_index.expected_vectors(model_version), expected)
    candidates = math.ceil(wanted * SURPLUS * OVERFETCH * stored / expected)
    while candidates <= MOST_CANDIDATES:
        nearest = _nearest_photos(vector, model_version=model_version, count=candidates)
        matching = set(
            products.order_by()
            .filter(pk__in={product_id for product_id, _ in nearest})
            .values_list("pk", flat=True)
        )
        best: dict[int, float] = {}
        for product_id, distance in nearest:
            if product_id in matching:
                best[product_id] = min(distance, best.get(product_id, distance))
        if len(best) >= wanted * SURPLUS:
            found = sorted(best.items(), key=lambda row: (row[1], row[0]))
            behind = [row for row in found if after is None or (row[1], row[0]) > after]
            return behind[:limit] if len(behind) >= limit else None
        candidates *= 4
    return None


def _nearest_photos(
    vector: HalfVector, *, model_version: ModelVersion, count: int
) -> Sequence[tuple[int, float]]:
    nearest = (
        ProductEmbedding.objects.filter(model_version=model_version)
        .annotate(distance=CosineDistance("embedding", vector))
        # Nothing but the distance may stand here, or the index cannot serve the order.
        .order_by("distance")
        .values_list("product_id", "distance")
    )
    lists = LEAST_LISTS_OPENED + math.ceil(count / PHOTOS_PER_LIST_OPENED)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('ivfflat.probes', %s, true)", [str(lists)])
        return list(nearest[:count])


def _is_any_of(products: ProductQuerySet) -> Func:
    """Return the condition that ``product_id`` is among these products, worked out beforehand.

    As an array, PostgreSQL reads the vectors in the order of products, whatever it expects of the
    filter; joined, it may choose a plan that takes three times as long.
    """
    return Func(
        F("product_id"),
        ArraySubquery(products.order_by().values("pk")),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
