"""Who a shopper is, once they agreed to be remembered; pages, API and context processor ask here.

A browser keeps a random key in a signed cookie, an app names its people in the header
``X-Shopper``. Either is stored as a keyed hash alone. A cookie that was tampered with, that was
given for other terms or by an old version of the shop is treated as if it were not there.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from shoppers import conf
from shoppers.models import Shopper

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

COOKIE: Final = "kfashion_shopper"
REFUSED_COOKIE: Final = "kfashion_remember"
REFUSED: Final = "no"
HEADER: Final = "X-Shopper"
ANONYMOUS: Final = "anonymous"
BROWSER: Final = ""

PROBLEMS: Mapping[str, StrPromise] = {
    "shopper_required": _(
        "Say whose this is: send an id of your own for the shopper as “X-Shopper”."
    ),
    "invalid_shopper": _(
        "“X-Shopper” takes 16 to 128 letters, digits or - _ . : + = /, such as a random UUID."
    ),
}

_SALT: Final = "shoppers.identity"
# Changes with what stands in the cookie, so that an old one is told from a forged one.
_FORMAT: Final = 1
_KEY_BYTES: Final = 24
_APP_ID: Final = re.compile(r"[\w.:+=/-]{16,128}", re.ASCII)
# How stale ``last_seen_at`` may be: writing it at every step would cost more than it tells.
_SEEN_EVERY: Final = timedelta(hours=1)
_MEMO: Final = "_shopper"


def shopper_of(request: HttpRequest) -> Shopper | None:
    """Return the shopper of a browser; None without consent. Asks the database once a request."""
    if not hasattr(request, _MEMO):
        key_hash = key_hash_of(request)
        found = Shopper.objects.consenting().filter(key_hash=key_hash).first() if key_hash else None
        setattr(request, _MEMO, found)
    shopper: Shopper | None = getattr(request, _MEMO)
    return shopper


def key_hash_of(request: HttpRequest) -> str:
    """Return the hash of the key in a browser's cookie; empty without a good one."""
    text = request.COOKIES.get(COOKIE)
    if not text:
        return ""
    try:
        content = signing.Signer(salt=_SALT).unsign_object(text)
    except (signing.BadSignature, ValueError):
        return ""
    match content:
        case [int(form), int(terms), str(key)] if form == _FORMAT:
            is_current = terms == conf.get("CONSENT_TERMS_VERSION")
            return hash_key(key, app=BROWSER) if is_current else ""
    return ""


def has_refused(request: HttpRequest) -> bool:
    """Whether the shopper of a browser said no, and need not be asked again."""
    return request.COOKIES.get(REFUSED_COOKIE) == REFUSED


def remember(request: HttpRequest, response: HttpResponse) -> Shopper:
    """Write down the consent of a browser's shopper and give the browser its key."""
    shopper = shopper_of(request)
    if shopper is None:
        key = secrets.token_urlsafe(_KEY_BYTES)
        terms = conf.get("CONSENT_TERMS_VERSION")
        shopper = Shopper.objects.create(key_hash=hash_key(key, app=BROWSER), terms_version=terms)
        setattr(request, _MEMO, shopper)
        content = signing.Signer(salt=_SALT).sign_object([_FORMAT, terms, key])
        _set_cookie(response, COOKIE, content)
    response.delete_cookie(REFUSED_COOKIE, samesite="Lax")
    return shopper


def refuse(request: HttpRequest, response: HttpResponse) -> None:
    """Remember nothing but the no, and forget whatever was remembered."""
    forget(request, response)
    _set_cookie(response, REFUSED_COOKIE, REFUSED)


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Delete a browser's shopper with all they did, and take the key from the browser."""
    shopper = shopper_of(request)
    if shopper is not None:
        shopper.delete()
    setattr(request, _MEMO, None)
    response.delete_cookie(COOKIE, samesite="Lax")


def see(shopper: Shopper) -> None:
    """Note that a shopper is about; at most once an hour."""
    now = timezone.now()
    if now - shopper.last_seen_at > _SEEN_EVERY:
        Shopper.objects.filter(pk=shopper.pk).update(last_seen_at=now)


def shopper_of_app(request: Any, *, is_required: bool = False) -> Shopper | None:
    """Return the shopper whom an app names; None while the app has sent nothing of them.

    Raises:
        ValidationError: the header is no such name, code ``invalid_shopper``; or there is none
            where it is required, code ``shopper_required``.
    """
    if not is_required and not request.headers.get(HEADER):
        return None
    key_hash, _app = _named_by_app(request)
    return Shopper.objects.consenting().filter(key_hash=key_hash).first()


def remember_of_app(request: Any) -> Shopper:
    """Return the shopper whom an app names, known from now on: the app has their consent.

    Raises:
        ValidationError: as ``shopper_of_app`` where it is required.
    """
    key_hash, app = _named_by_app(request)
    terms = conf.get("CONSENT_TERMS_VERSION")
    shopper, is_new = Shopper.objects.get_or_create(
        key_hash=key_hash, defaults={"app": app, "terms_version": terms}
    )
    if not is_new and shopper.terms_version != terms:
        shopper.terms_version, shopper.consented_at = terms, timezone.now()
        shopper.save(update_fields=["terms_version", "consented_at"])
    return shopper


def hash_key(key: str, *, app: str) -> str:
    """Return what is stored of a key: 64 hexadecimal digits, of use to this shop alone."""
    return salted_hmac(f"{_SALT}.{app}", key, algorithm="sha256").hexdigest()


def _named_by_app(request: Any) -> tuple[str, str]:
    """Return the hash of an app's name for a shopper, and the app."""
    name = request.headers.get(HEADER, "")
    if not _APP_ID.fullmatch(name):
        code = "invalid_shopper" if name else "shopper_required"
        raise ValidationError(PROBLEMS[code], code=code)
    app = getattr(getattr(request, "auth", None), "prefix", None) or ANONYMOUS
    return hash_key(name, app=app), app


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=timedelta(days=conf.get("SHOPPER_COOKIE_DAYS")),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
