"""The API under many clients: product pages, look-alikes, and fifty photos at once.

    python -m benchmarks.api [--requests N] [--json]

Opens the shop on the real catalogue as `make run` does and asks with a key of an app. Limits are
switched off, as in all shops of the benchmarks: counting them costs a few per cent. Server time is
what gunicorn says each request took it, from the first byte read to the last one written.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.figures import tell
from benchmarks.image_search import upload_request
from benchmarks.running_shop import (
    CATALOGUE,
    ROOT,
    STATE,
    UPLOADS,
    RunningShop,
    require_shared_data,
    running_shop,
)

CLIENTS = 16
REQUESTS = 3000
WARM_UP = 300
SEARCHES = 50
ANSWER_SECONDS = 5.0
POLL_SECONDS = 0.2
GIVE_UP_SECONDS = 60.0
LOG_FORMAT = "took %(D)s us %(s)s %(U)s"
RATES = ("reads=100000000/minute", "searches=100000000/minute")
UNFINISHED = {"pending", "running"}


class Client:
    """One connection to the shop, kept open as apps do."""

    def __init__(self, address: str, key: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._headers = {"Authorization": f"Bearer {key}"}

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Return status and body; a connection that the server has closed is opened anew."""
        for is_last in (False, True):
            try:
                self._connection.request(method, path, body, self._headers | headers)
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, ConnectionError):
                self._connection.close()
                if is_last:
                    raise
        raise AssertionError


def measure(*, requests: int) -> dict[str, Any]:
    """Return the figures by name."""
    require_shared_data()
    os.environ["GUNICORN_CMD_ARGS"] = f"--access-logformat '{LOG_FORMAT}'"
    photos = [path.read_bytes() for path in sorted((UPLOADS / "validation").glob("*/*.jpg"))]
    with running_shop(CATALOGUE) as shop:
        key = make_key()
        skus = [product["sku"] for product in some_products(shop, key)]
        pages = [f"/api/v1/products/{sku}/" for sku in skus]
        similar = [f"/api/v1/products/{sku}/similar/" for sku in skus]
        read_together(shop, key, pages[:WARM_UP] + similar[:WARM_UP])
        return {
            f"product, {CLIENTS} clients": asked(shop, key, pages, requests),
            f"look-alikes, {CLIENTS} clients": asked(shop, key, similar, requests),
            f"half and half, {CLIENTS} clients": asked(
                shop,
                key,
                [path for pair in zip(pages, similar, strict=True) for path in pair],
                requests,
            ),
            f"{SEARCHES} searches at once, polling": at_once(shop, key, photos, wait=False),
            f"{SEARCHES} searches at once, waiting": at_once(shop, key, photos, wait=True),
        }


def make_key() -> str:
    """Make a key whose limits nobody reaches, as staff would."""
    rates = [argument for rate in RATES for argument in ("--rate", rate)]
    made = subprocess.run(
        [sys.executable, "manage.py", "create_app_key", "benchmark", *rates, "--json"],
        cwd=ROOT,
        env=os.environ | {"KFASHION_VAR": str(STATE)},
        capture_output=True,
        text=True,
        check=True,
    )
    key: str = json.loads(made.stdout.splitlines()[-1])["key"]
    return key


def some_products(shop: RunningShop, key: str, *, parts: int = 10) -> list[dict[str, Any]]:
    """Return products from all over the catalogue."""
    client, found, cursor = Client(shop.address, key), [], ""
    for _ in range(parts):
        _, body = client.ask("GET", f"/api/v1/products/?limit=100&cursor={cursor}")
        part = json.loads(body)
        found += part["results"]
        cursor = part["next_cursor"]
    return found


def asked(
    shop: RunningShop, key: str, paths: Sequence[str], requests: int
) -> dict[str, float | int]:
    """Ask for these in any order; return what it took."""
    drawn = random.Random(1).choices(paths, k=requests)
    with server_times() as times:
        began, worked = time.monotonic(), processor_seconds(shop)
        statuses, seconds = read_together(shop, key, drawn)
        elapsed, worked = time.monotonic() - began, processor_seconds(shop) - worked
    return {
        "server p50 ms": percentile(times, 50),
        "server p95 ms": percentile(times, 95),
        "client p50 ms": percentile(seconds, 50),
        "client p95 ms": percentile(seconds, 95),
        # This one is the same on a machine that is busy with something else.
        "web processor ms a request": round(worked / requests * 1000, 2),
        "requests/s": round(requests / elapsed, 1),
        "errors": sum(status != 200 for status in statuses),
    }


