"""Celery tasks of the webhooks app: they take ids, load, call and save.

The rows are the truth and the broker is a hint: every task may run twice, late, or after its row is
gone, and the sweeper offers again whatever a lost message left behind.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from webhooks import conf
from webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent

logger = logging.getLogger(__name__)

# Shoppers who wait go first.
PRIORITY = 9
PURGE_BATCH = 1000


@shared_task
def send_to_endpoint(endpoint_id: int) -> None:
    """Send an endpoint what is due; if that is much, go on in another task."""
    from webhooks.deliveries import send_due

    if send_due(endpoint_id):
        wake(endpoint_id)


@shared_task
def send_due_deliveries() -> int:
    """Wake a worker for each endpoint that something is due to. Run by beat."""
    due = WebhookDelivery.objects.due().filter(endpoint__in=WebhookEndpoint.objects.awake())
    endpoint_ids = list(
        due.order_by("endpoint_id").values_list("endpoint_id", flat=True).distinct()
    )
    for endpoint_id in endpoint_ids:
        wake(endpoint_id)
    return len(endpoint_ids)


@shared_task
def purge_webhook_events() -> int:
    """Delete events whose time is over, with the log of their deliveries. Run by beat."""
    before = timezone.now() - timedelta(days=conf.get("WEBHOOK_KEEP_DAYS"))
    expired = WebhookEvent.objects.filter(created_at__lt=before).order_by("created_at")
    purged = 0
    while event_ids := list(expired.values_list("pk", flat=True)[:PURGE_BATCH]):
        WebhookEvent.objects.filter(pk__in=event_ids).delete()
        purged += len(event_ids)
    return purged


def wake(endpoint_id: int) -> None:
    """Tell the workers that something is due to an endpoint. Call after commit."""
    try:
        send_to_endpoint.apply_async((endpoint_id,), priority=PRIORITY)
    except OperationalError as error:
        logger.warning("The broker did not take a delivery to %s: %s", endpoint_id, error)
