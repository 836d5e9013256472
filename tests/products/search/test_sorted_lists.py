from __future__ import annotations

import pytest
from pgvector import HalfVector

from products.filters import ProductFilters
from products.models import Product
from products.search import (
    CursorError,
    HitCursor,
    Page,
    QueryVector,
    Wishes,
    look_alikes,
    sorted_lists,
)
from products.sorting import Sort
from styles.models import ModelVersion
from tests.shop import direction, make_product, place

pytestmark = pytest.mark.django_db

PRICES = {"a": 300, "b": None, "c": 100, "d": 300, "e": None, "f": 200}


@pytest.fixture
def query(version: ModelVersion) -> QueryVector:
    """Sell six products, ever further away, and look for the first."""
    for place_, (sku, price) in enumerate(PRICES.items()):
        place(make_product(sku, price=price), direction(a=10, b=place_ + 1), version=version)
    return QueryVector(HalfVector(direction(a=1)), version)


def found(query: QueryVector, sort: Sort, *, limit: int = 10, **place: object) -> Page:
    return look_alikes(query, filters=ProductFilters(), sort=sort, limit=limit, **place)  # type: ignore[arg-type]


def skus(*pages: Page) -> str:
    names = dict(Product.objects.values_list("pk", "sku"))
    return "".join(names[hit.product_id] for page in pages for hit in page.hits)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.BEST, "abcdef"),
        (Sort.NEWEST, "fedcba"),
        (Sort.CHEAPEST, "cfdaeb"),
        (Sort.DEAREST, "dafceb"),
    ],
)
@pytest.mark.parametrize("limit", [1, 4, 6])
def test_look_alikes_come_in_every_order_part_by_part(
    query: QueryVector, sort: Sort, expected: str, limit: int
) -> None:
    pages = [found(query, sort, limit=limit)]
    while pages[-1].next:
        cursor = HitCursor.parse(pages[-1].next.encode())
        pages.append(found(query, sort, limit=limit, cursor=cursor))
    assert skus(*pages) == expected
    assert [hit.rank for page in pages for hit in page.hits] == [1, 2, 3, 4, 5, 6]
    assert {page.count for page in pages} == {6}


def test_a_number_of_hits_can_be_left_out(query: QueryVector) -> None:
    page = found(query, Sort.CHEAPEST, limit=2, offset=2)
    assert skus(page) == "da"
    assert [hit.rank for hit in page.hits] == [3, 4]


def test_only_the_nearest_are_sorted(query: QueryVector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_lists, "SORTED_MOST", 3)
    page = found(query, Sort.CHEAPEST)
    assert skus(page) == "cab"
    assert (page.count, page.next) == (6, None)


def test_a_sort_decides_alone_whatever_is_wished_for(query: QueryVector) -> None:
    page = look_alikes(
        query,
        filters=ProductFilters(),
        wishes=Wishes(diversity=1.0),
        sort=Sort.CHEAPEST,
        limit=10,
    )
    assert skus(page) == "cfdaeb"


def test_a_cursor_of_another_order_is_refused(query: QueryVector) -> None:
    cursor = found(query, Sort.CHEAPEST, limit=2).next
    with pytest.raises(CursorError):
        found(query, Sort.NEWEST, limit=2, cursor=cursor)


def test_products_that_come_and_go_neither_repeat_others_nor_hide_them(
    query: QueryVector, version: ModelVersion
) -> None:
    first = found(query, Sort.CHEAPEST, limit=2)
    names = skus(first)
    Product.objects.get(sku="f").delete()
    place(make_product("z", price=1), direction(a=1), version=version)
    second = found(query, Sort.CHEAPEST, cursor=first.next)
    assert names + skus(second) == "cfdaeb"
