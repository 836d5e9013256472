from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from products.models import (
    Calibration,
    ImageClassification,
    ImageSearch,
    PhotoTraits,
    Product,
    ProductImage,
)
from styles.models import Clustering, ModelVersion
from tests.pages import text_of
from tests.shop import direction, make_product, make_search, place

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
# (SKU, how far away, price, colour, mix of style groups), in order of distance.
ROWS: list[tuple[str, int, int, str, dict[str, float]]] = [
    ("near", 1, 300, "Red", {"casual": 1.0}),
    ("next", 2, 100, "Blue", {"casual": 0.5, "sporty": 0.5}),
    ("then", 3, 200, "Blue", {"sporty": 1.0}),
    ("last", 4, 400, "Blue", {"feminine": 1.0}),
]


@pytest.fixture
def search(version: ModelVersion) -> ImageSearch:
    """Sell four products ever further from a photo, and search with it."""
    for sku, distance, price, colour, mix in ROWS:
        product = make_product(sku, name=sku.title(), price=price, colour=colour, category="Coats")
        place(product, direction(a=10, b=distance), version=version)
        image = ProductImage.objects.get(product=product)
        ImageClassification.objects.create(
            image=image, model_version=version, probabilities={"style_group": mix}
        )
        palette = [("#c41f2d" if colour == "Red" else "#2e62b6", 1.0)]
        PhotoTraits.objects.create(image=image, palette=palette, fingerprint=bytes(32))
    return make_search(
        version,
        direction(a=1),
        probabilities={"style_group": {"casual": 0.6, "sporty": 0.4}},
        palette=[("#c41f2d", 1.0)],
    )


def page_of(client: Client, search: ImageSearch, **asked: str) -> Any:
    return client.get(search.get_absolute_url(), asked)


def found(
    client: Client, search: ImageSearch, asked: Any = None, *, target: str = "found", page: str = ""
) -> Any:
    headers = {
        "hx-request": "true",
        "hx-target": target,
        "hx-current-url": f"http://testserver{search.get_absolute_url()}{page}",
    }
    address = reverse("products:search_found", args=[search.pk])
    if isinstance(asked, str):
        return client.get(f"{address}{asked}", headers=headers)
    return client.get(address, asked or {}, headers=headers)


def skus(response: Any) -> list[str]:
    context = response.context
    return [entry.product.sku for entry in (*context["in_group"], *context["beyond"])]


def next_address(response: Any) -> str:
    (address,) = re.findall(r'rel="next" href="([^"]+)"', response.content.decode())
    return unescape(address)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["near", "next", "then", "last"]),
        ({"colour": "blue"}, ["next", "then", "last"]),
        ({"min_price": "150", "max_price": "300"}, ["near", "then"]),
        ({"exclude": "near,then"}, ["next", "last"]),
        ({"sort": "price"}, ["next", "then", "near", "last"]),
        ({"sort": "-price"}, ["last", "near", "then", "next"]),
        ({"sort": "newest"}, ["last", "then", "next", "near"]),
        ({"mix": "feminine"}, ["last", "near", "next", "then"]),
        ({"mix": "sporty:1"}, ["then", "next", "near", "last"]),
        ({"prefer_colour": "Blue"}, ["next", "then", "last", "near"]),
        ({"same_palette": "true"}, ["near", "next", "then", "last"]),
        ({"like": "last"}, ["next", "near", "then"]),
        ({"unlike": "near"}, ["next", "then", "last"]),
    ],
)
def test_an_address_makes_the_same_list_for_everybody(
    client: Client, search: ImageSearch, asked: dict[str, str], expected: list[str]
) -> None:
    response = page_of(client, search, **asked)
    assert response.status_code == 200
    assert skus(response) == expected
    again = found(client, search, asked)
    assert skus(again) == expected
    assert skus(page_of(Client(), search, **asked)) == expected


