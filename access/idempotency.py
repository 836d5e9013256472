"""Requests that are carried out once, however often they are sent; for POST views of the API.

An app that lost the answer sends the request again with the same ``Idempotency-Key``
(draft-ietf-httpapi-idempotency-key-header) and gets the same answer.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.exceptions import (
    IdempotencyInProgressError,
    IdempotencyKeyInvalidError,
    IdempotencyKeyReusedError,
)
from access.models import AppKey, IdempotentRequest, answer_expiry
from access.throttling import address_hash

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
MAX_KEY_LENGTH = 255
# Header fields that make a request another one, beside its address and body.
TOLD_APART_BY = ("X-Shopper",)

Method = Callable[..., Response]


def idempotent(method: Method) -> Method:
    """Have a method of a view that writes carry a request out once for each ``Idempotency-Key``.

    All that the method writes to the database and the row with its answer are one transaction:
    either both are there or neither. Meanwhile an advisory lock of that transaction keeps a
    second request with the same key out (409). The lock is the lease on it: it ends with the
    transaction, so what crashed half-way can be sent again at once. Only success is kept; what
    was refused may be mended and sent with the same key.

    The method must not wait for what begins after commit: waiting belongs around it. Without the
    header it is called as it is.

    Raises:
        IdempotencyKeyInvalidError: 400; the header is empty, too long or no plain text.
        IdempotencyKeyReusedError: 422; the key came with another body, query or shopper before.
        IdempotencyInProgressError: 409; the first request is still being carried out.
    """

    @functools.wraps(method)
    def carry_out_once(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        if not (0 < len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
            raise IdempotencyKeyInvalidError
        name, fingerprint = _name(request, key), _fingerprint(request)
        with transaction.atomic():
            _lock(name)
            answered = IdempotentRequest.objects.filter(pk=name, expires_at__gt=timezone.now())
            if (known := answered.first()) is not None:
                return _replay(known, fingerprint=fingerprint)
            response = method(view, request, *args, **kwargs)
            if response.status_code < HTTPStatus.BAD_REQUEST:
                _keep(response, name=name, fingerprint=fingerprint)
        return response

    return carry_out_once


def _name(request: Request, key: str) -> str:
    """Return a digest of key, caller and address: keys of two callers never meet."""
    app = request.auth
    caller = f"key:{app.prefix}" if isinstance(app, AppKey) else address_hash(request)
    return _digest((key.encode(), caller.encode(), request.path.encode()))


def _fingerprint(request: Request) -> str:
    """Return a digest of what is asked for, part by part: multipart borders differ each time."""
    return _digest(_parts(request))


def _parts(request: Request) -> Iterator[bytes]:
    yield str(request.method).encode()
    yield request.META.get("QUERY_STRING", "").encode()
    for header in TOLD_APART_BY:
        yield request.headers.get(header, "").encode()
    sent = request.data
    if not hasattr(sent, "lists"):
        yield json.dumps(sent, sort_keys=True).encode()
        return
    files = request.FILES
    for field, values in sorted(sent.lists()):
        if field not in files:
            yield json.dumps([field, values]).encode()
    for field, uploads in sorted(files.lists()):
        for upload in uploads:
            digest = hashlib.sha256()
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
            yield json.dumps([field, digest.hexdigest()]).encode()


def _digest(parts: Iterator[bytes] | tuple[bytes, ...]) -> str:
    """Return a digest of parts; where one ends and the next begins makes a difference."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _lock(name: str) -> None:
    """Keep others with this name out until the transaction ends.

    Raises:
        IdempotencyInProgressError: another one is within.
    """
    number = int.from_bytes(bytes.fromhex(name)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        is_alone: bool = cursor.fetchone()[0]
    if not is_alone:
        raise IdempotencyInProgressError


def _replay(known: IdempotentRequest, *, fingerprint: str) -> Response:
    if known.fingerprint != fingerprint:
        raise IdempotencyKeyReusedError
    return Response(
        json.loads(known.body) if known.body else None,
        status=known.status,
        headers={**known.headers, REPLAYED: "true"},
    )


def _keep(response: Response, *, name: str, fingerprint: str) -> None:
    headers = {key: value for key, value in response.items() if key != "Content-Type"}
    body = b"" if response.data is None else JSONRenderer().render(response.data)
    IdempotentRequest.objects.update_or_create(
        pk=name,
        defaults={
            "fingerprint": fingerprint,
            "status": response.status_code,
            "headers": headers,
            "body": body.decode(),
            "expires_at": answer_expiry(),
        },
    )
