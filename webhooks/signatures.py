"""Signs what webhooks carry, as https://www.standardwebhooks.com says; for models and deliveries.

The receiver knows the secret, and so that the shop sent the request, unchanged, and when.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
# The specification asks for 24 to 64.
SECRET_BYTES = 32


def new_secret() -> str:
    """Return a secret that nobody can guess: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(body: bytes, *, message_id: str, timestamp: int, signing_secrets: Sequence[str]) -> str:
    """Return the header ``webhook-signature``: one signature a secret, with a space between.

    Args:
        body: the bytes as they are sent.
        message_id: the header ``webhook-id``.
        timestamp: the header ``webhook-timestamp``: seconds since 1970.
        signing_secrets: those that count at present; while one is being changed, two.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_signature(signed, secret)}" for secret in signing_secrets)


def _signature(signed: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
