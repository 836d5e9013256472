from __future__ import annotations

import json
import logging
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from tests.webhooks.receiver import Receiver, Told
from tests.webhooks.rows import make_delivery, make_due, make_endpoint
from webhooks import conf, deliveries
from webhooks.deliveries import retry_pause, send_again, send_due
from webhooks.models import WebhookDelivery, WebhookEndpoint

pytestmark = pytest.mark.django_db


def fail(delivery: WebhookDelivery, *, times: int) -> None:
    """Have so many attempts be made, whose pauses pass at once."""
    for _ in range(times):
        make_due(delivery)
        send_due(delivery.endpoint_id)
    delivery.refresh_from_db()


def test_a_delivery_arrives_and_is_logged(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    receiver.answers.append(Told(202, body=b"taken"))
    delivery = make_delivery(endpoint)
    assert send_due(endpoint.pk) is False
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("delivered", 1)
    assert (delivery.response_status, delivery.response_excerpt) == (202, "taken")
    assert delivery.error == ""
    assert delivery.leased_until is None
    assert delivery.next_attempt_at is None
    assert delivery.duration_milliseconds is not None
    (request,) = receiver.received
    assert request.headers["webhook-id"] == str(delivery.event_id)
    assert json.loads(request.body) == delivery.event.payload


def test_what_has_arrived_is_not_sent_again(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    make_delivery(endpoint)
    send_due(endpoint.pk)
    send_due(endpoint.pk)
    assert len(receiver.received) == 1


def test_after_an_error_it_is_tried_again_as_the_same_event(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answers.append(Told(500, body=b"out of order"))
    delivery = make_delivery(endpoint)
    send_due(endpoint.pk)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error) == ("waiting", "answered")
    assert delivery.next_attempt_at is not None
    pause = delivery.next_attempt_at - timezone.now()
    assert timedelta(seconds=5) < pause < timedelta(seconds=12.5)
    send_due(endpoint.pk)
    assert len(receiver.received) == 1, "sent before its pause was over"
    make_due(delivery)
    send_due(endpoint.pk)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.error) == ("delivered", 2, "")
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_pauses_grow_to_days_and_end() -> None:
    attempts = range(1, len(conf.get("WEBHOOK_RETRY_SECONDS")) + 1)
    pauses = [pause for attempt in attempts if (pause := retry_pause(attempt))]
    assert len(pauses) == len(attempts)
    assert pauses == sorted(pauses)
    assert timedelta(days=2.5) < sum(pauses, timedelta()) < timedelta(days=4)
    assert retry_pause(len(pauses) + 1) is None


def test_after_the_last_attempt_it_has_failed(
    endpoint: WebhookEndpoint, receiver: Receiver, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "WEBHOOK_RETRY_SECONDS": (1, 1)}
    receiver.answers.extend([Told(503)] * 3)
    delivery = make_delivery(endpoint)
    fail(delivery, times=4)
    assert (delivery.status, delivery.attempts) == ("failed", 3)
    assert len(receiver.received) == 3


def test_an_endpoint_that_says_nothing_is_left_alone_for_a_while(
    endpoint: WebhookEndpoint, receiver: Receiver, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "WEBHOOK_TOTAL_SECONDS": 0.2}
    is_over = threading.Event()
    receiver.answers.append(Told(waits_for=is_over))
    first, second = make_delivery(endpoint), make_delivery(endpoint)
    send_due(endpoint.pk)
    is_over.set()
    assert len(receiver.received) == 1, "another worker would have been kept waiting"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.error, first.response_status) == ("timeout", None)
    assert (second.status, second.attempts) == ("waiting", 0)
    make_due(first)
    send_due(endpoint.pk)
    endpoint.refresh_from_db()
    assert len(receiver.received) == 3
    assert endpoint.resting_until is endpoint.failing_since is None
    assert endpoint.silences == 0


