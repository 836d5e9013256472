"""Sends one request to an address that the shop does not know; called by ``webhooks.deliveries``.

Whoever answers there may be slow, hostile or the shop's own network: only public addresses, no
redirects, a limit on the time in all and on what is read.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from django.utils.encoding import iri_to_uri

from webhooks import conf
from webhooks.addresses import PrivateAddressError, UnknownHostError, resolve

EXCERPT_BYTES = 1024
USER_AGENT = "kfashion-webhooks"
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Answer:
    """What an endpoint answered; ``excerpt`` is the beginning of the body."""

    status: int
    excerpt: str


class SendingError(Exception):
    """No answer came. ``code`` is one of ``WebhookDelivery.Error``."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post a body and return the answer, whatever its status; redirects are not followed.

    Raises:
        SendingError: the address is refused, or nobody answered, or not in time.
    """
    deadline = time.monotonic() + conf.get("WEBHOOK_TOTAL_SECONDS")
    parts = urlsplit(url)
    if parts.scheme not in PORTS or (parts.scheme == "http" and not conf.get("WEBHOOK_ALLOW_HTTP")):
        raise SendingError("refused_address", f"{parts.scheme}:// is not allowed")
    sock = _connect(parts)
    with sock, _closed_at(deadline, sock) as is_late:
        try:
            return _exchange(sock, parts, body=body, headers=headers)
        except ssl.SSLCertVerificationError as error:
            raise SendingError("insecure", str(error)) from error
        except (OSError, HTTPException) as error:
            if is_late.is_set() or isinstance(error, TimeoutError):
                raise SendingError("timeout", "no answer in time") from error
            raise SendingError("unreachable", str(error) or type(error).__name__) from error


def _connect(parts: SplitResult) -> socket.socket:
    """Connect to one of the addresses that have been judged, and to nothing else."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    deadline = time.monotonic() + conf.get("WEBHOOK_CONNECT_SECONDS")
    try:
        addresses = resolve(
            host,
            port=port,
            timeout_seconds=deadline - time.monotonic(),
            allow_private=conf.get("WEBHOOK_ALLOW_PRIVATE"),
        )
    except PrivateAddressError as error:
        raise SendingError("refused_address", str(error)) from error
    except UnknownHostError as error:
        raise SendingError("unreachable", str(error)) from error
    sock = _first_open(addresses, port, deadline=deadline)
    sock.settimeout(max(deadline - time.monotonic(), 0.001))
    if parts.scheme == "http":
        return sock
    try:
        # The certificate is held against the name, although the name is not looked up again.
        return ssl.create_default_context().wrap_socket(
            sock, server_hostname=host, do_handshake_on_connect=False
        )
    except OSError as error:  # The other side has hung up already.
        sock.close()
        raise SendingError("unreachable", str(error)) from error


def _first_open(addresses: Sequence[str], port: int, *, deadline: float) -> socket.socket:
    error: OSError = TimeoutError()
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            # An address needs no lookup: the system connects to this very one.
            return socket.create_connection((address, port), timeout=left)
        except OSError as failed:
            error = failed
    if isinstance(error, TimeoutError):
        raise SendingError("timeout", "no connection in time") from error
    raise SendingError("unreachable", str(error)) from error


def _exchange(
    sock: socket.socket, parts: SplitResult, *, body: bytes, headers: Mapping[str, str]
) -> Answer:
    if isinstance(sock, ssl.SSLSocket):
        sock.do_handshake()
        connection: HTTPConnection = HTTPSConnection(
            parts.hostname or "", parts.port, context=sock.context
        )
    else:
        connection = HTTPConnection(parts.hostname or "", parts.port)
    sock.settimeout(conf.get("WEBHOOK_TOTAL_SECONDS"))
    connection.sock = sock
    connection.auto_open = 0  # Never by its name.
    target = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    connection.request(
        "POST",
        target,
        body=body,
        headers={**headers, "User-Agent": USER_AGENT, "Connection": "close"},
    )
    response = connection.getresponse()
    return Answer(response.status, _beginning(response))


def _beginning(response: HTTPResponse) -> str:
    """Return what can be read of a body. The status has decided: a body that breaks off is one."""
    try:
        beginning = response.read(EXCERPT_BYTES)
    except (OSError, HTTPException) as error:
        return f"({type(error).__name__})"
    # PostgreSQL keeps no NUL in a text.
    return beginning.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


@contextmanager
def _closed_at(deadline: float, sock: socket.socket) -> Iterator[threading.Event]:
    """Shut a connection at the deadline: a time limit alone starts anew with each byte read."""
    is_late = threading.Event()

    def shut() -> None:
        is_late.set()
        try:
            # Of the plain socket: that of TLS would take away what the other thread reads with.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
        except OSError:
            return  # It is closed already.

    timer = threading.Timer(max(deadline - time.monotonic(), 0), shut)
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()
