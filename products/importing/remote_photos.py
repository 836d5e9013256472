"""Photos that rows name by web address: fetched with limits, politely; a source of photos.

It is read from several threads: nothing here touches the database. What is fetched lies in a folder
until the import has stored it: a photo is first compared and then stored, but asked for once.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urljoin, urlsplit

from django.core.exceptions import ValidationError
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _

from access.outgoing import PORTS, CallError, Limits, calling, read_at_most
from products import conf
from products.importing.photo_sources import PhotoSource, is_address
from products.importing.politeness import HostBusyError, Hosts
from products.importing.sources import Source
from products.validators import image_validation_error
from styles.images import ImageError, max_upload_bytes

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MAX_REDIRECTS: Final = 3
ATTEMPTS: Final = 3
KEPT_BYTES: Final = 512 * 1024 * 1024
"""Fetched photos that the folder holds; the oldest go first."""
USER_AGENT: Final = "kfashion-photos"
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_BUSY: Final = {429, 503}
_FAULT_SECONDS: Final = 1.0

MESSAGES: Final[dict[str, StrPromise]] = {
    "photo_url_invalid": _("“%(name)s” is not a web address of a photo."),
    "photo_url_not_https": _("“%(name)s” is not fetched: its address must begin with https://."),
    "photo_url_private": _("“%(name)s” is not fetched: it is not on the public internet."),
    "photo_unreachable": _("“%(name)s” cannot be fetched: nobody answers at its address."),
    "photo_insecure": _("“%(name)s” is not fetched: its host cannot prove who it is."),
    "photo_timeout": _("“%(name)s” took too long to fetch."),
    "photo_too_many_redirects": _("“%(name)s” leads on to other addresses again and again."),
    "photo_not_found": _("There is no photo at “%(name)s”."),
    "photo_forbidden": _("“%(name)s” may not be fetched: its host asks for a password."),
    "photo_host_busy": _("The host of “%(name)s” is too busy. Send this row again later."),
    "photo_host_failed": _("The host of “%(name)s” has a fault of its own (%(status)s)."),
    "photo_refused": _("The host of “%(name)s” does not give it away (%(status)s)."),
}
_OF_CALL: Final = {
    "refused_address": "photo_url_private",
    "insecure": "photo_insecure",
    "timeout": "photo_timeout",
    "unreachable": "photo_unreachable",
}
_TRANSIENT: Final = {"photo_unreachable", "photo_host_busy", "photo_host_failed"}


@dataclass(frozen=True)
class _Answer:
    """What came of one request: a photo, or where to ask instead."""

    content: bytes = b""
    location: str = ""


@contextmanager
def with_addresses(source: Source) -> Iterator[Source]:
    """Let a source fetch photos as well, for as long as the block lasts; unless a setting forbids.

    Photos with a name are where they were.
    """
    if not conf.get("PHOTO_URLS"):
        yield source
        return
    with TemporaryDirectory(prefix="kfashion-photos-") as folder:
        remote = RemotePhotos(Path(folder))
        yield replace(source, photos=_AddressedPhotos(source.photos, remote))


class _AddressedPhotos:
    """Two sources as one: an address is fetched, a name looked up."""

    def __init__(self, named: PhotoSource, remote: PhotoSource) -> None:
        self._named = named
        self._remote = remote

    def read(self, name: str) -> bytes:
        """Return the bytes of a photo; raises as its source does."""
        return self._source_of(name).read(name)

    def check(self, name: str) -> None:
        """Look for a photo; raises as its source does."""
        self._source_of(name).check(name)

    def _source_of(self, name: str) -> PhotoSource:
        return self._remote if is_address(name) else self._named


class RemotePhotos:
    """Fetches photos; the same address is fetched once while its bytes are kept.

    Args:
        folder: where fetched bytes are kept; whoever makes it deletes it.
        hosts: takes turns; by default as the settings say.
    """

    def __init__(self, folder: Path, *, hosts: Hosts | None = None) -> None:
        self._folder = folder
        self._hosts = hosts or Hosts(
            pause_seconds=conf.get("PHOTO_URL_PAUSE_SECONDS"),
            longest_wait_seconds=conf.get("PHOTO_URL_WAIT_SECONDS"),
        )
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, int] = OrderedDict()

    def check(self, name: str) -> None:
        """Look at an address without asking anybody.

        Raises:
            ValidationError: ``photo_url_invalid`` or ``photo_url_not_https``.
        """
        _parse(name, name)

    def read(self, name: str) -> bytes:
        """Return the bytes at an address; whether they are a photo is for the validator to say.

        Raises:
            ValidationError: the code is one of ``MESSAGES``, or ``image_too_large``.
        """
        _parse(name, name)
        key = hashlib.sha256(name.encode()).hexdigest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return (self._folder / key).read_bytes()
        content = self._fetch(name)
        self._keep(key, content)
        return content

    def _fetch(self, name: str) -> bytes:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._follow(name)
            except ValidationError as refusal:
                if refusal.code not in _TRANSIENT or attempt == ATTEMPTS:
                    raise
        raise AssertionError("The last attempt returns or raises.")

    def _follow(self, name: str) -> bytes:
        address = name
        for _hop in range(MAX_REDIRECTS + 1):
            parts = _parse(address, name)
            host = f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}"
            try:
                with self._hosts.turn(host):
                    answer = self._ask(parts, name, host)
            except HostBusyError as error:
                raise _refusal("photo_host_busy", name) from error
            if not answer.location:
                return answer.content
            try:
                address = urljoin(address, answer.location)
            except ValueError:
                raise _refusal("photo_url_invalid", name) from None
        raise _refusal("photo_too_many_redirects", name)

    def _ask(self, parts: SplitResult, name: str, host: str) -> _Answer:
        """Send one request; a redirect is judged like a first address, by whoever follows it."""
        limits = Limits(
            connect_seconds=conf.get("PHOTO_URL_CONNECT_SECONDS"),
            total_seconds=conf.get("PHOTO_URL_SECONDS"),
            allow_private=conf.get("PHOTO_URL_ALLOW_PRIVATE"),
        )
        deadline = time.monotonic() + limits.total_seconds
        target = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        headers = {"User-Agent": USER_AGENT, "Accept": "image/*", "Connection": "close"}
        try:
            with calling(parts, limits=limits) as connection:
                connection.request("GET", target, headers=headers)
                with connection.getresponse() as response:
                    self._hosts.note(host, has_answered=True)
                    return self._judge(response, name, host, deadline=deadline)
        except CallError as error:
            if error.code in {"timeout", "unreachable"}:
                self._hosts.note(host, has_answered=False)
            raise _refusal(_OF_CALL[error.code], name) from error
        except UnicodeError as error:  # A host that no name can be.
            raise _refusal("photo_url_invalid", name) from error

    def _judge(self, response: HTTPResponse, name: str, host: str, *, deadline: float) -> _Answer:
        status = response.status
        if status in _REDIRECTS and (location := response.headers.get("Location")):
            # Headers are read as Latin-1, addresses written in UTF-8.
            return _Answer(location=location.encode("latin-1").decode(errors="replace"))
        if status in _BUSY:
            self._hosts.leave_alone(host, seconds=_seconds(response.headers.get("Retry-After")))
            raise _refusal("photo_host_busy", name)
        if status in {404, 410}:
            raise _refusal("photo_not_found", name)
        if status in {401, 403}:
            raise _refusal("photo_forbidden", name)
        if status >= 500:
            self._hosts.leave_alone(host, seconds=_FAULT_SECONDS)
            raise _refusal("photo_host_failed", name, status=status)
        if status != 200:
            raise _refusal("photo_refused", name, status=status)
        return _Answer(content=_body(response, name, deadline=deadline))

    def _keep(self, key: str, content: bytes) -> None:
        with self._lock:
            (self._folder / key).write_bytes(content)
            self._kept[key] = len(content)
            while len(self._kept) > 1 and sum(self._kept.values()) > KEPT_BYTES:
                oldest, _size = self._kept.popitem(last=False)
                (self._folder / oldest).unlink(missing_ok=True)


def _body(response: HTTPResponse, name: str, *, deadline: float) -> bytes:
    limit = max_upload_bytes()
    announced = response.length
    if announced is not None and announced > limit:
        raise image_validation_error(ImageError("image_too_large", max_bytes=limit))
    content = read_at_most(response, limit=limit + 1)
    # The limit on time shuts the connection, and then a beginning looks like all of it.
    if time.monotonic() >= deadline:
        raise _refusal("photo_timeout", name)
    if len(content) > limit:
        raise image_validation_error(ImageError("image_too_large", max_bytes=limit))
    if announced is not None and len(content) < announced:
        raise _refusal("photo_unreachable", name)
    return content


def _parse(address: str, name: str) -> SplitResult:
    """Return the parts of an address that may be asked.

    Raises:
        ValidationError: ``photo_url_invalid`` or ``photo_url_not_https``.
    """
    try:
        parts = urlsplit(address)
        is_sound = bool(parts.hostname) and parts.port != 0
    except ValueError:  # A port that is none, half of an IPv6 address.
        raise _refusal("photo_url_invalid", name) from None
    has_password = parts.username is not None or parts.password is not None
    if parts.scheme not in PORTS or not is_sound or has_password:
        raise _refusal("photo_url_invalid", name)
    if parts.scheme == "http" and not conf.get("PHOTO_URL_ALLOW_HTTP"):
        raise _refusal("photo_url_not_https", name)
    return parts


def _seconds(retry_after: str | None) -> float:
    """Return how long a host wants to be left alone: seconds or a date (RFC 9110, 10.2.3)."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 1.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)


def _refusal(code: str, name: str, **params: object) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code, params={"name": name[:100], **params})
