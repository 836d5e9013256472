"""Settings of the webhooks app, with their defaults; everything else in the app reads them here."""

from __future__ import annotations

from typing import Any

from django.conf import settings

HOUR = 3600

DEFAULTS: dict[str, Any] = {
    # Whether endpoints may be http:// and lie in private networks: on one's own machine only.
    "WEBHOOK_ALLOW_HTTP": False,
    "WEBHOOK_ALLOW_PRIVATE": False,
    # To look up the name, connect and agree on TLS; and for all of it with the answer.
    "WEBHOOK_CONNECT_SECONDS": 5,
    "WEBHOOK_TOTAL_SECONDS": 10,
    # A worker that holds a delivery for this long has died; longer than a delivery can take.
    "WEBHOOK_LEASE_SECONDS": 60,
    # Pauses before each further attempt, with some chance on top; about three days together.
    "WEBHOOK_RETRY_SECONDS": (
        *(10, 60, 300, 1800, 2 * HOUR, 8 * HOUR),
        *(24 * HOUR, 36 * HOUR),
    ),
    # An endpoint that has taken nothing for so many days is switched off.
    "WEBHOOK_DISABLE_AFTER_DAYS": 5,
    # How long a changed secret still signs beside the new one.
    "WEBHOOK_OLD_SECRET_HOURS": 24,
    # How long events and the log of their deliveries are kept.
    "WEBHOOK_KEEP_DAYS": 30,
}


def get(name: str) -> Any:
    """Return ``settings.KFASHION[name]``, or its default.

    Raises:
        KeyError: the app has no setting of that name.
    """
    return getattr(settings, "KFASHION", {}).get(name, DEFAULTS[name])
