"""Sends what is due to an endpoint, one delivery after another, and writes down how it went.

Called by ``webhooks.tasks`` and, to send again, by the admin. A delivery is leased before it is
sent and closed after it, each in a short transaction; none is open while the other side thinks.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from access.outgoing import CallError
from webhooks import conf
from webhooks.models import WebhookDelivery, WebhookEndpoint
from webhooks.sending import post
from webhooks.signatures import sign

logger = logging.getLogger(__name__)

# A worker goes on with one endpoint for this long, then lets others have their turn.
ROUND_SECONDS = 30.0
# Endpoints that all failed at once are not called at once again.
JITTER = 0.2
# An endpoint that gives no answer at all is left alone for a while, twice as long each time.
FIRST_REST_SECONDS = 10
LONGEST_REST_SECONDS = 900
GONE = 410
Error = WebhookDelivery.Error
Status = WebhookDelivery.Status


@dataclass(frozen=True)
class Attempt:
    """How an attempt went; ``error`` is empty where the delivery has arrived."""

    error: str
    detail: str = ""
    response_status: int | None = None
    response_excerpt: str = ""
    duration_milliseconds: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether nobody answered, so that nothing else would get an answer either."""
        return bool(self.error) and self.response_status is None


def send_due(endpoint_id: int) -> bool:
    """Send an endpoint what is due to it; tell whether there may be more, for lack of time.

    Safe to run twice or at once: one delivery of an endpoint is under way at a time.
    """
    until = time.monotonic() + ROUND_SECONDS
    while time.monotonic() < until:
        delivery = lease_next(endpoint_id)
        if delivery is None:
            return False
        close(delivery, attempt(delivery))
    return True


def lease_next(endpoint_id: int) -> WebhookDelivery | None:
    """Take the delivery of an endpoint that has been due for longest; None where none is to go."""
    with transaction.atomic():
        # Locked first, so that of two workers the second sees what the first has leased.
        endpoint = (
            WebhookEndpoint.objects.awake()
            .select_for_update(no_key=True)
            .filter(pk=endpoint_id)
            .first()
        )
        deliveries = WebhookDelivery.objects.filter(endpoint=endpoint_id)
        if endpoint is None or deliveries.under_way().exists():
            return None
        delivery = (
            deliveries.due()
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if delivery is None:
            return None
        lease = timedelta(seconds=conf.get("WEBHOOK_LEASE_SECONDS"))
        WebhookDelivery.objects.filter(pk=delivery.pk).update(
            attempts=F("attempts") + 1, leased_until=Now() + lease, attempted_at=Now()
        )
    delivery.endpoint = endpoint
    delivery.attempts += 1
    return delivery


def attempt(delivery: WebhookDelivery) -> Attempt:
    """Send a delivery that is leased, and tell what came of it."""
    body = json.dumps(delivery.event.payload, ensure_ascii=False, separators=(",", ":")).encode()
    message_id, timestamp = str(delivery.event_id), int(time.time())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(
            body,
            message_id=message_id,
            timestamp=timestamp,
            signing_secrets=delivery.endpoint.signing_secrets,
        ),
    }
    started = time.monotonic()
    try:
        answer = post(delivery.endpoint.url, body=body, headers=headers)
    except CallError as error:
        return Attempt(
            error.code, str(error)[:300], duration_milliseconds=_milliseconds_since(started)
        )
    return Attempt(
        _judge(answer.status),
        response_status=answer.status,
        response_excerpt=answer.excerpt,
        duration_milliseconds=_milliseconds_since(started),
    )


def close(delivery: WebhookDelivery, made: Attempt) -> None:
    """Write down how an attempt went, for the delivery and for its endpoint.

    Nothing is written where either is gone, or another worker has taken the delivery since.
    """
    with transaction.atomic():
        endpoint = (
            WebhookEndpoint.objects.select_for_update(no_key=True)
            .filter(pk=delivery.endpoint_id)
            .first()
        )
        latest = WebhookDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts)
        is_written = latest.update(
            leased_until=None,
            response_status=made.response_status,
            response_excerpt=made.response_excerpt,
            duration_milliseconds=made.duration_milliseconds,
            error=made.error,
            error_detail=made.detail,
            **_what_follows(delivery.attempts, made),
        )
        if endpoint is not None and is_written:
            _note(endpoint, made, is_retry=delivery.attempts > 1)


def send_again(deliveries: Iterable[WebhookDelivery]) -> int:
    """Have deliveries sent anew, with all their attempts; return how many.

    Those that a worker is at are left to it. Wake the endpoints after commit.
    """
    keys = [delivery.pk for delivery in deliveries]
    with transaction.atomic():
        chosen = WebhookDelivery.objects.filter(pk__in=keys).at_rest()
        WebhookEndpoint.objects.filter(deliveries__in=chosen).update(resting_until=None)
        return chosen.update(status=Status.WAITING, attempts=0, next_attempt_at=Now())


def retry_pause(attempts: int) -> timedelta | None:
    """Return the pause after so many attempts, by chance a little longer; None after the last."""
    pauses = conf.get("WEBHOOK_RETRY_SECONDS")
    if attempts > len(pauses):
        return None
    return timedelta(seconds=pauses[attempts - 1] * random.uniform(1, 1 + JITTER))


def _judge(status: int) -> str:
    if 200 <= status < 300:
        return ""
    return Error.REDIRECTED if 300 <= status < 400 else Error.ANSWERED


def _what_follows(attempts: int, made: Attempt) -> dict[str, Any]:
    """Return status and next attempt of a delivery after an attempt."""
    if not made.error:
        return {"status": Status.DELIVERED, "next_attempt_at": None}
    pause = None if made.response_status == GONE else retry_pause(attempts)
    if pause is None:
        return {"status": Status.FAILED, "next_attempt_at": None}
    return {"status": Status.WAITING, "next_attempt_at": Now() + pause}


def _note(endpoint: WebhookEndpoint, made: Attempt, *, is_retry: bool) -> None:
    """Keep in mind what an attempt tells of the endpoint, and switch it off if it is time."""
    now = timezone.now()
    if not made.error:
        # Most attempts arrive where the one before did: nothing to write then.
        if endpoint.failing_since or endpoint.silences or endpoint.resting_until:
            _update(endpoint, failing_since=None, silences=0, resting_until=None)
        return
    since = endpoint.failing_since or now
    noted: dict[str, Any] = {"failing_since": since, "silences": 0, "resting_until": None}
    if made.is_silent:
        rest = min(FIRST_REST_SECONDS * 2**endpoint.silences, LONGEST_REST_SECONDS)
        noted |= {
            "silences": min(endpoint.silences + 1, 30),
            "resting_until": Now() + timedelta(seconds=rest),
        }
    reason = ""
    if made.response_status == GONE:
        reason = WebhookEndpoint.Reason.GONE
    elif is_retry and now - since >= timedelta(days=conf.get("WEBHOOK_DISABLE_AFTER_DAYS")):
        reason = WebhookEndpoint.Reason.FAILING
    if reason:
        noted |= {"is_active": False, "disabled_at": now, "disabled_reason": reason}
        logger.warning("Webhook endpoint %s is switched off: %s", endpoint.pk, reason)
    _update(endpoint, **noted)


def _update(endpoint: WebhookEndpoint, **values: Any) -> None:
    # Not save(): staff may have changed its address or secret since.
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**values)


def _milliseconds_since(started: float) -> int:
    return round(1000 * (time.monotonic() - started))
