from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from products.models import Product
from shoppers.models import Shopper, ShopperEvent
from shoppers.recording import Deed, record
from styles.models import ModelVersion
from tests.shop import direction, make_product, make_search
from tests.shoppers.people import kinds, make_shopper

pytestmark = pytest.mark.django_db

API = "/api/v1/events/"
SOMEONE = {"X-Shopper": "3f0c1a52-8f3e-4f7e-9a37-2f1d6f6f4d11"}


def send(client: Client, *events: Any, headers: dict[str, str] = SOMEONE, **extra: Any) -> Any:
    body = {"events": list(events)}
    return client.post(API, body, content_type="application/json", headers=headers, **extra)


def codes(response: Any) -> list[str | None]:
    return [result["code"] for result in response.json()["results"]]


def test_sending_events_declares_consent_and_takes_them_down(client: Client) -> None:
    make_product("a")
    response = send(client, {"kind": "view", "sku": "a"}, {"kind": "like", "sku": "a", "id": "1"})
    assert response.status_code == 200
    assert response.json() == {
        "accepted": 2,
        "duplicate": 0,
        "refused": 0,
        "results": [
            {"index": 0, "id": None, "status": "accepted", "code": None, "detail": None},
            {"index": 1, "id": "1", "status": "accepted", "code": None, "detail": None},
        ],
    }
    shopper = Shopper.objects.get()
    assert shopper.app == "anonymous"
    assert SOMEONE["X-Shopper"] not in shopper.key_hash
    assert sorted(kinds()) == ["like", "view"]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"kind": "view", "sku": "gone"}, "product_gone"),
        ({"kind": "view", "sku": "hidden"}, "product_gone"),
        ({"kind": "view", "sku": "a\x01"}, "product_gone"),
        ({"kind": "view"}, "sku_required"),
        ({"kind": "view", "sku": 7}, "sku_required"),
        ({"kind": "stare", "sku": "here"}, "unknown_kind"),
        ({"kind": ["view"], "sku": "here"}, "unknown_kind"),
        ({"sku": "here"}, "unknown_kind"),
        ("view", "invalid_event"),
        (None, "invalid_event"),
        ([], "invalid_event"),
        ({"kind": "view", "sku": "here", "at": "yesterday"}, "invalid_time"),
        ({"kind": "view", "sku": "here", "at": "2026-02-30T00:00:00Z"}, "invalid_time"),
        ({"kind": "view", "sku": "here", "at": "2026-02-03T00:00:00"}, "invalid_time"),
        ({"kind": "view", "sku": "here", "at": "0001-01-01T00:00:00+14:00"}, "invalid_time"),
        ({"kind": "view", "sku": "here", "at": 1}, "invalid_time"),
        ({"kind": "view", "sku": "here", "at": "2020-01-01T00:00:00Z"}, "time_out_of_range"),
        ({"kind": "view", "sku": "here", "at": "2999-01-01T00:00:00Z"}, "time_out_of_range"),
        ({"kind": "view", "sku": "here", "id": 1}, "invalid_id"),
        ({"kind": "view", "sku": "here", "id": "a b"}, "invalid_id"),
        ({"kind": "view", "sku": "here", "id": "x" * 65}, "invalid_id"),
        ({"kind": "search"}, "search_required"),
        ({"kind": "search", "search": "no id"}, "search_gone"),
        ({"kind": "search", "search": str(uuid4())}, "search_gone"),
    ],
)
def test_a_faulty_event_is_refused_for_itself_and_the_rest_is_taken(
    client: Client, event: Any, code: str
) -> None:
    make_product("here")
    make_product("hidden", is_published=False)
    response = send(client, {"kind": "view", "sku": "here"}, event, {"kind": "like", "sku": "here"})
    assert response.status_code == 200
    assert codes(response) == [None, code, None]
    assert response.json()["results"][1]["detail"]
    assert (response.json()["accepted"], response.json()["refused"]) == (2, 1)
    assert ShopperEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_events"),
        ([], "invalid_events"),
        ('"text"', "invalid_events"),
        (None, "invalid_events"),
        ({"events": "view"}, "invalid_events"),
        ({"events": {"kind": "view"}}, "invalid_events"),
        ({"events": []}, "events_required"),
        ({"events": [{}] * 101}, "too_many_events"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_as_a_whole(
    client: Client, body: Any, code: str
) -> None:
    response = client.post(API, body, content_type="application/json", headers=SOMEONE)
    assert response.status_code == 400
    assert response.json()["code"] == code
    assert not Shopper.objects.exists()


def test_what_is_no_json_is_refused(client: Client) -> None:
    torn = client.post(API, '{"events": [', content_type="application/json", headers=SOMEONE)
    assert (torn.status_code, torn.json()["code"]) == (400, "parse_error")
    form = client.post(API, {"events": "x"}, headers=SOMEONE)
    assert form.status_code == 415


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (None, "shopper_required"),
        ("", "shopper_required"),
        ("short", "invalid_shopper"),
        ("x" * 129, "invalid_shopper"),
        ("with a space in it", "invalid_shopper"),
        ("한국어한국어한국어한국어한국어한국어".encode().decode("latin-1"), "invalid_shopper"),
    ],
)
def test_a_shopper_must_be_named_so_that_nobody_is_mixed_up(
    client: Client, name: str | None, code: str
) -> None:
    make_product("a")
    headers = {} if name is None else {"X-Shopper": name}
    response = send(client, {"kind": "view", "sku": "a"}, headers=headers)
    assert response.status_code == 400
    assert response.json()["code"] == code
    assert not ShopperEvent.objects.exists()