def test_the_form_stands_as_the_address_says(client: Client, search: ImageSearch) -> None:
    asked = {"max_price": "350", "sort": "price", "diversity": "0.4", "mix": "sporty:1"}
    page = page_of(client, search, **asked).content.decode()
    assert 'name="max_price" type="text" inputmode="decimal" value="350"' in page
    assert '<option value="price" selected>' in page
    assert re.search(r'name="diversity" type="range" [^>]*value="0.4"', page)
    assert re.search(r'name="mix-sporty" type="range" [^>]*value="100" data-own="40"', page)
    assert re.search(r'name="mix-casual" type="range" [^>]*value="0" data-own="60"', page)
    assert '<input type="hidden" name="mix" value="sporty:1">' in page
    assert re.search(r'type="range" min="100" max="400" step="5" value="350"', page)


def sliders(**values: int) -> dict[str, str]:
    return {
        f"mix-{code}": str(value) for code, value in {"casual": 60, "sporty": 40, **values}.items()
    }


def test_moved_sliders_become_a_mix_in_the_address(client: Client, search: ImageSearch) -> None:
    response = found(client, search, sliders(casual=0, sporty=50, feminine=50))
    address = search.get_absolute_url()
    assert response["HX-Push-Url"] == f"{address}?mix=feminine:0.5,sporty:0.5"
    plain = client.get(address, sliders(casual=0, sporty=50, feminine=50))
    assert (plain.status_code, plain["Location"]) == (302, response["HX-Push-Url"])
    assert skus(client.get(plain["Location"])) == skus(response)


def test_sliders_left_at_the_photos_own_mix_change_nothing(
    client: Client, search: ImageSearch
) -> None:
    response = found(client, search, {**sliders(), "colour": "Blue", "diversity": "0.0"})
    assert response["HX-Push-Url"] == f"{search.get_absolute_url()}?colour=Blue"
    plain = client.get(search.get_absolute_url(), sliders())
    assert (plain.status_code, plain["Location"]) == (302, f"{search.get_absolute_url()}?")


def test_htmx_gets_list_and_counts_alone(client: Client, search: ImageSearch) -> None:
    fragment = found(client, search, {"colour": "Blue"}).content.decode()
    assert "<html" not in fragment
    assert 'id="refine-form"' not in fragment
    assert '<p id="found-count" hx-swap-oob="innerHTML">3 look-alikes' in fragment
    assert 'id="facet-price" hx-swap-oob="true"' in fragment
    whole = found(client, search, {"like": "near"}, target="refined").content.decode()
    assert 'id="refine-form"' in whole
    assert '<input type="hidden" name="like" value="near">' in whole


def test_every_choice_says_how_many_look_alikes_it_leaves(
    client: Client, search: ImageSearch
) -> None:
    make_product("unseen", category="Hats", colour="Red")
    page = text_of(page_of(client, search, colour="Blue", exclude="last"))
    assert "2 look-alikes" in page
    assert "Coats (2)" in page
    assert re.search(r"Red\s+1\b", page)
    assert "Hats" not in page


def test_each_card_leads_to_more_and_to_less_like_it(client: Client, search: ImageSearch) -> None:
    page = page_of(client, search, colour="Blue", like="near").content.decode()
    assert 'href="?colour=Blue&amp;like=near,then"' in page
    assert 'href="?colour=Blue&amp;like=near&amp;unlike=then"' in page
    chips = re.findall(r'<a class="chip chip--applied" href="([^"]+)"[^>]*>([^<]+)', page)
    assert [(unescape(query), label.strip()) for query, label in chips] == [
        ("?like=near", "Blue"),
        ("?colour=Blue", "More like Near"),
    ]


def test_what_is_reordered_is_one_list_and_says_so(
    client: Client, version: ModelVersion, clustering: Clustering
) -> None:
    soft, loud = clustering.clusters.all()
    place(make_product("in"), direction(a=1, b=2), version=version, cluster=soft)
    place(make_product("out"), direction(a=9, b=1), version=version, cluster=loud)
    search = make_search(
        version, direction(a=1), cluster=soft, cluster_probabilities={"0": 0.95, "1": 0.05}
    )
    plain = page_of(client, search)
    assert skus(plain) == ["in", "out"]
    assert "beyond this group" in text_of(plain)
    wished = page_of(client, search, diversity="0.1")
    assert skus(wished) == ["out", "in"]
    assert "In the order you asked for" in text_of(wished)


