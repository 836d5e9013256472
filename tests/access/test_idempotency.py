"""A request with an Idempotency-Key is carried out once, whatever happens to the answer."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from access import idempotency
from access.models import AppKey, IdempotentRequest
from access.tasks import purge_expired_requests
from products.models import ImageSearch
from products.submission import start_image_search
from tests.shop import jpeg

pytestmark = pytest.mark.django_db

START = "products.api.image_search_views.start_image_search"
SEARCHES = "/api/v1/image-searches/"
RED, BLUE = jpeg((200, 30, 60)), jpeg((30, 60, 200))


def send(
    client: Client, key: str | None = "k-1", *, photo: bytes = RED, query: str = "", **more: Any
) -> Any:
    headers = {"Idempotency-Key": key} if key is not None else {}
    headers.update(more.pop("headers", {}))
    upload = SimpleUploadedFile("outfit.jpg", photo, "image/jpeg")
    return client.post(SEARCHES + query, {"image": upload, **more}, headers=headers)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_the_same_request_again_gets_the_same_answer(client: Client) -> None:
    first, second = send(client), send(client)
    assert first.status_code == second.status_code == 202
    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert ImageSearch.objects.count() == 1


def test_without_a_key_each_request_is_a_new_one(client: Client) -> None:
    send(client, None)
    send(client, None)
    assert ImageSearch.objects.count() == 2
    assert not IdempotentRequest.objects.exists()


@pytest.mark.parametrize(
    "other",
    [
        {"photo": BLUE},
        {"max_price": "50000"},
        {"query": "?lang=ko"},
        {"headers": {"X-Shopper": "somebody"}},
    ],
)
def test_the_same_key_with_something_else_is_refused(client: Client, other: Any) -> None:
    send(client)
    assert code(send(client, **other)) == (422, "idempotency_key_reused")
    assert ImageSearch.objects.count() == 1


def test_two_callers_may_think_of_the_same_key(client: Client) -> None:
    _, secret = AppKey.objects.create_key(name="Lookbook")
    of_app = send(client, headers={"Authorization": f"Bearer {secret}"})
    of_nobody = send(client)
    assert of_app.status_code == of_nobody.status_code == 202
    assert of_app["Location"] != of_nobody["Location"]
    assert "Idempotency-Replayed" not in of_nobody


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\tb"])
def test_what_cannot_be_a_key_is_refused(client: Client, key: str) -> None:
    assert code(send(client, key)) == (400, "idempotency_key_invalid")
    assert not ImageSearch.objects.exists()


def test_what_was_refused_may_be_mended_and_sent_with_the_same_key(client: Client) -> None:
    assert code(send(client, photo=b"no photo")) == (400, "image_unsupported_format")
    assert send(client).status_code == 202
    assert not IdempotentRequest.objects.filter(status__gte=400).exists()


def test_a_request_that_crashed_left_nothing_and_can_be_sent_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False

    def crash(*args: Any, **kwargs: Any) -> Any:
        start_image_search(*args, **kwargs)
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(START, crash)
        assert send(client).status_code == 500
    assert not ImageSearch.objects.exists()
    response = send(client)
    assert response.status_code == 202
    assert "Idempotency-Replayed" not in response


def test_an_answer_is_forgotten_when_its_time_is_over(client: Client) -> None:
    send(client)
    IdempotentRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "Idempotency-Replayed" not in send(client, photo=BLUE)
    assert ImageSearch.objects.count() == 2
    (row,) = IdempotentRequest.objects.all()
    assert row.expires_at > timezone.now() + timedelta(hours=23)


def test_the_purge_forgets_what_is_over_and_nothing_else(client: Client) -> None:
    send(client, "old")
    IdempotentRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    send(client, "new")
    assert purge_expired_requests() == 1
    assert "Idempotency-Replayed" in send(client, "new")


def test_nothing_that_was_seen_in_the_photo_is_kept_with_the_answer(client: Client) -> None:
    send(client)
    row = IdempotentRequest.objects.get()
    assert "outfit" not in row.body + str(row.headers) + row.fingerprint + row.pk
    assert '"status":"pending"' in row.body


def test_an_answer_whose_search_is_deleted_comes_again_all_the_same(client: Client) -> None:
    first = send(client)
    client.delete(first["Location"])
    again = send(client, headers={"Prefer": "wait=1"})
    assert again.status_code == 202
    assert again["Location"] == first["Location"]
    assert not ImageSearch.objects.exists()


def test_a_search_that_is_deleted_while_it_is_waited_for_is_answered_as_accepted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete(_: float) -> None:
        ImageSearch.objects.all().delete()

    monkeypatch.setattr("products.submission.time.sleep", delete)
    assert send(client, headers={"Prefer": "wait=5"}).status_code == 202
    assert not ImageSearch.objects.exists()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Hold searches as they start; return the events (one has begun, let it go)."""
    begun, go = threading.Event(), threading.Event()

    def wait(*args: Any, **kwargs: Any) -> Any:
        begun.set()
        assert go.wait(30)
        return start_image_search(*args, **kwargs)

    monkeypatch.setattr(START, wait)
    yield begun, go
    go.set()


def in_thread(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_carried_out_the_second_is_asked_to_wait(
    held: tuple[threading.Event, threading.Event], sent: list[Any]
) -> None:
    begun, go = held
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(in_thread, lambda: send(Client()))
        assert begun.wait(30)
        second = send(Client())
        go.set()
        answered = first.result(30)
    assert code(second) == (409, "idempotency_in_progress")
    assert second["Retry-After"] == "1"
    assert answered.status_code == 202
    assert send(Client())["Idempotency-Replayed"] == "true"
    assert ImageSearch.objects.count() == 1
    assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_carried_out(sent: list[Any]) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: in_thread(lambda: send(Client())), range(16)))
    assert set(Counter(answer.status_code for answer in answers)) <= {202, 409}
    ids = {answer.json()["id"] for answer in answers if answer.status_code == 202}
    assert len(ids) == 1
    assert ImageSearch.objects.count() == 1
    assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_the_lease_of_a_process_that_was_killed_ends_with_its_connection(
    sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    lock = idempotency._lock

    def note(name: str) -> None:
        names.append(name)
        lock(name)

    monkeypatch.setattr(idempotency, "_lock", note)
    send(Client(), "probe")
    number = int.from_bytes(bytes.fromhex(names[0])[:8], "big", signed=True)
    parameters = connection.get_connection_params()
    other = psycopg.connect(
        **{
            name: parameters[name]
            for name in ("dbname", "user", "password", "host", "port")
            if parameters.get(name)
        }
    )
    other.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    assert code(send(Client(), "probe")) == (409, "idempotency_in_progress")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.info.backend_pid])
    assert send(Client(), "probe")["Idempotency-Replayed"] == "true"
    other.close()


@pytest.mark.django_db(transaction=True)
def test_a_repeat_that_waits_gets_the_finished_search(small_shop: None) -> None:
    wait = {"Prefer": "wait=10"}
    first, second = (send(Client(), "wait", headers=wait) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json()["status"] == second.json()["status"] == "done"
    assert first["Location"] == second["Location"]
    assert second["Idempotency-Replayed"] == "true"
    assert second["Preference-Applied"] == "wait=10"
    assert ImageSearch.objects.count() == 1