def processor_seconds(shop: RunningShop) -> float:
    """Return what the web processes have worked so far."""
    times = [process.cpu_times() for process in shop.web_processes()]
    return sum(each.user + each.system for each in times)


def read_together(
    shop: RunningShop, key: str, paths: Sequence[str]
) -> tuple[list[int], list[float]]:
    """Ask for paths by CLIENTS connections; return statuses, and seconds as clients saw them."""
    local = threading.local()

    def read(path: str) -> tuple[int, float]:
        if not hasattr(local, "client"):
            local.client = Client(shop.address, key)
        began = time.monotonic()
        status, _ = local.client.ask("GET", path)
        return status, time.monotonic() - began

    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(read, paths))
    return [status for status, _ in answers], [seconds for _, seconds in answers]


@contextmanager
def server_times() -> Iterator[list[float]]:
    """Yield a list that holds the seconds of each request of the block, once it has ended."""
    log = newest_log()
    begin = log.stat().st_size
    times: list[float] = []
    yield times
    time.sleep(0.5)  # the last lines are on their way
    with log.open("rb") as file:
        file.seek(begin)
        for line in file.read().decode(errors="replace").splitlines():
            words = line.split()
            if words[:1] == ["took"] and words[4].startswith("/api/v1/"):
                times.append(int(words[1]) / 1e6)


def newest_log() -> Path:
    """Return what the web server of the open shop writes."""
    return max(STATE.glob("shops/*/web.log"), key=lambda log: log.stat().st_mtime)


def at_once(
    shop: RunningShop, key: str, photos: Sequence[bytes], *, wait: bool
) -> dict[str, float | int | bool]:
    """Send SEARCHES photos at the same moment; return how they fared, and the health meanwhile."""
    gate = threading.Barrier(SEARCHES)

    def search(number: int) -> tuple[str, float]:
        client = Client(shop.address, key)
        photo = photos[number % len(photos)]
        gate.wait()
        began = time.monotonic()
        return search_until_done(client, photo, wait=wait), time.monotonic() - began

    with health_watched(shop) as health, ThreadPoolExecutor(SEARCHES) as clients:
        finished = list(clients.map(search, range(SEARCHES)))
    seconds = [elapsed for _, elapsed in finished]
    return {
        "done": sum(status == "done" for status, _ in finished),
        "lost": sum(status != "done" for status, _ in finished),
        "p50 s": round(statistics.median(seconds), 2),
        "last s": round(max(seconds), 2),
        f"all within {ANSWER_SECONDS:g} s": max(seconds) <= ANSWER_SECONDS,
        "health checks": len(health),
        "health checks failed": sum(status != 200 for status, _ in health),
        "slowest health check s": round(max(elapsed for _, elapsed in health), 2),
    }


def search_until_done(client: Client, photo: bytes, *, wait: bool) -> str:
    """Upload a photo and ask for it until it is finished; return its status."""
    upload = upload_request("http://shop/", photo)
    headers = {"Content-Type": str(upload.get_header("Content-type"))}
    if wait:
        headers["Prefer"] = "wait=10"
    assert isinstance(upload.data, bytes)
    status, body = client.ask("POST", "/api/v1/image-searches/", upload.data, **headers)
    if status not in {200, 202}:
        return f"refused with {status}"
    search = json.loads(body)
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while search["status"] in UNFINISHED and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        _, body = client.ask("GET", f"/api/v1/image-searches/{search['id']}/")
        search = json.loads(body)
    return str(search["status"])


@contextmanager
def health_watched(shop: RunningShop) -> Iterator[list[tuple[int, float]]]:
    """Ask for the health of the shop all along the block; yield (status, seconds) of each."""
    answers: list[tuple[int, float]] = []
    is_over = threading.Event()

    def watch() -> None:
        client = Client(shop.address, "")
        while not is_over.is_set():
            for path in ("/healthz/", "/readyz/"):
                began = time.monotonic()
                status, _ = client.ask("GET", path)
                answers.append((status, time.monotonic() - began))
            is_over.wait(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield answers
    finally:
        is_over.set()
        watcher.join()


def percentile(seconds: Sequence[float], which: int) -> float:
    """Return a percentile in milliseconds."""
    return round(statistics.quantiles(seconds, n=100)[which - 1] * 1000, 1)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what the command line may say."""
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each kind")


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=configure)
