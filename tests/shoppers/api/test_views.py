from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from products.models import Product
from shoppers.models import Shopper, ShopperEvent
from shoppers.trends import compute_trends
from styles.models import ModelVersion, Style
from tests.shop import direction, make_product, place
from tests.shoppers.people import do, make_shopper

pytestmark = pytest.mark.django_db

API = "/api/v1"
SOMEONE = {"X-Shopper": "3f0c1a52-8f3e-4f7e-9a37-2f1d6f6f4d11"}


def get(client: Client, path: str, parameters: Any = None, headers: Any = SOMEONE) -> Any:
    return client.get(f"{API}/{path}/", parameters or {}, headers=headers)


def send(client: Client, kind: str, sku: str) -> None:
    body = {"events": [{"kind": kind, "sku": sku}]}
    path = f"{API}/events/"
    assert client.post(path, body, content_type="application/json", headers=SOMEONE).json()[
        "accepted"
    ]


@pytest.fixture
def coats(version: ModelVersion) -> list[Product]:
    coats = [
        place(
            make_product(f"coat-{number}", name=f"Coat {number}", price=100 * number),
            direction(a=10, b=number),
            version=version,
        )
        for number in range(6)
    ]
    for coat in coats:
        coat.styles.set([Style.objects.get(code="punk")])
    return coats


def test_recommendations_follow_the_first_event_and_say_why(
    client: Client, coats: list[Product]
) -> None:
    send(client, "like", "coat-0")
    body = get(client, "recommendations", {"limit": 2, "diversity": 0, "explain": 1}).json()
    assert body["basis"] == "taste"
    assert (body["count"], body["count_is_exact"]) == (5, True)
    first = body["results"][0]
    assert first["product"]["sku"] == "coat-1"
    assert first["because"]["product"] == {"sku": "coat-0", "name": "Coat 0"}
    assert first["because"]["sentence"] == "Because you liked Coat 0"
    assert first["explanation"]["shared_styles"][0]["code"] == "subculture"
    assert first["similarity"] == pytest.approx(1 - first["distance"])
    page = get(client, "recommendations", {"limit": 9, "cursor": body["next_cursor"]}).json()
    assert {hit["product"]["sku"] for hit in page["results"]} == {"coat-3", "coat-4", "coat-5"}
    assert page["next_cursor"] is None
    assert page["results"][0]["explanation"] is None


def test_filters_narrow_recommendations(client: Client, coats: list[Product]) -> None:
    send(client, "like", "coat-0")
    body = get(client, "recommendations", {"min_price": 400, "exclude": "coat-5"}).json()
    assert [hit["product"]["sku"] for hit in body["results"]] == ["coat-4"]


def test_without_a_shopper_recommendations_are_new_things(
    client: Client, coats: list[Product]
) -> None:
    body = get(client, "recommendations", headers={}).json()
    assert body["basis"] == "newest"
    assert body["results"][0]["because"] is None
    assert body["results"][0]["distance"] is None
    assert not Shopper.objects.exists()


def test_one_app_does_not_see_the_shoppers_of_another(
    client: Client, coats: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, "like", "coat-0")
    Shopper.objects.update(key_hash="of another app")
    assert get(client, "recommendations").json()["basis"] == "newest"
    assert get(client, "taste").json()["is_known"] is False


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"limit": "0"}, "invalid_limit"),
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"cursor": "x" * 5000}, "invalid_cursor"),
        ({"diversity": "2"}, "invalid_diversity"),
        ({"style": "nowhere"}, "unknown_style"),
        ({"explain": "maybe"}, "invalid_boolean"),
        ({"same_palette": "true"}, "palette_unknown"),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: Client, coats: list[Product], parameters: Any, code: str
) -> None:
    send(client, "like", "coat-0")
    response = get(client, "recommendations", parameters)
    assert response.status_code == 400
    assert response.json()["code"] == code


@pytest.mark.parametrize("path", ["recommendations", "taste"])
def test_a_shopper_that_cannot_be_one_is_refused(client: Client, path: str) -> None:
    response = get(client, path, headers={"X-Shopper": "me"})
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_shopper"
    assert response.json()["type"].endswith("/invalid_shopper/")


def test_a_taste_can_be_seen_and_deleted(client: Client, coats: list[Product]) -> None:
    send(client, "view", "coat-1")
    send(client, "like", "coat-0")
    body = get(client, "taste").json()
    assert body["is_known"] is True
    assert body["events"] == {"like": 1, "view": 1}
    assert [share["code"] for share in body["style_groups"]] == ["subculture"]
    assert (body["liked"], body["viewed"]) == (["coat-0"], ["coat-1"])
    response = client.delete(f"{API}/taste/", headers=SOMEONE)
    assert response.status_code == 200
    assert response.json()["deleted"] == {"view": 1, "like": 1}
    assert not Shopper.objects.exists()
    assert not ShopperEvent.objects.exists()
    assert get(client, "taste").json()["is_known"] is False
    assert client.delete(f"{API}/taste/", headers=SOMEONE).json()["deleted"] == {}


def test_a_taste_is_nobodys_without_a_name(client: Client) -> None:
    for response in (get(client, "taste", headers={}), client.delete(f"{API}/taste/")):
        assert response.status_code == 400
        assert response.json()["code"] == "shopper_required"


def test_trends_list_what_is_rising(client: Client, coats: list[Product]) -> None:
    empty = get(client, "trends").json()
    assert empty == {"computed_at": None, "min_shoppers": 3, "style_groups": [], "products": []}
    for coat in coats[:2]:
        for _ in range(3):
            do(make_shopper(), "view", coat, days_ago=10)
    for _ in range(9):
        do(make_shopper(), "like", coats[1])
    compute_trends()
    body = get(client, "trends").json()
    assert [trend["product"]["sku"] for trend in body["products"]] == ["coat-1"]
    assert body["products"][0]["shoppers"] == 9
    assert get(client, "trends", {"max_price": 50}).json()["products"] == []
    assert get(client, "trends", {"style": "nowhere"}).status_code == 400


def test_a_rising_style_has_its_name_in_the_callers_language(
    client: Client, coats: list[Product]
) -> None:
    classic = place(make_product("classic"), direction(c=1), version=active_version())
    classic.styles.set([Style.objects.get(code="classic")])
    for _ in range(9):
        do(make_shopper(), "view", classic, days_ago=10)
        do(make_shopper(), "like", coats[1])
    compute_trends()
    korean = {**SOMEONE, "Accept-Language": "ko"}
    (style,) = get(client, "trends", headers=korean).json()["style_groups"]
    assert style["code"] == "subculture"
    assert style["name"] == "서브컬처"


def active_version() -> ModelVersion:
    return ModelVersion.objects.get(status="active")
