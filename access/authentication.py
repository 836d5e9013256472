"""Who calls the API: the app whose key came with the request; REST_FRAMEWORK names this class."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from access.exceptions import (
    KeyExpiredError,
    KeyRefusedError,
    KeyRevokedError,
    KeyUnknownError,
)
from access.models import AppKey
from access.throttling import READS, count, leave_quota

SCHEMES = ("bearer", "api-key")
REALM = "kfashion"


class AppKeyAuthentication(BaseAuthentication):
    """Reads ``Authorization: Bearer KEY`` or ``Api-Key KEY`` and sets ``request.auth`` to the key.

    Without a key, or with another scheme, a request is anonymous, which the API allows. A key that
    is sent has to be good: an app should learn of a mistake at once, not at the smaller limits.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, AppKey] | None:
        """Return the key of a request; None for one that is anonymous.

        Raises:
            KeyRefusedError: the key is unknown, revoked or expired.
            Throttled: and that too often, from one address: whoever guesses is limited as well.
        """
        text = _key_text(request)
        if text is None:
            return None
        try:
            key = find_key(text)
        except KeyRefusedError:
            quota = leave_quota(request, count(READS, request=request))
            if quota is not None and quota.is_exceeded:
                raise Throttled(wait=quota.reset_seconds) from None
            raise
        key.note_use()
        return AnonymousUser(), key

    def authenticate_header(self, request: Request) -> str:
        fault = "" if _key_text(request) is None else ', error="invalid_token"'
        return f'Bearer realm="{REALM}"{fault}'


def find_key(text: str) -> AppKey:
    """Return the key that was given out as this text.

    The row is read anew for each request: a key that is revoked opens nothing from then on.

    Raises:
        KeyRefusedError: it is unknown, revoked or expired. Only who holds the whole key learns
            which.
    """
    prefix, separator, _ = text.partition(".")
    is_plausible = separator and text.isascii() and text.isprintable()
    key = AppKey.objects.filter(prefix=prefix).first() if is_plausible else None
    if not isinstance(key, AppKey) or not key.is_valid(text):
        raise KeyUnknownError
    if key.revoked:
        raise KeyRevokedError
    if key.has_expired:
        raise KeyExpiredError
    return key


def _key_text(request: Request) -> str | None:
    scheme, _, text = request.headers.get("Authorization", "").strip().partition(" ")
    return text.strip() if scheme.lower() in SCHEMES else None
