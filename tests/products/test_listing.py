from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from products.filters import ProductFilters
from products.listing import list_products
from products.models import Product
from products.search import CatalogueCursor
from products.sorting import Sort
from tests.shop import make_product

pytestmark = pytest.mark.django_db

PRICES = {"a": 300, "b": None, "c": 100, "d": 300, "e": None, "f": 200}


@pytest.fixture
def shop() -> None:
    """Sell six products, two at one price and two without any."""
    for sku, price in PRICES.items():
        make_product(sku, price=price)


def walk(sort: Sort, *, limit: int) -> list[list[str]]:
    """Return the SKUs of the whole list, part by part, each by the cursor of the one before."""
    parts, cursor = [], None
    while True:
        found = list_products(ProductFilters(), limit=limit, sort=sort, cursor=cursor)
        parts.append([product.sku for product in found.products])
        if found.next is None:
            return parts
        cursor = CatalogueCursor.parse(found.next.encode())


@pytest.mark.parametrize("limit", [1, 2, 3, 6])
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.BEST, "fedcba"),
        (Sort.NEWEST, "fedcba"),
        (Sort.CHEAPEST, "cfdaeb"),
        (Sort.DEAREST, "dafceb"),
    ],
)
def test_every_order_is_walked_whole_whatever_the_parts(
    shop: None, sort: Sort, expected: str, limit: int
) -> None:
    assert "".join(sku for part in walk(sort, limit=limit) for sku in part) == expected


@pytest.mark.parametrize("sort", [Sort.CHEAPEST, Sort.DEAREST])
def test_products_that_come_and_go_neither_repeat_others_nor_hide_them(
    shop: None, sort: Sort
) -> None:
    first = list_products(ProductFilters(), limit=2, sort=sort)
    Product.objects.get(sku=first.products[-1].sku).delete()
    make_product("before", price=1 if sort == Sort.CHEAPEST else 10_000)
    second = list_products(ProductFilters(), limit=10, sort=sort, cursor=first.next)
    shown = [product.sku for product in (*first.products, *second.products)]
    assert sorted(shown) == sorted(PRICES)


def test_words_still_narrow_a_list_that_is_sorted_by_price() -> None:
    make_product("a", name="Coat", price=200)
    make_product("b", name="Coat", price=100)
    make_product("c", name="Skirt", price=50)
    found = list_products(ProductFilters(q="coat"), limit=10, sort=Sort.CHEAPEST)
    assert [product.sku for product in found.products] == ["b", "a"]


def test_a_cursor_of_another_order_is_refused(shop: None) -> None:
    cursor = list_products(ProductFilters(), limit=2, sort=Sort.CHEAPEST).next
    with pytest.raises(ValidationError) as refused:
        list_products(ProductFilters(), limit=2, sort=Sort.DEAREST, cursor=cursor)
    assert refused.value.error_dict["cursor"][0].code == "cursor_of_another_list"


def test_an_unknown_order_is_refused_with_those_there_are() -> None:
    assert Sort.parse({}) == Sort.parse({"sort": " "}) == Sort.BEST
    assert Sort.parse({"sort": "-price"}) == Sort.DEAREST
    with pytest.raises(ValidationError) as refused:
        Sort.parse({"sort": "rating"})
    assert refused.value.error_dict["sort"][0].code == "unknown_sort"
    assert "best, newest, price, -price" in refused.value.messages[0]
