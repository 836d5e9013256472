"""Another system that takes webhooks: a real HTTP server in a thread that answers as told."""

from __future__ import annotations

import ssl
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Received:
    """A request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Told:
    """An answer to give.

    Attributes:
        waits_for: set, the answer is held back until this is.
        drips: whether a byte comes now and then, for ever.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    waits_for: threading.Event | None = None
    drips: bool = False


class Receiver:
    """What came in, and what is answered next; when nothing is left to answer, 200."""

    def __init__(self, server: ThreadingHTTPServer, scheme: str) -> None:
        self.port: int = server.server_address[1]
        self.scheme = scheme
        self.received: list[Received] = []
        self.answers: deque[Told] = deque()
        self._arrived = threading.Condition()

    def url(self, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}/hooks?shop=1"

    def take(self, request: Received) -> Told:
        with self._arrived:
            self.received.append(request)
            told = self.answers.popleft() if self.answers else Told()
            self._arrived.notify_all()
        return told

    def wait_for(self, count: int) -> list[Received]:
        """Return what came in, as soon as it is so many."""
        with self._arrived:
            came = self._arrived.wait_for(lambda: len(self.received) >= count, PATIENCE_SECONDS)
        assert came, f"{len(self.received)} of {count} requests came"
        return self.received


@contextmanager
def running_receiver(certificate: str | None = None) -> Iterator[Receiver]:
    """Serve on a free port of this machine; over TLS with a certificate and its key in one file."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = receiver.take(Received(self.path, dict(self.headers), body))
            try:
                self._answer(told)
            except OSError:
                self.close_connection = True  # Whoever asked has gone.

        def _answer(self, told: Told) -> None:
            if told.waits_for is not None:
                told.waits_for.wait(PATIENCE_SECONDS)
            while told.drips and not is_over.wait(0.02):
                self.wfile.write(b"H")
                self.wfile.flush()
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    is_over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    receiver = Receiver(server, "https" if certificate else "http")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
