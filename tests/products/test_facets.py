from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from products import facets
from products.facets import Facets, count_facets
from products.filters import ProductFilters
from products.models import Product
from styles.models import Clustering, ModelVersion, Style, StyleGroup
from tests.shop import direction, make_product, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(version: ModelVersion, clustering: Clustering) -> None:
    """Sell six products, one of them sold out and one hidden."""
    soft, loud = clustering.clusters.all()
    rows: list[tuple[Any, ...]] = [
        ("a", "Coats", "Red", "women", "Haneul", 10_000, 5, soft),
        ("b", "Coats", "Blue", "women", "Haneul", 20_000, None, soft),
        ("c", "Coats", "Blue", "men", "Bada", 30_000, 1, loud),
        ("d", "Shirts", "Blue", "men", "Bada", 90_000, 0, loud),
        ("e", "Shirts", "", "", "", None, 3, loud),
    ]
    for sku, category, colour, gender, brand, price, stock, cluster in rows:
        product = make_product(
            sku,
            category=category,
            colour=colour,
            gender=gender,
            brand=brand,
            price=price,
            stock=stock,
        )
        place(product, direction(a=1), version=version, cluster=cluster)
    make_product("hidden", category="Coats", is_published=False)
    Product.objects.get(sku="a").styles.add(
        Style.objects.get(code="punk"), Style.objects.get(code="kitsch")
    )
    Product.objects.filter(sku="b").update(style_group=StyleGroup.objects.get(code="casual"))


def counts(found: Facets, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in found.values[facet]}


def test_what_is_sold_is_counted_by_every_facet(shop: None) -> None:
    found = count_facets(ProductFilters())
    assert counts(found, "category") == {"Coats": 3, "Shirts": 1}
    assert counts(found, "colour") == {"Blue": 2, "Red": 1}
    assert counts(found, "gender") == {"women": 2, "men": 1}
    assert counts(found, "brand") == {"Haneul": 2, "Bada": 1}
    assert counts(found, "cluster") == {"0": 2, "1": 2}
    assert (found.in_stock, found.sold_out) == (4, 1)
    assert (found.min_price, found.max_price) == (Decimal(10_000), Decimal(30_000))
    assert found.is_exact


def test_a_product_of_two_styles_of_one_group_counts_once(shop: None) -> None:
    assert counts(count_facets(ProductFilters()), "style") == {"casual": 1, "subculture": 1}


def test_a_facet_is_counted_without_its_own_filter_and_with_all_others(shop: None) -> None:
    found = count_facets(ProductFilters(category="coats", colour="Blue"))
    assert counts(found, "category") == {"Coats": 2}
    assert counts(found, "colour") == {"Blue": 2, "Red": 1}
    assert counts(found, "gender") == {"women": 1, "men": 1}
    (coats,) = found.values["category"]
    assert coats.is_selected
    assert [value.is_selected for value in found.values["colour"]] == [True, False]


def test_price_and_stock_are_counted_without_their_own_filters_too(shop: None) -> None:
    found = count_facets(ProductFilters(min_price=Decimal(25_000), in_stock=False))
    assert [(int(r.min_price), int(r.max_price), r.count) for r in found.price_ranges] == [
        (10_000, 10_000, 1),
        (20_000, 30_000, 2),
        (90_000, 90_000, 1),
    ]
    assert (found.in_stock, found.sold_out) == (1, 1)
    assert counts(found, "category") == {"Coats": 1, "Shirts": 1}


def test_choosing_a_price_range_leaves_as_many_as_it_says(shop: None) -> None:
    for prices in count_facets(ProductFilters()).price_ranges:
        chosen = ProductFilters(min_price=prices.min_price, max_price=prices.max_price)
        assert chosen.apply(Product.objects.all()).count() == prices.count


def test_choosing_a_value_leaves_as_many_as_it_says(shop: None) -> None:
    before = ProductFilters(in_stock=False)
    for facet, values in count_facets(before).values.items():
        for value in values:
            chosen = before.overridden_by({facet: value.value})
            assert chosen.apply(Product.objects.all()).count() == value.count, (facet, value)


def test_many_prices_come_in_few_ranges() -> None:
    for number in range(40):
        make_product(f"p{number}", price=3 * 2**number % 900_001)
    ranges = count_facets(ProductFilters()).price_ranges
    assert len(ranges) == facets.MAX_PRICE_RANGES
    assert sum(prices.count for prices in ranges) == 40
    ends = [end for prices in ranges for end in (prices.min_price, prices.max_price)]
    assert ends == sorted(ends)


def test_the_value_in_force_is_offered_however_rare() -> None:
    for number in range(facets.MAX_VALUES):
        for copy in "ab":
            make_product(f"{number}{copy}", brand=f"Brand {number}")
    make_product("rare", brand="Rare")
    assert "Rare" not in counts(count_facets(ProductFilters()), "brand")
    assert counts(count_facets(ProductFilters(brand="Rare")), "brand")["Rare"] == 1


def test_a_search_counts_what_it_may_answer(shop: None) -> None:
    found = count_facets(ProductFilters(), narrow=lambda products: products.exclude(sku="a"))
    assert counts(found, "colour") == {"Blue": 2}


def test_where_nothing_can_match_every_facet_is_empty(shop: None) -> None:
    found = count_facets(ProductFilters(), narrow=lambda products: products.none())
    assert not any(value.count for values in found.values.values() for value in values)
    assert (found.in_stock, found.sold_out) == (0, 0)


def test_the_number_of_queries_does_not_depend_on_filters(shop: None) -> None:
    asked = [
        ProductFilters(),
        ProductFilters(category="Coats", colour="Blue", gender="men", cluster=1, q="product"),
    ]
    taken = []
    for filters in asked:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            count_facets(filters)
        taken.append(len(queries))
    # One more looks up how the word is spelt here.
    assert taken == [2, 3]


def test_names_are_in_the_language_of_the_request(shop: None) -> None:
    with translation.override("ko"):
        found = count_facets(ProductFilters())
    assert {value.name for value in found.values["category"]} == {"코트", "셔츠"}
    assert {value.name for value in found.values["colour"]} == {"블루", "레드"}


def test_an_empty_shop_offers_nothing(db: None) -> None:
    found = count_facets(ProductFilters(cluster=3))
    assert not any(value.count for values in found.values.values() for value in values)
    assert found.price_ranges == ()
    assert found.min_price is None


def test_very_many_products_are_estimated_from_a_part_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(facets, "MAX_COUNTED", 500)
    monkeypatch.setattr(facets, "SAMPLED_ROWS", 2_000)
    Product.objects.bulk_create(
        Product(
            sku=f"p{number}",
            name="Product",
            category=("Coats", "Shirts")[number % 2],
            brand="Rare" if number < 300 else "Common",
            price=number,
        )
        for number in range(8_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE products_product")
    found = count_facets(ProductFilters())
    assert not found.is_exact
    assert counts(found, "category")["Coats"] == pytest.approx(4_000, rel=0.35)
    assert counts(found, "category") == counts(count_facets(ProductFilters()), "category")
    # Few products match, and their facets are exact; those of the brand are not.
    narrow = count_facets(ProductFilters(brand="Rare"))
    assert counts(narrow, "category") == {"Coats": 150, "Shirts": 150}
    assert not narrow.is_exact
    assert (narrow.in_stock, narrow.sold_out) == (300, 0)
