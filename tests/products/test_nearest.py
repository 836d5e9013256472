from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pgvector import HalfVector
from pytest_django import Settings

from products import vector_index
from products.filters import ProductFilters
from products.models import Product
from products.nearest import (
    exact_scan,
    expected_matches,
    is_small_shop,
    nearest_products,
    through_index,
)
from products.querysets import ProductQuerySet
from styles.models import ModelVersion
from tests.clumps import CLUMPS, PER_CLUMP, store_clumps

pytestmark = pytest.mark.django_db


@pytest.fixture
def vectors(version: ModelVersion) -> np.ndarray:
    """Return the vectors of products in clumps, stored and indexed."""
    return store_clumps(version)


@pytest.fixture
def few_are_scanned(settings: Settings) -> None:
    settings.KFASHION = {**settings.KFASHION, "EXACT_SCAN_MAX_PRODUCTS": 20}


def shown(**filters: object) -> ProductQuerySet:
    return ProductFilters(**filters).apply(Product.objects.all())  # type: ignore[arg-type]


def queries(vectors: np.ndarray) -> Iterator[HalfVector]:
    for row in range(0, len(vectors), 300):
        yield HalfVector(vectors[row])


@pytest.mark.parametrize(
    "filters",
    [{}, {"gender": "men"}, {"colour": "red"}, {"category": "Category 3"}, {"min_price": 5}],
)
@pytest.mark.usefixtures("few_are_scanned")
def test_whatever_the_filter_the_rows_are_those_of_an_exact_scan(
    version: ModelVersion, vectors: np.ndarray, filters: dict[str, object]
) -> None:
    products = shown(**filters)
    for vector in queries(vectors):
        found = nearest_products(vector, model_version=version, products=products, limit=10)
        exact, _ = exact_scan(vector, model_version=version, products=products, limit=10)
        assert list(found.rows) == exact


def test_the_index_answers_where_it_knows_more_than_enough(
    version: ModelVersion, vectors: np.ndarray
) -> None:
    products = shown(gender="women")
    vector = next(queries(vectors))
    expected = expected_matches(products)
    found = through_index(
        vector, model_version=version, products=products, expected=expected, limit=10
    )
    exact, _ = exact_scan(vector, model_version=version, products=products, limit=10)
    assert found == exact


def test_the_index_declines_where_a_filter_asks_for_what_the_query_does_not_look_like(
    version: ModelVersion, vectors: np.ndarray
) -> None:
    products = shown(category="Category 7")
    found = through_index(
        HalfVector(vectors[0]), model_version=version, products=products, expected=120, limit=120
    )
    assert found is None


@pytest.mark.usefixtures("few_are_scanned")
def test_parts_through_the_index_join_without_gap_or_repetition(
    version: ModelVersion, vectors: np.ndarray
) -> None:
    products, vector = shown(), next(queries(vectors))
    whole, _ = exact_scan(vector, model_version=version, products=products, limit=60)
    joined: list[tuple[int, float]] = []
    while len(joined) < 60:
        last = (joined[-1][1], joined[-1][0]) if joined else None
        joined += nearest_products(
            vector,
            model_version=version,
            products=products,
            limit=20,
            after=last,
            position=len(joined),
        ).rows
    assert joined == whole


def test_counting_stops_at_as_many_as_are_scanned(
    version: ModelVersion, vectors: np.ndarray, settings: Settings
) -> None:
    vector = next(queries(vectors))

    def counted(products: ProductQuerySet) -> tuple[int, bool]:
        found = nearest_products(vector, model_version=version, products=products, limit=5)
        alone = nearest_products(vector, model_version=version, products=products, limit=0)
        assert alone == replace(found, rows=())
        return found.count, found.is_count_exact

    assert counted(shown()) == (CLUMPS * PER_CLUMP // 2, True)
    settings.KFASHION = {**settings.KFASHION, "EXACT_SCAN_MAX_PRODUCTS": 140}
    assert counted(shown(category="Category 3")) == (125, True)
    assert counted(shown(colour="red")) == (140, False)
    assert counted(shown()) == (140, False)
    assert counted(shown(category="unheard of")) == (0, True)
    assert counted(shown().none()) == (0, True)


def plans(statements: CaptureQueriesContext) -> str:
    """Return the plans of what was asked of the embeddings, as a large catalogue would have it."""
    with connection.cursor() as cursor:
        # 3,000 rows are sorted sooner than an index is read; a million are not.
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
        lines = []
        for statement in statements.captured_queries:
            sql = statement["sql"]
            if re.match("SELECT .*products_productembedding.*<=>", sql):
                cursor.execute(f"EXPLAIN {sql}")
                lines += [line for (line,) in cursor.fetchall()]
    assert lines
    return "\n".join(lines)


@pytest.mark.usefixtures("few_are_scanned")
def test_many_matches_are_ranked_by_the_index_of_their_version(
    version: ModelVersion, vectors: np.ndarray
) -> None:
    with CaptureQueriesContext(connection) as statements:
        nearest_products(next(queries(vectors)), model_version=version, products=shown(), limit=10)
    plan = plans(statements)
    assert f"Index Scan using {vector_index.index_name(version)}" in plan
    assert "Sort" not in plan


def test_few_matches_are_fetched_by_product_and_ranked_exactly(
    version: ModelVersion, vectors: np.ndarray
) -> None:
    with CaptureQueriesContext(connection) as statements:
        nearest_products(
            next(queries(vectors)), model_version=version, products=shown(colour="red"), limit=10
        )
    plan = plans(statements)
    assert "product_id = ANY ((InitPlan" in plan
    assert vector_index.index_name(version) not in plan


def test_in_a_small_shop_nothing_is_asked_of_the_filter(
    version: ModelVersion, vectors: np.ndarray
) -> None:
    products, vector = shown(gender="women"), next(queries(vectors))
    exact, _ = exact_scan(vector, model_version=version, products=products, limit=10)
    with CaptureQueriesContext(connection) as asked:
        found = nearest_products(vector, model_version=version, products=products, limit=10)
    assert list(found.rows) == exact
    assert (found.count, found.is_count_exact) == (products.count(), True)
    assert len(asked) == 2


@pytest.mark.usefixtures("vectors")
def test_a_shop_is_small_up_to_half_of_what_is_scanned_and_where_it_was_counted(
    settings: Settings,
) -> None:
    stored = Product.objects.count()
    for most, is_small in ((2 * stored - 200, False), (2 * stored + 200, True)):
        settings.KFASHION = {**settings.KFASHION, "EXACT_SCAN_MAX_PRODUCTS": most}
        assert is_small_shop() is is_small
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = -1 WHERE relname = 'products_product'")
    assert not is_small_shop()
