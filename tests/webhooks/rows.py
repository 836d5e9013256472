"""Rows for tests of webhooks: endpoints and deliveries, without telling any worker."""

from __future__ import annotations

from typing import Any

from webhooks.models import TEST_KIND, Kind, WebhookDelivery, WebhookEndpoint, WebhookEvent


def make_endpoint(url: str = "https://shop.example/hooks", **fields: Any) -> WebhookEndpoint:
    """Create an endpoint that has subscribed to everything."""
    return WebhookEndpoint.objects.create(**{"url": url, "kinds": list(Kind.values), **fields})


def make_delivery(endpoint: WebhookEndpoint, **fields: Any) -> WebhookDelivery:
    """Create an event and its delivery to an endpoint, due now."""
    payload = {
        "type": TEST_KIND,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "data": {"name": "셔츠"},
    }
    event = WebhookEvent.objects.create(kind=TEST_KIND, payload=payload)
    return WebhookDelivery.objects.create(event=event, endpoint=endpoint, **fields)


def make_due(delivery: WebhookDelivery) -> None:
    """Have a delivery's pause, and that of its endpoint, be over."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        next_attempt_at="2026-01-01T00:00:00+00:00"
    )
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(resting_until=None)
