"""The shop's pages in a real Chromium: paint, layout shift, bytes, uploads, and SQL queries.

    python -m benchmarks.pages [--json] [--searches N]

Opens the shop on the real catalogue as `make run` does (minutes the first time, seconds later).
Each page is loaded several times in a fresh browser, on a phone and on a desktop; the slowest load
counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.figures import tell
from benchmarks.running_shop import CATALOGUE, STATE, UPLOADS, require_shared_data, running_shop

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCREENS: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 3,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
LOADS = 5
SEARCHES = 100
WARM_UP = 5
PHOTO_SIZE = (400, 533)
CARDS = 48
CONNECTIONS = 6  # As many as a browser opens to one host.
RESULT_ADDRESS = "**/search/*-*/"
RANKED = ".card__alike"

BARS = {
    "largest contentful paint ms": 1500,
    "layout shift": 0.02,
    "bytes": 500_000,
    "p50 ms": 600,
    "p95 ms": 1200,
    "queries": 12,
}
# Watches from the first byte on; what a shopper caused within half a second is no shift.
OBSERVER = """
window.vitals = { paint: 0, shift: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.vitals.paint = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) window.vitals.shift += entry.value;
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def measure(searches: int = SEARCHES) -> dict[str, Any]:
    """Return the figures by name; those with a bar say whether it was reached."""
    require_shared_data()
    photos = upload_photos()
    with running_shop(CATALOGUE) as shop, chromium() as browser:
        result = upload(browser, shop.address, photos[:WARM_UP])[-1][1]
        uploads = [seconds for seconds, _ in upload(browser, shop.address, photos[:searches])]
        pages = {
            "home": f"{shop.address}/",
            "list": f"{shop.address}/products/",
            "styles": f"{shop.address}/styles/",
            "result": result,
        }
        loads = {
            f"{name}, {screen}": worst_load(browser, address, screen)
            for name, address in pages.items()
            for screen in SCREENS
        }
        return {
            "upload to ranked page": {"searches": len(uploads), **judged(spread(uploads))},
            **{name: judged(figures) for name, figures in loads.items()},
            **in_the_shop(shop.address, result),
        }


def upload_photos() -> list[Path]:
    """Return the real phone photos of the usual size."""
    paths = sorted((UPLOADS / "validation").glob("*/*.jpg"))
    return [path for path in paths if _size(path) == PHOTO_SIZE]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start this machine's Chromium; end with one sentence where it has none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit(f"This benchmark needs a browser, and there is none of {', '.join(BROWSERS)}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def upload(browser: Browser, address: str, photos: list[Path]) -> list[tuple[float, str]]:
    """Send photos one after the other; return seconds from the button to ranked products.

    With each comes the address of its result.
    """
    context = browser.new_context(locale="en-US", **SCREENS["phone"])
    page = context.new_page()
    done = []
    for photo in photos:
        page.goto(f"{address}/search/", wait_until="networkidle")
        page.locator("input[type=file]").first.set_input_files(photo)
        button = page.locator("[data-send]")
        button.wait_for(state="visible")
        began = time.perf_counter()
        button.click(no_wait_after=True)
        page.locator(RANKED).first.wait_for(state="visible")
        done.append((time.perf_counter() - began, page.url))
    context.close()
    return done


def worst_load(browser: Browser, address: str, screen: str) -> dict[str, float]:
    """Load a page several times with an empty cache; return the worst of each figure."""
    loads = [load(browser, address, screen) for _ in range(LOADS)]
    return {name: max(one[name] for one in loads) for name in loads[0]}


def load(browser: Browser, address: str, screen: str) -> dict[str, float]:
    """Load a page once in a fresh browser context; return its figures."""
    context = browser.new_context(locale="en-US", **SCREENS[screen])
    context.add_init_script(OBSERVER)
    page = context.new_page()
    received = _count_bytes(page)
    page.goto(address, wait_until="networkidle")
    vitals = page.evaluate("window.vitals")
    context.close()
    return {
        "largest contentful paint ms": round(vitals["paint"]),
        "layout shift": round(vitals["shift"], 4),
        "bytes": round(sum(received)),
    }


def in_the_shop(address: str, result: str) -> dict[str, Any]:
    """Return what is measured beside the browser, with the shop's own database at hand."""
    os.environ |= {"KFASHION_VAR": str(STATE), "DJANGO_SETTINGS_MODULE": "kfashion_site.settings"}
    os.environ |= {"DATABASE_POOL_SIZE": "0", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    import django

    django.setup()
    from django.test.utils import override_settings
    from django.urls import reverse

    from styles.models import Cluster

    pages = {
        "home": reverse("products:home"),
        "list": reverse("products:list"),
        "styles": reverse("products:groups"),
        "style group": reverse("products:group", args=["casual"]),
        "cluster": reverse("products:cluster", args=[Cluster.objects.in_force()[0].number]),
        "result": result.removeprefix(address),
    }
    with override_settings(KFASHION={"PAGE_SIZE": CARDS}):
        queries = {
            f"SQL queries, {name}": judged({"queries": count_queries(path)})
            for name, path in pages.items()
        }
    return queries | {f"first view of {CARDS} thumbnails ms": first_view(address)}


def count_queries(path: str) -> int:
    """Return how many statements a page sends to the database, once caches are warm."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return len(captured)


def first_view(address: str) -> int:
    """Return the milliseconds until thumbnails that nobody has seen are all there."""
    from products.models import ProductImage
    from products.thumbnails import delete_thumbnails, thumbnail_address

    names = [image.file.name or "" for image in ProductImage.objects.order_by("sha256")[:CARDS]]
    for name in names:
        delete_thumbnails(name)
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as browser:
        list(browser.map(lambda n: _fetch(f"{address}{thumbnail_address(n, width=240)}"), names))
    return round((time.perf_counter() - began) * 1000)


def judged(figures: dict[str, float]) -> dict[str, Any]:
    """Return figures, each that has a bar with whether it was reached."""
    judged: dict[str, Any] = {}
    for name, value in figures.items():
        judged[name] = value
        if name in BARS:
            judged[f"{name}, bar {BARS[name]} reached"] = value <= BARS[name]
    return judged


def spread(seconds: list[float]) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds."""
    percentiles = statistics.quantiles([s * 1000 for s in seconds], n=100)
    return {"p50 ms": round(percentiles[49], 1), "p95 ms": round(percentiles[94], 1)}


def _count_bytes(page: Page) -> list[float]:
    """Return a list that grows by the bytes of each answer, headers included, as they came in."""
    received: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    return received


def _fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - http on 127.0.0.1
        content: bytes = answer.read()
    return content


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--searches", type=int, default=SEARCHES, help="photos to upload")


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=_configure)
