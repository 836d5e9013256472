from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from products.models import Product
from styles.models import Clustering, ModelVersion, Style, StyleGroup
from tests.pages import text_of
from tests.shop import add_photo, direction, make_product, place

pytestmark = pytest.mark.django_db

LIST, FOUND = "/products/", "/products/found/"
MOST_QUERIES = 12


def names(response: Any) -> list[str]:
    return [product.name for product in response.context["products"]]


def as_htmx(target: str = "found", page: str = LIST) -> dict[str, str]:
    return {
        "hx-request": "true",
        "hx-target": target,
        "hx-current-url": f"http://testserver{page}",
    }


def next_address(response: Any) -> str:
    (address,) = re.findall(r'rel="next" href="([^"]+)"', response.content.decode())
    return unescape(address)


@pytest.fixture
def shop() -> None:
    """Sell four products, newest last."""
    make_product("a", name="Red coat", category="Coats", colour="Red", price=300, brand="Moa")
    make_product("b", name="Blue coat", category="Coats", colour="Blue", price=100)
    make_product("c", name="Blue shirt", category="Shirts", colour="Blue", price=200)
    make_product("d", name="Old shirt", category="Shirts", colour="Multi", stock=0)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Blue shirt", "Blue coat", "Red coat"]),
        ("newest", ["Blue shirt", "Blue coat", "Red coat"]),
        ("price", ["Blue coat", "Blue shirt", "Red coat"]),
        ("-price", ["Red coat", "Blue shirt", "Blue coat"]),
    ],
)
def test_the_catalogue_comes_in_the_order_asked_for(
    client: Client, shop: None, sort: str, expected: list[str]
) -> None:
    response = client.get(LIST, {"sort": sort})
    assert names(response) == expected
    selected = re.findall(r'<option value="([^"]+)" selected>', response.content.decode())
    # The newest come first of themselves.
    assert selected == ([sort] if "price" in sort else [])


def test_every_choice_says_how_many_products_it_leaves(client: Client, shop: None) -> None:
    page = text_of(client.get(LIST, {"category": "Coats"}))
    assert "2 products" in page
    assert "Coats (2)" in page
    assert "Shirts (1)" in page
    assert re.search(r"Red\s+1\b", page)
    assert re.search(r"Show sold-out products too\s+0?", page)


def test_colours_are_shown_with_swatches(client: Client, shop: None) -> None:
    page = client.get(LIST, {"in_stock": "false"}).content.decode()
    swatches = re.findall(r'<svg class="swatch".*?</svg>', page)
    assert any('fill="#c41f2d"' in swatch and swatch.count("<rect") == 1 for swatch in swatches)
    assert any(swatch.count("<rect") == 4 for swatch in swatches)


def test_what_is_in_force_can_be_taken_away_one_by_one_or_at_once(
    client: Client, shop: None
) -> None:
    response = client.get(LIST, {"category": "Coats", "colour": "Red", "sort": "price"})
    page = response.content.decode()
    chips = re.findall(r'<a class="chip chip--applied" href="([^"]+)"', page)
    assert [unescape(chip) for chip in chips] == [
        "?colour=Red&sort=price",
        "?category=Coats&sort=price",
    ]
    assert '<a class="more" href="/products/?sort=price">Clear all</a>' in page


def test_htmx_gets_list_and_counts_alone_and_the_address_to_show(
    client: Client, shop: None
) -> None:
    asked = {"category": "Coats", "colour": "", "min_price": "", "in_stock": "", "sort": "price"}
    response = client.get(FOUND, asked, headers=as_htmx())
    assert response["HX-Push-Url"] == "/products/?category=Coats&sort=price"
    fragment = response.content.decode()
    assert "<html" not in fragment
    assert 'id="refine-form"' not in fragment
    assert '<p id="found-count" hx-swap-oob="innerHTML">2 products' in fragment
    for facet in ("category", "colour", "price", "gender", "style", "cluster", "brand", "in_stock"):
        assert re.search(rf'id="facet-{facet}" hx-swap-oob="true"', fragment), facet
    whole = client.get(FOUND, asked, headers=as_htmx("refined")).content.decode()
    assert whole.lstrip().startswith('<div class="refined" id="refined">')
    assert 'id="refine-form"' in whole


def test_an_address_that_is_shown_already_is_not_put_into_the_history_again(
    client: Client, shop: None
) -> None:
    headers = as_htmx(page="/products/?category=Coats")
    assert "HX-Push-Url" not in client.get(FOUND, {"category": "Coats"}, headers=headers)


def test_the_address_of_a_fragment_leads_to_its_page(client: Client, shop: None) -> None:
    response = client.get(FOUND, {"category": "Coats"})
    assert (response.status_code, response["Location"]) == (302, "/products/?category=Coats")


