"""Writes down what endpoints are to be told, in the transaction in which it happens.

Receivers and the admin call it. What is rolled back was never told; what is committed is in the
rows, and the broker only wakes a worker.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from webhooks.models import Kind, WebhookDelivery, WebhookEndpoint, WebhookEvent
from webhooks.tasks import wake

# Held until the transaction ends: an endpoint that is deleted meanwhile would break it at its end,
# and with it what the transaction is about. It is in nobody's way but a deletion's.
_SUBSCRIBERS = f"""
SELECT id FROM {WebhookEndpoint._meta.db_table}
WHERE is_active AND kinds @> ARRAY[%s]::varchar[] ORDER BY id FOR KEY SHARE
"""  # noqa: S608 - the table's own name


def subscribers(kind: Kind) -> list[int]:
    """Return the keys of the endpoints to be told; call it within the transaction of the cause."""
    return [endpoint.pk for endpoint in WebhookEndpoint.objects.raw(_SUBSCRIBERS, [kind.value])]


def record(kind: str, content: Mapping[str, Any], *, endpoint_ids: Collection[int]) -> WebhookEvent:
    """Write an event and its deliveries; workers are woken after commit.

    Args:
        kind: one of ``Kind``, or ``TEST_KIND``.
        content: what the receiver finds under ``data``; JSON.
        endpoint_ids: of ``subscribers``, in the same transaction.
    """
    now = timezone.now()
    payload = {"type": str(kind), "timestamp": now.isoformat(), "data": dict(content)}
    with transaction.atomic(savepoint=False):
        event = WebhookEvent.objects.create(kind=str(kind), payload=payload, created_at=now)
        WebhookDelivery.objects.bulk_create(
            WebhookDelivery(event=event, endpoint_id=endpoint_id) for endpoint_id in endpoint_ids
        )
        for endpoint_id in endpoint_ids:
            transaction.on_commit(partial(wake, endpoint_id))
    return event
