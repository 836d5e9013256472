"""Searches while the model and the clusters change: errors, and responses that mix two versions.

    python -m benchmarks.change_under_load [--model-version N] [--json]

Opens a shop on the drawn catalogue as `make run` does, trains one more model version, and has real
HTTP clients search 20 times a second while that version is activated, the activation is undone, the
products are clustered anew, and that is undone. Three of four searches ask for the look-alikes of a
product, one uploads a photo. Afterwards each response is compared with the rows: its distances must
be those of one model version, and its clusters those of one clustering of the same version.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from benchmarks.answers_of_versions import Answers, Hits, read_hits
from benchmarks.figures import tell
from benchmarks.image_search import spread, upload_request
from benchmarks.running_shop import ROOT, STATE, running_shop

# A shop of its own: it trains a version each time.
SHOP = STATE / "change_under_load"
SEARCHES_PER_SECOND = 20
CLIENTS = 16
EVERY_NTH_UPLOADS = 4
HITS = 10
# Searched before the first change, between two of them and after the last.
QUIET_SECONDS = 3.0
TIMEOUT_SECONDS = 30.0
# What a shopper's photo may take on a machine that is busy with other things.
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Answer:
    """What became of one search. ``error`` is empty where it was answered."""

    began: float
    seconds: float
    error: str = ""
    sku: str = ""
    search: str = ""
    model_version: int = 0
    hits: Hits = ()


@dataclass(frozen=True)
class Change:
    """A change of what serves, and when it was under way."""

    name: str
    began: float
    ended: float


class Clients:
    """Real HTTP clients that search at a steady rate, as long as one of them is free."""

    def __init__(self, address: str) -> None:
        self._address = address
        products = self._read(f"{address}/api/v1/products/?limit=100")["results"]
        self._skus = [product["sku"] for product in products]
        self._photos = [_bytes(product["image"]) for product in products[:20]]

    @contextmanager
    def searching(self) -> Iterator[list[Answer]]:
        """Search until the block ends; the answers are complete after it."""
        answers: list[Answer] = []
        is_over = threading.Event()
        under_way: list[Future[Answer]] = []
        free = threading.Semaphore(CLIENTS)

        def run() -> None:
            due = time.monotonic()
            for number in itertools.count():
                if is_over.wait(max(due - time.monotonic(), 0)):
                    return
                due += 1 / SEARCHES_PER_SECOND
                # On a machine that cannot keep up, a backlog would be answered after the changes.
                if free.acquire(blocking=False):
                    under_way.append(pool.submit(self._search, number))
                    under_way[-1].add_done_callback(lambda _: free.release())

        with ThreadPoolExecutor(CLIENTS) as pool:
            clock = threading.Thread(target=run)
            clock.start()
            try:
                yield answers
            finally:
                is_over.set()
                clock.join()
                answers += [future.result() for future in under_way]

    def _search(self, number: int) -> Answer:
        began = time.monotonic()
        try:
            if number % EVERY_NTH_UPLOADS:
                return self._look_alikes(self._skus[number % len(self._skus)], began)
            return self._upload(self._photos[number % len(self._photos)], began)
        except (OSError, ValueError, KeyError) as error:
            return Answer(began, time.monotonic() - began, error=f"{type(error).__name__}: {error}")

    def _look_alikes(self, sku: str, began: float) -> Answer:
        found = self._read(f"{self._address}/api/v1/products/{quote(sku)}/similar/?limit={HITS}")
        hits = read_hits(found["results"])
        error = "" if hits else "no products found"
        return Answer(began, time.monotonic() - began, error=error, sku=sku, hits=hits)

    def _upload(self, photo: bytes, began: float) -> Answer:
        endpoint = f"{self._address}/api/v1/image-searches/"
        search = self._read(upload_request(endpoint, photo))
        while (
            search["status"] in {"pending", "running"}
            and time.monotonic() < began + PATIENCE_SECONDS
        ):
            time.sleep(POLL_SECONDS)
            search = self._read(f"{endpoint}{search['id']}/")
        if search["status"] != "done":
            error = f"the search is {search['status']}: {search['error']}"
            return Answer(began, time.monotonic() - began, error=error)
        hits = read_hits(self._read(f"{search['results']}?limit={HITS}")["results"])
        return Answer(
            began,
            time.monotonic() - began,
            error="" if hits else "no products found",
            search=search["id"],
            model_version=search["model_version"],
            hits=hits,
        )

    def _read(self, address: str | Request) -> Any:
        with urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - http only
            return json.load(answer)


def measure(model_version: int | None = None) -> dict[str, Any]:
    """Return the figures by name.

    Args:
        model_version: number of a version of the shop that is to be activated; else one is trained.
    """
    with running_shop(state=SHOP) as shop:
        before = _active_version()
        number = str(model_version or _train())
        clients = Clients(shop.address)
        changes = []
        with clients.searching() as answers:
            for name, arguments in (
                ("activation", ("activate_model_version", number)),
                ("undo of activation", ("activate_model_version", "--undo")),
                ("recluster", ("recluster",)),
                ("undo of recluster", ("recluster", "--undo")),
            ):
                time.sleep(QUIET_SECONDS)
                began = time.monotonic()
                manage(*arguments)
                changes.append(Change(name, began, time.monotonic()))
            time.sleep(QUIET_SECONDS)
        figures = judge(answers, changes, Answers())
        manage("prune_model_versions", number)
        return {"model versions": f"{before} and {number}", **figures}


def judge(answers: Sequence[Answer], changes: Sequence[Change], rows: Answers) -> dict[str, Any]:
    """Return how many searches failed or mixed versions, in all and during each change."""
    versions = [_versions(answer, rows) for answer in answers]
    mixed = [not answer.error and not of for answer, of in zip(answers, versions, strict=True)]
    elapsed = max(a.began for a in answers) - min(a.began for a in answers)
    figures: dict[str, Any] = {
        "searches": len(answers),
        "searches/s": round(len(answers) / elapsed, 1),
        "errors": sum(bool(answer.error) for answer in answers),
        "mixed versions": sum(mixed),
        "searches by version": {
            str(number): sum(of == {number} for of in versions)
            for number in sorted(set().union(*versions))
        },
        "first errors": "; ".join([answer.error for answer in answers if answer.error][:3]),
        "all": spread([answer.seconds for answer in answers]),
    }
    for change in changes:
        during = [
            answer.seconds for answer in answers if change.began <= answer.began <= change.ended
        ]
        figures[change.name] = {
            "seconds": round(change.ended - change.began, 1),
            "searches": len(during),
            **(spread(during) if len(during) > 1 else {}),
        }
    return figures


def manage(*arguments: str) -> dict[str, Any]:
    """Run a management command on the shop; return the JSON object it ends with.

    Raises:
        RuntimeError: it failed; the message is what it said.
    """
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments, "--json"],
        cwd=ROOT,
        env={**os.environ, "KFASHION_VAR": str(SHOP), "LOG_LEVEL": "WARNING"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip()[-2000:]}")
    printed: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return printed


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model-version", type=int, metavar="N", help="activate this one")


def _train() -> int:
    """Return the number of a version that is like no other."""
    trained = manage("train_model_version", "catalogue", "--seed", str(int(time.time())))
    return int(trained["model_version"])


def _versions(answer: Answer, rows: Answers) -> set[int]:
    if answer.error:
        return set()
    if answer.search:
        return rows.of_search(answer.search, answer.model_version, answer.hits)
    return rows.of_product(answer.sku, answer.hits)


def _active_version() -> int:
    """Set Django up on the open shop, and return the number of the version that serves."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "kfashion_site.settings",
        "DATABASE_POOL_SIZE": "0",
        "KFASHION_VAR": str(SHOP),
    }
    import django

    django.setup()
    from styles.models import ModelVersion

    return ModelVersion.objects.active().number


def _bytes(address: str) -> bytes:
    with urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - http only
        content: bytes = answer.read()
        return content


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=_configure)