@pytest.mark.parametrize("sort", ["", "price", "-price"])
def test_show_more_appends_what_follows(client: Client, settings: Any, sort: str) -> None:
    settings.KFASHION = {"PAGE_SIZE": 4}
    for number in range(10):
        make_product(str(number), name=f"Coat {number}", price=number % 3)
    everything = names(client.get(LIST, {"sort": sort, "in_stock": "false"}))
    response, seen = client.get(LIST, {"sort": sort}), []
    seen += names(response)
    while 'rel="next"' in response.content.decode():
        make_product(f"new-{len(seen)}", name="Newcomer", is_published=False)
        response = client.get(f"{FOUND}{next_address(response)}", headers=as_htmx("more"))
        assert 'hx-swap-oob="beforeend:#found-products"' in response.content.decode()
        seen += names(response)
    assert sorted(seen) == sorted(f"Coat {number}" for number in range(10))
    assert seen[:4] == everything


def test_without_scripts_show_more_is_a_page_with_a_way_back(client: Client, settings: Any) -> None:
    settings.KFASHION = {"PAGE_SIZE": 2}
    for number in range(3):
        make_product(str(number), name=f"Coat {number}")
    second = client.get(f"{LIST}{next_address(client.get(LIST))}")
    assert names(second) == ["Coat 0"]
    assert "Back to the beginning" in text_of(second)


def test_a_large_catalogue_is_not_counted_to_its_end(client: Client, settings: Any) -> None:
    settings.KFASHION = {"COUNT_MAX": 2}
    for number in range(4):
        make_product(str(number))
    assert "2+ products" in text_of(client.get(LIST))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"min_price": "cheap"}, "“cheap” is not a price"),
        ({"cluster": "77"}, "There is no cluster “77”"),
        ({"style": "nope"}, "There is no style “nope”"),
        ({"colour": "Plaid"}, "No product has the colour “Plaid”"),
        ({"in_stock": "perhaps"}, "“perhaps” is neither true nor false"),
        ({"sort": "rating"}, "There is no order “rating”"),
        ({"cursor": "x"}, "This cursor is not one of ours"),
        ({"cursor": "ÿ" * 5000}, "This cursor is not one of ours"),
        ({"q": "a\x00"}, "Use at most 200 ordinary characters"),
        ({"exclude": ",".join(map(str, range(1001)))}, "At most 1000 products"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_beside_the_rest(
    client: Client, shop: None, asked: dict[str, str], sentence: str
) -> None:
    response = client.get(LIST, {**asked, "category": "Coats"})
    assert response.status_code == 400
    assert sentence in text_of(response)
    assert names(response) == ["Blue coat", "Red coat"]


def test_a_mistake_in_the_form_is_said_in_place(client: Client, shop: None) -> None:
    response = client.get(FOUND, {"min_price": "cheap"}, headers=as_htmx())
    assert response.status_code == 400
    assert "“cheap” is not a price" in text_of(response)
    assert "HX-Push-Url" not in response


def test_a_part_of_a_list_in_another_order_has_the_page_loaded_anew(
    client: Client, settings: Any
) -> None:
    settings.KFASHION = {"PAGE_SIZE": 1}
    make_product("a")
    make_product("b")
    address = next_address(client.get(LIST, {"sort": "price"})).replace("sort=price", "sort=-price")
    response = client.get(f"{FOUND}{address}", headers=as_htmx("more"))
    assert response["HX-Refresh"] == "true"


def test_a_slip_of_the_pen_says_what_is_shown_in_its_place(client: Client) -> None:
    make_product("a", name="Lace blouse")
    page = text_of(client.get(LIST, {"q": "bluose"}))
    assert "No product says “bluose”: showing results for blouse ." in page
    assert "Lace blouse" in page
    assert "showing results" not in text_of(client.get(LIST, {"q": "blouse"}))


def test_words_that_find_nothing_lead_to_close_ones_and_to_the_photo_search(
    client: Client,
) -> None:
    make_product("a", name="Denim jacket")
    response = client.get(LIST, {"q": "jackdaw"})
    assert '<a href="?q=jacket">jacket</a>' in response.content.decode()
    assert "Search with a photo" in text_of(response)


@pytest.mark.parametrize("asked", [{}, {"category": "Coats", "style": "subculture", "q": "coat"}])
def test_the_number_of_queries_is_small_and_does_not_grow(
    client: Client,
    version: ModelVersion,
    clustering: Clustering,
    settings: Any,
    asked: dict[str, str],
) -> None:
    settings.KFASHION = {"PAGE_SIZE": 48}

    def sell(count: int, prefix: str) -> None:
        for number in range(count):
            product = make_product(f"{prefix}{number}", name="Coat", category="Coats", price=number)
            product.style_group = StyleGroup.objects.get(code="casual")
            product.save()
            product.styles.set(Style.objects.filter(code="punk"))
            add_photo(product)
            cluster = clustering.clusters.get(number=number % 2)
            place(product, direction(a=1), version=version, cluster=cluster)

    counts = []
    for prefix, count in (("few", 2), ("many", 50)):
        sell(count, prefix)
        client.get(LIST, asked)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(LIST, asked)
        counts.append(len(queries))
    assert len(response.context["products"]) == 48
    assert counts[0] == counts[1], [query["sql"] for query in queries]
    assert counts[1] <= MOST_QUERIES, [query["sql"][:150] for query in queries]
    assert Product.objects.count() == 52
