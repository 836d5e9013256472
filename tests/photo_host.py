"""A host of photos: a real HTTP server in a thread that answers GET as told, by path."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Served:
    """An answer.

    Attributes:
        announces: the Content-Length it claims; None claims none at all.
        is_endless: the body comes again and again until whoever asked hangs up.
        drips: a byte of the body comes now and then, for ever.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    announces: int | None = -1
    is_endless: bool = False
    drips: bool = False


class PhotoHost:
    """What is served, and what was asked for. The last answer of a path is given again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []
        self.most_at_once = 0
        self._served: dict[str, deque[Served]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._now = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(self, path: str, *answers: Served) -> str:
        """Answer a path with these, one after the other; return its address."""
        self._served[path].extend(answers)
        return self.url(path)

    def take(self, path: str) -> Served:
        with self._lock:
            self.asked.append(path)
            answers = self._served.get(path)
            if not answers:
                return Served(status=404)
            return answers.popleft() if len(answers) > 1 else answers[0]

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1


@contextmanager
def running_photo_host() -> Iterator[PhotoHost]:
    """Serve on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with host.counted():
                try:
                    self._answer(host.take(self.path))
                except OSError:
                    self.close_connection = True  # Whoever asked has gone.

        def _answer(self, served: Served) -> None:
            self.send_response(served.status)
            for name, value in served.headers.items():
                self.send_header(name, value)
            announced = len(served.body) if served.announces == -1 else served.announces
            if announced is not None and not (served.is_endless or served.drips):
                self.send_header("Content-Length", str(announced))
            self.end_headers()
            self.wfile.write(served.body)
            while served.is_endless and not is_over.is_set():
                self.wfile.write(served.body)
            while served.drips and not is_over.wait(0.02):
                self.wfile.write(b"x")
                self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:
            return

    is_over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    host = PhotoHost(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield host
    finally:
        is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
