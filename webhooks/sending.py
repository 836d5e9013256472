"""Sends one request to an address that the shop does not know; called by ``webhooks.deliveries``.

How it connects, and where to it does not: ``access.outgoing``. Redirects are not followed, and of
an answer only the beginning is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlsplit

from django.utils.encoding import iri_to_uri

from access.outgoing import PORTS, CallError, Limits, calling, read_at_most
from webhooks import conf

EXCERPT_BYTES = 1024
USER_AGENT = "kfashion-webhooks"


@dataclass(frozen=True)
class Answer:
    """What an endpoint answered; ``excerpt`` is the beginning of the body."""

    status: int
    excerpt: str


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post a body and return the answer, whatever its status; redirects are not followed.

    Raises:
        CallError: the address is refused, or nobody answered, or not in time. ``code`` is one of
            ``WebhookDelivery.Error``.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or (parts.scheme == "http" and not conf.get("WEBHOOK_ALLOW_HTTP")):
        raise CallError("refused_address", f"{parts.scheme}:// is not allowed")
    limits = Limits(
        connect_seconds=conf.get("WEBHOOK_CONNECT_SECONDS"),
        total_seconds=conf.get("WEBHOOK_TOTAL_SECONDS"),
        allow_private=conf.get("WEBHOOK_ALLOW_PRIVATE"),
    )
    target = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    with calling(parts, limits=limits) as connection:
        connection.request(
            "POST",
            target,
            body=body,
            headers={**headers, "User-Agent": USER_AGENT, "Connection": "close"},
        )
        response = connection.getresponse()
        # The status has decided: an answer whose rest comes too late is one.
        return Answer(response.status, _beginning(response))


def _beginning(response: HTTPResponse) -> str:
    """Return what can be read of a body. The status has decided: a body that breaks off is one."""
    try:
        beginning = read_at_most(response, limit=EXCERPT_BYTES)
    except (OSError, HTTPException) as error:
        return f"({type(error).__name__})"
    # PostgreSQL keeps no NUL in a text.
    return beginning.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
