"""Connections that our processes make to addresses others have named: webhooks, photos by address.

Whoever answers there may be slow, hostile or the shop's own network: only public addresses, judged
once and connected to as judged, and a limit on the time in all.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Final
from urllib.parse import SplitResult

from access.addresses import PrivateAddressError, UnknownHostError, resolve

PORTS: Final = {"http": 80, "https": 443}
_BLOCK_BYTES: Final = 65_536


class CallError(Exception):
    """No answer came.

    Attributes:
        code: ``refused_address``, ``insecure``, ``timeout`` or ``unreachable``.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True)
class Limits:
    """How long to look a name up, connect and agree on TLS; and for all of it with the answer.

    ``allow_private`` lets calls stay in private networks: for development and tests.
    """

    connect_seconds: float
    total_seconds: float
    allow_private: bool = False


@contextmanager
def calling(parts: SplitResult, *, limits: Limits) -> Iterator[HTTPConnection]:
    """Connect, for one request and as long as the block lasts.

    At the time limit the connection is shut: a body that is being read ends there, as if whole.

    Args:
        parts: an address of http or https with a host.

    Raises:
        CallError: from here and from within the block: the address is refused, or nobody answered,
            or not in time.
    """
    deadline = time.monotonic() + limits.total_seconds
    sock = _connect(parts, limits)
    with sock, _closed_at(deadline, sock) as is_late:
        try:
            yield _agreed(sock, parts, limits)
        except ssl.SSLCertVerificationError as error:
            raise CallError("insecure", str(error)) from error
        except (OSError, HTTPException) as error:
            if is_late.is_set() or isinstance(error, TimeoutError):
                raise CallError("timeout", "no answer in time") from error
            raise CallError("unreachable", str(error) or type(error).__name__) from error


def read_at_most(response: HTTPResponse, *, limit: int) -> bytes:
    """Return the beginning of a body, of ``limit`` bytes at most.

    ``response.read(limit)`` is no limit: of a chunk that claims a negative length it takes all that
    ever comes.
    """
    announced = limit if response.length is None else min(response.length, limit)
    body = bytearray()
    while len(body) < announced and (
        block := response.read1(min(announced - len(body), _BLOCK_BYTES))
    ):
        body += block
    return bytes(body[:announced])


def _connect(parts: SplitResult, limits: Limits) -> socket.socket:
    """Connect to one of the addresses that have been judged, and to nothing else."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    deadline = time.monotonic() + limits.connect_seconds
    try:
        addresses = resolve(
            host,
            port=port,
            timeout_seconds=deadline - time.monotonic(),
            allow_private=limits.allow_private,
        )
    except PrivateAddressError as error:
        raise CallError("refused_address", str(error)) from error
    except UnknownHostError as error:
        raise CallError("unreachable", str(error)) from error
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
        raise CallError("unreachable", str(error)) from error


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
        raise CallError("timeout", "no connection in time") from error
    raise CallError("unreachable", str(error)) from error


def _agreed(sock: socket.socket, parts: SplitResult, limits: Limits) -> HTTPConnection:
    """Return a connection over the socket, with TLS agreed on; never one by its name."""
    if isinstance(sock, ssl.SSLSocket):
        sock.do_handshake()
        connection: HTTPConnection = HTTPSConnection(
            parts.hostname or "", parts.port, context=sock.context
        )
    else:
        connection = HTTPConnection(parts.hostname or "", parts.port)
    sock.settimeout(limits.total_seconds)
    connection.sock = sock
    connection.auto_open = 0
    return connection


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