def test_an_event_sent_again_counts_once(client: Client) -> None:
    make_product("a")
    event = {"kind": "purchase", "sku": "a", "id": "order-1"}
    assert send(client, event, event).json()["duplicate"] == 1
    again = send(client, event)
    assert again.json()["results"][0]["status"] == "duplicate"
    assert ShopperEvent.objects.count() == 1
    other = {"X-Shopper": "another-shopper-1"}
    assert send(client, event, headers=other).json()["accepted"] == 1


def test_a_view_without_an_id_counts_once_a_day(client: Client) -> None:
    make_product("a")
    now = datetime.now(UTC)
    times = [now, now - timedelta(days=2), now]
    send(client, *({"kind": "view", "sku": "a", "at": at.isoformat()} for at in times))
    send(client, {"kind": "view", "sku": "a"})
    assert ShopperEvent.objects.count() == 2


def test_likes_that_come_in_late_do_not_undo_what_came_after_them(client: Client) -> None:
    make_product("a")
    now = datetime.now(UTC)
    send(client, {"kind": "unlike", "sku": "a", "at": now.isoformat()})
    send(client, {"kind": "like", "sku": "a", "at": (now - timedelta(hours=1)).isoformat()})
    assert kinds() == ["unlike"]


def test_a_time_with_an_offset_is_kept_exactly(client: Client) -> None:
    make_product("a")
    at = timezone.now().replace(microsecond=0) - timedelta(days=6)
    korean = at.astimezone(timezone.get_fixed_timezone(540)).isoformat()
    assert codes(send(client, {"kind": "view", "sku": "a", "at": korean})) == [None]
    assert ShopperEvent.objects.get().at == at


def test_a_search_of_the_app_says_what_its_photo_looks_like(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1))
    response = send(client, {"kind": "search", "search": str(search.pk)})
    assert response.json()["accepted"] == 1
    event = ShopperEvent.objects.get()
    assert event.embedding is not None
    assert event.model_version == version
    again = send(client, {"kind": "search", "search": str(search.pk).upper()})
    assert again.json()["duplicate"] == 1


def test_a_search_of_another_app_is_not_there(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1), owner="key:another")
    assert codes(send(client, {"kind": "search", "search": str(search.pk)})) == ["search_gone"]


def test_a_batch_costs_as_many_queries_as_one_event(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(100):
        make_product(str(number))
    send(client, {"kind": "view", "sku": "0"})
    with django_assert_max_num_queries(14):
        events = [{"kind": "like", "sku": str(number)} for number in range(100)]
        assert send(client, *events).json()["accepted"] == 100


def test_refusals_speak_the_language_of_the_caller(client: Client) -> None:
    make_product("a")
    korean = {**SOMEONE, "Accept-Language": "ko"}
    response = send(client, {"kind": "view", "sku": "gone"}, headers=korean)
    assert response.json()["results"][0]["code"] == "product_gone"
    assert response["Content-Language"] == "ko"


def test_new_terms_are_agreed_to_by_sending_on(client: Client, settings: Settings) -> None:
    make_product("a")
    send(client, {"kind": "view", "sku": "a"})
    settings.KFASHION = {**settings.KFASHION, "CONSENT_TERMS_VERSION": 2}
    assert send(client, {"kind": "like", "sku": "a"}).json()["accepted"] == 1
    assert Shopper.objects.get().terms_version == 2


@pytest.mark.django_db(transaction=True)
def test_a_product_deleted_in_mid_flight_costs_its_own_event_alone() -> None:
    shopper, stays, goes = make_shopper(), make_product("stays"), make_product("goes")
    deeds = [Deed("view", stays.pk), Deed("view", goes.pk)]
    Product.objects.filter(pk=goes.pk).delete()
    record(shopper, deeds)
    assert ShopperEvent.objects.get().product == stays
    Shopper.objects.all().delete()
    assert record(shopper, deeds) == set()
    assert not connection.in_atomic_block
