from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from tests.webhooks.rows import make_delivery, make_endpoint
from webhooks import tasks
from webhooks.models import WebhookDelivery, WebhookEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the endpoints that workers are woken for, in place of a broker."""
    endpoint_ids: list[int] = []
    monkeypatch.setattr(tasks, "wake", endpoint_ids.append)
    return endpoint_ids


def test_the_sweeper_finds_each_endpoint_that_something_is_due_to_once(woken: list[int]) -> None:
    due = make_endpoint()
    make_delivery(due)
    make_delivery(due)
    later = timezone.now() + timedelta(hours=1)
    make_delivery(make_endpoint(), next_attempt_at=later)
    make_delivery(make_endpoint(), leased_until=later)
    make_delivery(make_endpoint(), status="failed")
    make_delivery(make_endpoint(is_active=False))
    make_delivery(make_endpoint(resting_until=later))
    assert tasks.send_due_deliveries() == 1
    assert woken == [due.pk]


def test_old_events_go_with_their_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PURGE_BATCH", 2)
    endpoint = make_endpoint()
    for _ in range(5):
        make_delivery(endpoint, status="delivered")
    WebhookEvent.objects.update(created_at=timezone.now() - timedelta(days=31))
    kept = make_delivery(endpoint, status="delivered")
    assert tasks.purge_webhook_events() == 5
    assert list(WebhookDelivery.objects.all()) == [kept]
    assert tasks.purge_webhook_events() == 0


def test_without_a_broker_deliveries_wait_for_the_sweeper(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.send_to_endpoint, "apply_async", refuse)
    tasks.wake(7)
    assert "did not take a delivery to 7" in caplog.text
