from __future__ import annotations

import pytest
from django.test import Client

from products.models import Calibration, PhotoTraits
from styles.models import ModelVersion
from tests.shop import direction, make_product, make_search, place

pytestmark = pytest.mark.django_db

API = "/api/v1"


@pytest.fixture
def shop(version: ModelVersion) -> str:
    """Sell a red coat in direction a and a shirt far from it; return the address of a search."""
    for sku, vector, category, colour in (
        ("coat", direction(a=1, b=0.1), "Coats", "#c41f2d"),
        ("shirt", direction(a=1, b=1.5), "Shirts", "#2e62b6"),
    ):
        product = place(make_product(sku, category=category, price=9), vector, version=version)
        PhotoTraits.objects.create(
            image=product.images.get(), palette=[(colour, 1.0)], fingerprint=bytes(32)
        )
    Calibration.objects.create(
        model_version=version, very_close=0.1, close=0.2, cut_off=0.3, is_reliable=True
    )
    search = make_search(version, direction(a=1), palette=[("#c41f2d", 1.0)])
    return f"{API}/image-searches/{search.pk}/results/"


def test_hits_are_graded_in_the_language_of_the_caller(client: Client, shop: str) -> None:
    body = client.get(shop, headers={"Accept-Language": "en"}).json()
    assert body["has_close_match"] is True
    coat, shirt = body["results"]
    assert coat["match"] == {"grade": "very_close", "name": "Very close", "percent": 99}
    assert shirt["match"]["grade"] == "distant"
    assert shirt["match"]["percent"] < 50


def test_filters_may_leave_nothing_that_comes_close(client: Client, shop: str) -> None:
    assert client.get(shop, {"category": "Shirts"}).json()["has_close_match"] is False


def test_without_a_calibration_nothing_is_graded(client: Client, shop: str) -> None:
    Calibration.objects.all().delete()
    body = client.get(shop).json()
    assert body["has_close_match"] is None
    assert [hit["match"] for hit in body["results"]] == [None, None]


def test_hits_are_explained_on_request(client: Client, shop: str) -> None:
    assert client.get(shop).json()["results"][0]["explanation"] is None
    coat, shirt = client.get(shop, {"explain": "1"}, headers={"Accept-Language": "ko"}).json()[
        "results"
    ]
    assert coat["explanation"]["shared_colours"] == [
        {"code": "red", "name": "레드", "hex": "#c41f2d", "share": 1.0}
    ]
    assert shirt["explanation"]["shared_colours"] == []


def test_facets_come_on_request_with_every_list(client: Client, shop: str) -> None:
    assert client.get(shop).json()["facets"] is None
    found = client.get(shop, {"facets": "1", "category": "coats"}).json()
    assert found["count"] == 1
    assert found["facets"]["category"] == [
        {"value": "Coats", "name": "Coats", "count": 1, "is_selected": True},
        {"value": "Shirts", "name": "Shirts", "count": 1, "is_selected": False},
    ]
    assert found["facets"]["price_ranges"] == [
        {"min_price": "9.00", "max_price": "9.00", "count": 1}
    ]
    assert found["facets"]["is_exact"] is True
    listed = client.get(f"{API}/products/", {"facets": "true"}).json()["facets"]
    assert [value["count"] for value in listed["category"]] == [1, 1]
    # A product is not among its own look-alikes.
    similar = client.get(f"{API}/products/coat/similar/", {"facets": "1"}).json()["facets"]
    assert [value["value"] for value in similar["category"]] == ["Shirts"]


@pytest.mark.parametrize("name", ["facets", "explain"])
def test_what_is_neither_true_nor_false_is_refused(client: Client, shop: str, name: str) -> None:
    response = client.get(shop, {name: "perhaps"})
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_boolean"
    assert set(response.json()["errors"]) == {name}


def test_similar_products_are_graded_too(client: Client, shop: str) -> None:
    body = client.get(f"{API}/products/coat/similar/", {"explain": "1"}).json()
    assert body["has_close_match"] is False
    assert body["results"][0]["match"]["grade"] == "distant"