def test_show_more_goes_on_in_each_section(
    client: Client, version: ModelVersion, clustering: Clustering, settings: Any
) -> None:
    settings.KFASHION = {"PAGE_SIZE": 2}
    soft, loud = clustering.clusters.all()
    for number in range(3):
        at = direction(a=10, b=number + 1)
        place(make_product(f"in{number}"), at, version=version, cluster=soft)
        place(make_product(f"out{number}"), at, version=version, cluster=loud)
    search = make_search(
        version, direction(a=1), cluster=soft, cluster_probabilities={"0": 0.95, "1": 0.05}
    )
    first = page_of(client, search)
    assert (skus(first), "2 of 6 shown" in text_of(first)) == (["in0", "in1"], True)
    second = found(client, search, next_address(first), target="more")
    assert skus(second) == ["in2", "out0"]
    fragment = second.content.decode()
    assert 'hx-swap-oob="beforeend:#found-in-group"' in fragment
    assert 'id="found-beyond"' in fragment
    third = found(client, search, next_address(second), target="more")
    assert skus(third) == ["out1", "out2"]
    fragment = third.content.decode()
    assert 'hx-swap-oob="beforeend:#found-beyond"' in fragment
    assert 'rel="next"' not in fragment
    assert "6 look-alikes shown" in text_of(third)


@pytest.mark.parametrize("asked", [{"sort": "price"}, {"mix": "sporty:1"}, {"like": "near"}])
def test_show_more_goes_on_in_every_order(
    client: Client, search: ImageSearch, settings: Any, asked: dict[str, str]
) -> None:
    whole = skus(page_of(client, search, **asked))
    settings.KFASHION = {"PAGE_SIZE": 1}
    response = page_of(client, search, **asked)
    seen = skus(response)
    while 'rel="next"' in response.content.decode():
        response = found(client, search, next_address(response), target="more")
        assert 'hx-swap-oob="beforeend:#found-beyond"' in response.content.decode()
        seen += skus(response)
    assert seen == whole


