"""How often a caller may ask: counters in Redis, a throttle for the API, a check for the pages.

Callers are told apart by the key of their app, or else by address. The counters are those of the
library ``limits``: a sliding window of two counters, moved on by one script within Redis, so that
no request of many at once slips through. Where Redis does not answer, nobody is refused: a shop
without limits for a while is better than none. A line in the log says so.
"""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from access import conf
from access.models import AppKey

if TYPE_CHECKING:
    from rest_framework.views import APIView  # not at run time: it imports the throttles itself

logger = logging.getLogger(__name__)

# Kinds of requests, each with counters of its own.
READS, SEARCHES, EVENTS = "reads", "searches", "events"
SCOPES = (READS, SEARCHES, EVENTS)
# Those who share such a network share an address: providers give a home 64 bits of IPv6.
IPV6_HOME_BITS = 64


@dataclass(frozen=True)
class Quota:
    """What a caller has left of one kind of request, after the request at hand."""

    scope: str
    limit: RateLimitItem
    is_exceeded: bool
    remaining: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """The header fields that tell it: draft-ietf-httpapi-ratelimit-headers-10."""
        window = self.limit.get_expiry()
        return {
            "RateLimit-Policy": f'"{self.scope}";q={self.limit.amount};w={window}',
            "RateLimit": f'"{self.scope}";r={self.remaining};t={self.reset_seconds}',
        }


class TooManyUploadsError(ValidationError):
    """An address has sent more photos than it may; the message says how long to wait."""

    def __init__(self, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        minutes = ceil(wait_seconds / 60)
        super().__init__(
            ngettext_lazy(
                "Many photos have come from your network. Please try again in %(minutes)d minute.",
                "Many photos have come from your network. Please try again in %(minutes)d minutes.",
                "minutes",
            ),
            code="throttled",
            params={"minutes": minutes},
        )


class CallerThrottle(BaseThrottle):
    """Counts each request to the API for its caller.

    A view says with ``throttle_scope`` what its writing requests count as; reading counts as
    ``reads`` everywhere.
    """

    quota: Quota | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request and leave what remains with it, for the header fields."""
        scope = READS
        if request.method == "POST":
            scope = getattr(view, "throttle_scope", READS)
        key = request.auth if isinstance(request.auth, AppKey) else None
        self.quota = leave_quota(request, count(scope, request=request, key=key))
        return self.quota is None or not self.quota.is_exceeded

    def wait(self) -> float | None:
        return self.quota.reset_seconds if self.quota else None


def check_upload(request: HttpRequest) -> None:
    """Count a photo that comes in through a page, by the address it comes from.

    Raises:
        TooManyUploadsError: there were too many; answer 429 with ``Retry-After: wait_seconds``.
    """
    quota = count(SEARCHES, request=request)
    if quota is not None and quota.is_exceeded:
        raise TooManyUploadsError(quota.reset_seconds)


def count(scope: str, *, request: HttpRequest | Request, key: AppKey | None = None) -> Quota | None:
    """Count one request and return what is left; None where nothing limits it.

    That is so without a rate for it, and while Redis does not answer.
    """
    limit = _limit(scope, key=key)
    if limit is None or _Outage.lasts():
        return None
    caller = f"key:{key.prefix}" if key else f"address:{address_hash(request)}"
    limiter = SlidingWindowCounterRateLimiter(_storage(settings.REDIS_URL))
    try:
        is_counted = limiter.hit(limit, scope, caller)
        window = limiter.get_window_stats(limit, scope, caller)
    except StorageError as error:
        _Outage.begin(error)
        return None
    reset_seconds = max(1, ceil(window.reset_time - time.time()))
    return Quota(scope, limit, not is_counted, window.remaining, reset_seconds)


def leave_quota(request: Request, quota: Quota | None) -> Quota | None:
    """Leave what remains with a request, for the header fields of its answer, and return it."""
    request._request.quota = quota  # type: ignore[attr-defined]  # AnswerHeadersMiddleware reads it.
    return quota


def address_hash(request: HttpRequest | Request) -> str:
    """Return a digest of the address a request comes from; of its network for IPv6.

    ``REST_FRAMEWORK["NUM_PROXIES"]`` says how many proxies of ours have written into
    X-Forwarded-For; what stands before theirs, anybody may have made up.
    """
    text = BaseThrottle().get_ident(request) or ""  # type: ignore[arg-type]  # It reads META alone.
    try:
        address = ip_address(text.strip())
    except ValueError:
        pass  # A socket's name, or nonsense of a proxy: it is told apart as it is.
    else:
        if isinstance(address, IPv6Address):
            home = int(address) >> (128 - IPV6_HOME_BITS)
            text = str(address.ipv4_mapped or f"{home:x}::/{IPV6_HOME_BITS}")
    return hashlib.sha256(f"{settings.SECRET_KEY}:{text}".encode()).hexdigest()[:32]


@lru_cache(maxsize=256)
def parse_rate(text: str) -> RateLimitItem:
    """Read a rate such as ``600/hour``.

    Raises:
        ValidationError: it is none; code ``invalid_rate``.
    """
    try:
        limit = parse(text)
    except ValueError as error:
        raise ValidationError(
            _("“%(text)s” is no rate. Write one such as 600/hour or 20 per 5 minutes."),
            code="invalid_rate",
            params={"text": text},
        ) from error
    if limit.amount < 1:
        raise ValidationError(_("A rate allows at least one request."), code="invalid_rate")
    return limit


def _limit(scope: str, *, key: AppKey | None) -> RateLimitItem | None:
    rates = conf.get("THROTTLE_RATES")
    if not rates:
        return None
    text = rates.get("keys" if key else "anonymous", {}).get(scope)
    if key:
        text = key.rates.get(scope, text)
    return parse_rate(text) if text else None


@lru_cache(maxsize=4)
def _storage(url: str) -> RedisStorage:
    """Return the counters; its connections are shared by threads and opened anew after a fork."""
    timeout_seconds = conf.get("THROTTLE_TIMEOUT_SECONDS")
    options: dict[str, Any] = {
        "socket_timeout": timeout_seconds,
        "socket_connect_timeout": timeout_seconds,
    }
    if url.startswith("unix://"):
        url = f"redis+{url}"
    return RedisStorage(url, key_prefix="kfashion:rates", wrap_exceptions=True, **options)


class _Outage:
    """The last time Redis did not answer: asking again waits, or each request would wait for it."""

    _until = 0.0

    @classmethod
    def begin(cls, error: StorageError) -> None:
        pause_seconds = conf.get("THROTTLE_PAUSE_SECONDS")
        cls._until = time.monotonic() + pause_seconds
        logger.warning(
            "Redis does not count requests; nobody is limited for %s seconds: %s",
            pause_seconds,
            error.storage_error,
        )

    @classmethod
    def lasts(cls) -> bool:
        return time.monotonic() < cls._until
