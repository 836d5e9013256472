"""Settings of the access app, with their defaults; everything else in the app reads them here."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from styles.conf import image_limits

DEFAULTS: dict[str, Any] = {
    # How often a caller may ask, for each kind of request; without an app's key callers are told
    # apart by address. An address may be an office, a school or a mobile network: many shoppers.
    # Empty: no limits at all.
    "THROTTLE_RATES": {
        "anonymous": {"reads": "1200/minute", "searches": "600/hour", "events": "600/minute"},
        "keys": {"reads": "6000/minute", "searches": "6000/hour", "events": "6000/minute"},
    },
    # Longest wait for the counters in Redis, and how long they are left alone after a failure.
    "THROTTLE_TIMEOUT_SECONDS": 0.25,
    "THROTTLE_PAUSE_SECONDS": 5,
    # How long the answer to an Idempotency-Key is kept.
    "IDEMPOTENCY_HOURS": 24,
    # Above this a request is refused by its Content-Length, unread. Photos between MAX_UPLOAD_BYTES
    # and this are read, so that a shopper gets the form back with a sentence.
    "MAX_BODY_BYTES": 32 * 1024 * 1024,
    # Largest body of JSON.
    "MAX_JSON_BYTES": 1024 * 1024,
    # How long a body may take altogether, and how long its sender may be silent.
    "BODY_TIMEOUT_SECONDS": 120,
    "BODY_SILENCE_SECONDS": 20,
}
# What a form carries beside its photo.
FORM_BYTES = 2 * 1024 * 1024


def get(name: str) -> Any:
    """Return ``settings.KFASHION[name]``, or its default.

    Raises:
        KeyError: the app has no setting of that name.
    """
    return getattr(settings, "KFASHION", {}).get(name, DEFAULTS[name])


def max_body_bytes() -> int:
    """Return the largest body that is read, in bytes; a photo that is allowed always fits in."""
    return max(int(get("MAX_BODY_BYTES")), image_limits().max_bytes + FORM_BYTES)