def test_an_endpoint_that_refuses_one_delivery_gets_the_others(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answers.append(Told(400))
    refused, taken = make_delivery(endpoint), make_delivery(endpoint)
    send_due(endpoint.pk)
    refused.refresh_from_db()
    taken.refresh_from_db()
    assert (refused.status, taken.status) == ("waiting", "delivered")


def test_a_redirect_is_an_error(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    receiver.answers.append(Told(301, {"Location": "http://127.0.0.1:1/"}))
    delivery = make_delivery(endpoint)
    send_due(endpoint.pk)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error) == ("waiting", "redirected")
    assert delivery.response_status == 301


def test_an_endpoint_that_is_gone_is_switched_off(
    endpoint: WebhookEndpoint, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answers.append(Told(410))
    gone, waiting = make_delivery(endpoint), make_delivery(endpoint)
    with caplog.at_level(logging.WARNING, "webhooks"):
        send_due(endpoint.pk)
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason) == (False, "gone")
    assert endpoint.disabled_at is not None
    assert f"endpoint {endpoint.pk} is switched off: gone" in caplog.text
    gone.refresh_from_db()
    waiting.refresh_from_db()
    assert (gone.status, waiting.status) == ("failed", "waiting")
    assert len(receiver.received) == 1


def test_an_endpoint_that_took_nothing_for_days_is_switched_off(
    endpoint: WebhookEndpoint, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answers.extend([Told(500)] * 3)
    delivery = make_delivery(endpoint)
    fail(delivery, times=2)
    endpoint.refresh_from_db()
    assert endpoint.is_active
    assert endpoint.failing_since is not None
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=5, seconds=1))
    with caplog.at_level(logging.WARNING, "webhooks"):
        fail(delivery, times=1)
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason) == (False, "failing")
    assert "switched off: failing" in caplog.text


def test_one_arrival_ends_the_days_of_failing(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=4))
    make_delivery(endpoint)
    send_due(endpoint.pk)
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None
    assert endpoint.is_active


def test_while_an_endpoint_is_switched_off_nothing_is_sent_and_nothing_is_lost(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    delivery = make_delivery(endpoint)
    WebhookEndpoint.objects.update(is_active=False)
    send_due(endpoint.pk)
    assert receiver.received == []
    WebhookEndpoint.objects.update(is_active=True)
    send_due(endpoint.pk)
    delivery.refresh_from_db()
    assert delivery.status == "delivered"


def test_a_private_address_is_refused_and_said_so(db: None) -> None:
    endpoint = make_endpoint("https://localhost/hooks")
    delivery = make_delivery(endpoint)
    send_due(endpoint.pk)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error) == ("waiting", "refused_address")
    assert "which is not public" in delivery.error_detail


def test_what_a_dead_worker_held_is_sent_again_when_its_lease_is_over(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    delivery = make_delivery(endpoint)
    leased = deliveries.lease_next(endpoint.pk)
    assert leased is not None
    send_due(endpoint.pk)
    assert receiver.received == [], "the lease holds"
    WebhookDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    send_due(endpoint.pk)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("delivered", 2)
    # The worker was not dead, only slow, and comes back with another answer.
    deliveries.close(leased, deliveries.Attempt("timeout"))
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error) == ("delivered", "")


def test_an_endpoint_deleted_while_it_is_called_leaves_nothing_behind(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    make_delivery(endpoint)
    leased = deliveries.lease_next(endpoint.pk)
    assert leased is not None
    made = deliveries.attempt(leased)
    endpoint.delete()
    deliveries.close(leased, made)
    assert not WebhookDelivery.objects.exists()
    assert send_due(leased.endpoint_id) is False


def test_sending_again_begins_anew_and_leaves_what_is_under_way(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    past = timezone.now() - timedelta(hours=1)
    done = make_delivery(endpoint, status="delivered", attempts=3, next_attempt_at=None)
    busy = make_delivery(endpoint, attempts=2, leased_until=timezone.now() + timedelta(hours=1))
    assert send_again([done, busy]) == 1
    busy.refresh_from_db()
    assert busy.attempts == 2
    WebhookDelivery.objects.filter(pk=busy.pk).update(leased_until=past)
    send_due(endpoint.pk)
    assert {request.headers["webhook-id"] for request in receiver.received} == {
        str(done.event_id),
        str(busy.event_id),
    }


def test_for_lack_of_time_the_rest_is_left_to_another_task(
    endpoint: WebhookEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "ROUND_SECONDS", 0)
    make_delivery(endpoint)
    assert send_due(endpoint.pk) is True


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_delivery_once(
    endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    expected = {str(make_delivery(endpoint).event_id) for _ in range(10)}
    barrier = threading.Barrier(4)

    def work() -> None:
        try:
            barrier.wait()
            send_due(endpoint.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(work) for _ in range(4)]:
            done.result()
    ids = [request.headers["webhook-id"] for request in receiver.received]
    assert sorted(ids) == sorted(expected)
    assert set(WebhookDelivery.objects.values_list("status", "attempts")) == {("delivered", 1)}
    assert all(uuid.UUID(message_id) for message_id in ids)
