"""Bodies that are too large or too slow: refused unread, or given up; WSGI entry and settings.

A thread that waits for a body serves nobody else. gunicorn's threads wait for one without end, so
its silence and its whole time are limited here. What dribbles in before the body, the header
fields, only a proxy in front can limit.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from socket import SHUT_RD, socket
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from access import conf
from access.problems import MEDIA_TYPE, problem_document

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

API = "/api/"
# Left in the environment of a request whose body was given up.
TOO_SLOW = "access.body_too_slow"
REFUSALS = {
    "body_too_large": (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("The upload is larger than anything the shop takes. Choose a smaller photo."),
    ),
    "length_required": (
        HTTPStatus.LENGTH_REQUIRED,
        _("Say how long the body is: the header “Content-Length” is missing."),
    ),
    "upload_too_slow": (
        HTTPStatus.REQUEST_TIMEOUT,
        _("The upload took too long. Try again where the connection is better."),
    ),
}


class BodyLimitMiddleware:
    """Refuses a body by its length before a byte of it is read.

    Staff may send larger ones through pages: a product has many photos. It stands behind
    authentication and languages, and before whatever reads a body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request, or say why not."""
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            # Django would take it for empty.
            return refusal(request, code="length_required")
        if _length(request.META) > conf.max_body_bytes() and not _is_staff_page(request):
            return refusal(request, code="body_too_large")
        response = self._get_response(request)
        if request.META.get(TOO_SLOW):
            # Whatever was made of half a body.
            return refusal(request, code="upload_too_slow")
        return response


class TimedBodies:
    """A WSGI application whose requests do not wait for a body longer than they should.

    It needs the socket, which gunicorn hands over; under another server nothing changes.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        connection = environ.get("gunicorn.socket")
        if connection is None or not _length(environ):
            return self._application(environ, start_response)
        body = environ["wsgi.input"] = _TimedInput(environ, connection)
        try:
            return self._application(environ, start_response)
        finally:
            body.close()


class _TimedInput:
    """A body whose sender may be silent only so long, and that has to end some time."""

    def __init__(self, environ: WSGIEnvironment, connection: socket) -> None:
        self._body = environ["wsgi.input"]
        self._left = _length(environ)
        self._environ = environ
        self._connection = connection
        self._timer = threading.Timer(conf.get("BODY_TIMEOUT_SECONDS"), self._give_up)
        self._timer.daemon = True
        # Half of a TLS connection cannot be shut down: there, silence alone is limited.
        if not isinstance(connection, ssl.SSLSocket):
            self._timer.start()

    def read(self, *size: int) -> bytes:
        return self._timed(self._body.read, *size)

    def readline(self, *size: int) -> bytes:
        return self._timed(self._body.readline, *size)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def close(self) -> None:
        """Wait for nothing more."""
        self._timer.cancel()

    def _timed(self, read: Callable[..., bytes], *size: int) -> bytes:
        before = self._connection.gettimeout()
        self._connection.settimeout(conf.get("BODY_SILENCE_SECONDS"))
        try:
            content = read(*size)
        except TimeoutError:
            self._environ[TOO_SLOW] = True
            raise
        finally:
            self._connection.settimeout(before)
        if self._environ.get(TOO_SLOW):
            raise TimeoutError("The body was given up.")
        self._left -= len(content)
        if self._left <= 0:
            self.close()
        return content

    def _give_up(self) -> None:
        """Stop reading: a dribbling sender is never silent, and a server reads whole chunks."""
        self._environ[TOO_SLOW] = True
        self._connection.shutdown(SHUT_RD)


def refusal(request: HttpRequest, *, code: str) -> HttpResponse:
    """Return why a body was not taken: problem details to an app, a page to a person."""
    status, sentence = REFUSALS[code]
    if request.path_info.startswith(API):
        document = problem_document(status, code=code, detail=sentence)
        return JsonResponse(document, status=status, content_type=MEDIA_TYPE)
    return render(request, "access/refused.html", {"sentence": sentence}, status=status)


def _length(environ: WSGIEnvironment) -> int:
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdecimal() else 0


def _is_staff_page(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return not request.path_info.startswith(API) and bool(user and user.is_staff)
