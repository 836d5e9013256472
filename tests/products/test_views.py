from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import include, path, reverse
from pytest_django import DjangoAssertNumQueries

from products.models import Product
from products.views import home
from styles.models import Clustering, ModelVersion, Style, StyleGroup
from tests.pages import text_of
from tests.shop import (
    add_photo,
    direction,
    make_product,
    place,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["home", "list", "search"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_stands_in_an_empty_shop(client: Client, name: str, language: str) -> None:
    response = client.get(reverse(f"products:{name}"), headers={"accept-language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()
    assert response["Content-Language"] == language
    assert client.head(reverse(f"products:{name}")).status_code == 200


def test_home_has_a_shelf_for_each_style_group_then_for_each_cluster(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    cluster = clustering.clusters.get(number=1)
    product = place(make_product("a"), direction(b=1), version=version, cluster=cluster)
    product.styles.set([Style.objects.get(code="punk")])
    page = client.get("/").content.decode()
    assert page.index("?style=subculture") < page.index("?cluster=1")
    assert "?style=sporty" not in page
    assert "?cluster=0" not in page
    assert page.count(product.get_absolute_url()) == 2


@pytest.mark.parametrize("name", ["home", "list"])
def test_the_number_of_queries_does_not_grow_with_the_products(
    client: Client, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        product = make_product(str(number), category="Coats")
        product.styles.set(Style.objects.filter(code="punk"))
        add_photo(product)
    with django_assert_max_num_queries(30):
        assert client.get(reverse(f"products:{name}")).status_code == 200


def test_sold_out_and_hidden_products_are_not_listed_unless_asked(client: Client) -> None:
    make_product("here", name="Here")
    make_product("gone", name="Gone", stock=0)
    make_product("hidden", name="Hidden", is_published=False)
    listed = text_of(client.get(reverse("products:list")))
    assert "Here" in listed
    assert "Gone" not in listed
    asked = text_of(client.get(reverse("products:list"), {"in_stock": "false"}))
    assert "Sold out Gone" in asked
    assert "Hidden" not in asked


def test_filters_narrow_the_catalogue_and_stay_in_the_form(client: Client) -> None:
    make_product("r", name="Red skirt", category="Skirts", colour="Red", price=100, gender="women")
    make_product("b", name="Blue skirt", category="Skirts", colour="Blue", price=900)
    wanted = {"category": "Skirts", "colour": "Red", "min_price": "50", "gender": "women"}
    response = client.get(reverse("products:list"), wanted)
    assert [product.name for product in response.context["products"]] == ["Red skirt"]
    page = response.content.decode()
    assert '<option value="Skirts" selected>' in page
    assert re.search(r'name="colour" value="Red" id="[\w-]+" checked>', page)
    assert 'name="min_price" type="text" inputmode="decimal" value="50"' in page
    assert 'name="max_price" type="text" inputmode="decimal" value=""' in page


def test_a_chosen_style_group_can_be_taken_away_again(client: Client) -> None:
    make_product("a", style_group=StyleGroup.objects.get(code="casual"))
    page = client.get(
        reverse("products:list"), {"style": "casual", "q": "Product"}
    ).content.decode()
    assert re.search(r'<a class="chip" aria-current="true" href="\?q=Product">Casual', page)


def test_a_single_style_can_be_taken_away_while_it_is_chosen(client: Client) -> None:
    make_product("a").styles.set([Style.objects.get(code="romantic")])
    page = client.get(reverse("products:list"), {"style": "romantic"}).content.decode()
    assert re.search(r'<a class="chip chip--applied" href="\?" [^>]*>Romantic', page)
    assert re.search(r'value="romantic" id="refine-style-single" checked>', page)


def test_a_wrong_filter_says_what_to_do(client: Client) -> None:
    response = client.get(reverse("products:list"), {"min_price": "cheap"})
    assert response.status_code == 400
    assert "“cheap” is not a price: use a number such as 29000." in text_of(response)


def test_paging_keeps_the_filters(client: Client) -> None:
    Product.objects.bulk_create(
        Product(sku=str(number), name=f"Coat {number}", category="Coats") for number in range(30)
    )
    first = client.get(reverse("products:list"), {"category": "Coats"})
    assert len(first.context["products"]) == 24
    (address,) = re.findall(r'rel="next" href="([^"]+)"', first.content.decode())
    assert address.startswith("?category=Coats&amp;cursor=")
    second = client.get(f"/products/{unescape(address)}")
    assert len(second.context["products"]) == 6
    assert 'rel="next"' not in second.content.decode()


def test_nothing_found_offers_a_way_on(client: Client) -> None:
    make_product("a")
    page = text_of(client.get(reverse("products:list"), {"q": "zeppelin"}))
    assert "Nothing matches all of that" in page
    assert "Search with a photo" in page


def test_a_product_page_shows_its_facts_and_look_alikes(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    cluster = clustering.clusters.get(number=0)
    coat = place(
        make_product("c", name="Coat", brand="Moa", price=129000, colour="Navy", category="Coats"),
        direction(a=1),
        version=version,
        cluster=cluster,
    )
    coat.styles.set([Style.objects.get(code="classic")])
    place(make_product("near", name="Near"), direction(a=9, b=1), version=version)
    place(make_product("far", name="Far"), direction(a=1, b=2), version=version)
    page = text_of(client.get(coat.get_absolute_url(), headers={"accept-language": "ko"}))
    for fact in ("Moa", "129,000원", "네이비", "코트", "클래식", "트래디셔널", "Soft 그룹"):
        assert fact in page
    assert page.index("Near") < page.index("Far")
    assert "99% 비슷해요" in page


def test_a_product_is_whole_without_price_photo_or_model(client: Client) -> None:
    product = make_product("bare", name="Bare")
    page = text_of(client.get(product.get_absolute_url()))
    assert "Price on request" in page
    assert "No photo yet" in page
    assert "The shop has not looked at this product yet" in page


def test_drawn_products_say_so_on_card_and_page(client: Client) -> None:
    product = make_product("d", attributes={"drawn": "yes"})
    make_product("real")
    assert text_of(client.get(reverse("products:list"))).count("Drawn sample") == 1
    assert "Drawn sample" in text_of(client.get(product.get_absolute_url()))


def test_an_old_name_in_the_address_leads_to_the_new_one(client: Client) -> None:
    product = make_product("a", name="New name")
    response = client.get(f"/products/old-name-{product.pk}/")
    assert response.status_code == 301
    assert response["Location"] == product.get_absolute_url()


def test_hidden_products_have_no_page(client: Client) -> None:
    product = make_product("a", is_published=False)
    response = client.get(product.get_absolute_url())
    assert response.status_code == 404
    assert "We cannot find this page" in text_of(response)


def test_names_are_escaped(client: Client, version: ModelVersion) -> None:
    product = make_product("a", name="<script>alert(1)</script>", brand="<b>B</b>", category="<i>")
    add_photo(product)
    for address in ("/", reverse("products:list"), product.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>B" not in page
        assert "<i>" not in page


@pytest.mark.parametrize(
    ("accepted", "language"), [("ko-KR,ko;q=0.9,en;q=0.8", "ko"), ("en-GB", "en"), ("fr", "en")]
)
def test_the_browser_decides_the_language_first(
    client: Client, accepted: str, language: str
) -> None:
    response = client.get("/", headers={"accept-language": accepted})
    assert f'<html lang="{language}">' in response.content.decode()


def test_the_switch_changes_the_language_and_keeps_the_page(client: Client) -> None:
    address = f"{reverse('products:list')}?q=coat"
    page = client.get(address).content.decode()
    assert f'name="next" value="{address}"' in page
    response = client.post(reverse("set_language"), {"language": "ko", "next": address})
    assert response["Location"] == address
    assert '<html lang="ko">' in client.get(address).content.decode()


def test_pages_stand_in_a_site_without_the_api_and_the_language_switch(
    client: Client, settings: Any
) -> None:
    settings.ROOT_URLCONF = (path("", include("products.urls")),)
    for name in ("home", "list", "search"):
        assert client.get(reverse(f"products:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["home", "list", "search"])
def test_pages_hold_no_inline_script_or_style_and_nothing_from_elsewhere(
    client: Client, name: str
) -> None:
    make_product("a")
    page = client.get(reverse(f"products:{name}")).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


def test_every_static_file_of_the_pages_exists(client: Client) -> None:
    page = client.get(reverse("products:search")).content.decode()
    names = {match.split("#")[0] for match in re.findall(r'"/static/([^"?]+)"', page)}
    assert {"kfashion/shop.css", "kfashion/photo-form.js", "kfashion/icons.svg"} <= names
    for name in names:
        assert finders.find(name), name


def test_a_broken_page_still_has_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(home, "shelves", fail)
    client.raise_request_exception = False
    response = client.get("/", headers={"accept-language": "ko"})
    assert response.status_code == 500
    assert "저희 쪽에 문제가 생겼어요" in text_of(response)