def test_a_part_of_a_list_that_is_another_by_now_has_the_page_loaded_anew(
    client: Client, search: ImageSearch, settings: Any
) -> None:
    settings.KFASHION = {"PAGE_SIZE": 1}
    address = next_address(page_of(client, search))
    moved = address.replace("?", "?mix=sporty:1&")
    assert found(client, search, moved, target="more")["HX-Refresh"] == "true"
    # A shared address of a page still leads somewhere.
    assert skus(client.get(f"{search.get_absolute_url()}{moved}")) == ["next"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"cluster": "77"}, "There is no cluster “77”"),
        ({"min_price": "cheap"}, "“cheap” is not a price"),
        ({"mix": "casual:x"}, "“x” is not a mix of styles"),
        ({"mix-casual": "much"}, "is not a mix of styles"),
        ({"diversity": "7"}, "Use a diversity from 0"),
        ({"like": "nobody"}, "There is no product and no search “nobody”"),
        ({"like": "near", "unlike": "near"}, "cannot be liked and disliked at once"),
        ({"like": ",".join(map(str, range(51)))}, "At most 50 examples"),
        ({"unlike": "a\x00"}, "Use at most 200 ordinary characters"),
        ({"prefer_words": " ".join(map(str, range(30)))}, "At most 20|Use at most 20"),
        ({"same_palette": "maybe"}, "“maybe” is neither true nor false"),
        ({"sort": "price; DROP"}, "There is no order “price; DROP”"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_beside_the_rest(
    client: Client, search: ImageSearch, asked: dict[str, str], sentence: str
) -> None:
    response = page_of(client, search, colour="Blue", **asked)
    assert response.status_code == 400
    assert re.search(sentence, text_of(response))
    assert {"next", "then", "last"} >= set(skus(response)) != set()
    in_place = found(client, search, {"colour": "Blue", **asked})
    assert in_place.status_code == 400
    assert re.search(sentence, text_of(in_place))
    assert "HX-Push-Url" not in in_place


def test_wishing_for_colours_nobody_knows_is_told(client: Client, search: ImageSearch) -> None:
    ImageSearch.objects.update(palette=[])
    response = page_of(client, search, same_palette="true")
    assert response.status_code == 400
    assert "The colours of this photo are not known yet" in text_of(response)


def test_filters_that_leave_nothing_can_be_taken_away(client: Client, search: ImageSearch) -> None:
    response = page_of(client, search, min_price="9000", like="near")
    page = text_of(response)
    assert "0 look-alikes" in page
    assert "Nothing matches all of that" in page
    assert "from ₩9,000" in page


def test_filters_the_search_began_with_can_be_taken_away(
    client: Client, search: ImageSearch
) -> None:
    ImageSearch.objects.update(filters={"colour": "Red"})
    first = page_of(client, search)
    assert skus(first) == ["near"]
    assert 'href="?colour="' in first.content.decode()
    assert len(skus(page_of(client, search, colour=""))) == 4
    assert found(client, search, {"colour": ""})["HX-Push-Url"].endswith("?colour=")


def test_why_a_product_was_found_is_told_on_request(
    client: Client, version: ModelVersion, search: ImageSearch
) -> None:
    Calibration.objects.create(
        model_version=version, very_close=0.1, close=0.2, cut_off=0.3, is_reliable=True
    )
    page = page_of(client, search).content.decode()
    address = reverse("products:search_why", args=[search.pk, "near"])
    assert f'hx-get="{address}"' in page
    whole = client.get(address)
    assert "Likeness to your photo: Very close, 9" in text_of(whole)
    assert "Styles in both: Casual 60%" in text_of(whole)
    assert "Colours in both: red 100%" in text_of(whole)
    assert "Near" in text_of(whole)
    fragment = client.get(address, headers={"hx-request": "true"})
    assert "<html" not in fragment.content.decode()
    assert "Casual 60%" in text_of(fragment)


@pytest.mark.parametrize("sku", ["nobody", "hidden", "%00"])
def test_there_is_no_why_for_what_is_not_shown(
    client: Client, search: ImageSearch, sku: str
) -> None:
    make_product("hidden", is_published=False)
    address = f"/search/{search.pk}/why/{sku}/"
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["search_found", "search_why"])
@pytest.mark.parametrize("state", ["pending", "gone", "versionless"])
def test_fragments_of_what_has_no_result_are_not_there(
    client: Client, search: ImageSearch, name: str, state: str
) -> None:
    if state == "pending":
        ImageSearch.objects.update(status="pending")
    elif state == "gone":
        ImageSearch.objects.all().delete()
    else:
        ImageSearch.objects.update(model_version=None)
    arguments = [search.pk] if name == "search_found" else [search.pk, "near"]
    address = reverse(f"products:{name}", args=arguments)
    assert client.get(address, headers={"hx-request": "true"}).status_code == 404


@pytest.mark.parametrize(
    "asked", [{}, {"min_price": "1", "mix": "casual:1", "diversity": "0.5"}, {"sort": "price"}]
)
def test_the_number_of_queries_is_small_and_does_not_grow(
    *,
    client: Client,
    search: ImageSearch,
    version: ModelVersion,
    clustering: Clustering,
    settings: Any,
    asked: dict[str, str],
) -> None:
    settings.KFASHION = {"PAGE_SIZE": 48}
    soft = clustering.clusters.get(number=0)
    ImageSearch.objects.update(cluster=soft, cluster_probabilities={"0": 0.95, "1": 0.05})
    counts = []
    for more in (0, 50):
        for number in range(more):
            product = make_product(f"more{number}", colour="Blue", price=number)
            place(product, direction(a=10, b=number + 5), version=version, cluster=soft)
            image = ProductImage.objects.get(product=product)
            ImageClassification.objects.create(
                image=image, model_version=version, probabilities={"style": {"punk": 1.0}}
            )
        page_of(client, search, **asked)
        with CaptureQueriesContext(connection) as queries:
            response = page_of(client, search, **asked)
        counts.append(len(queries))
    assert len(skus(response)) == 48
    # A page that the predicted group fills need not look beyond it.
    assert counts[1] <= counts[0] <= MOST_QUERIES, [query["sql"][:200] for query in queries]
    assert Product.objects.count() == 54
