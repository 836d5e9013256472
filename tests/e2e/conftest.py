"""A real browser before the real shop: live server, worker and a small catalogue behind it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

OpenShop = Callable[..., Page]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Slow machines under load: the browser waits this long for what a test expects.
PATIENCE_SECONDS = 20


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder; hooks of a conftest see every item of the session."""
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the Chromium of this machine; skip where it has none."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        pytest.skip(f"no browser on this machine: none of {', '.join(BROWSERS)}")
    # The browser's event loop lives in this thread, where Django would then refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _is_status_of(page: Page, message: ConsoleMessage) -> bool:
    """Tell whether a message only says that the page itself is refused (400) or not found (404)."""
    if "400 (Bad Request)" in message.text:
        return True
    return "404 (Not Found)" in message.text and message.location["url"] == page.url


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the pictures that every test takes of its last page.

    KFASHION_SCREENSHOTS names it; otherwise it goes with pytest's temporary files.
    """
    named = os.environ.get("KFASHION_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def open_shop(
    browser: Browser,
    live_server: LiveServer,
    small_shop: object,
    screenshots: Path,
    request: pytest.FixtureRequest,
) -> Iterator[OpenShop]:
    """Return a function that opens a page of the shop in a browser of its own.

    Takes the address and the options of ``Browser.new_context``. Whatever a page complains of on
    the console fails the test.
    """
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    pages: list[Page] = []
    complaints: list[str] = []
    with ExitStack() as stack:

        def start(address: str = "/", **options: Any) -> Page:
            context: BrowserContext = browser.new_context(
                base_url=live_server.url, **{"locale": "en-US", **options}
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_SECONDS * 1000)
            page = context.new_page()
            pages.append(page)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda message: (
                    complaints.append(message.text)
                    if message.type == "error" and not _is_status_of(page, message)
                    else None
                ),
            )
            page.goto(address)
            return page

        yield start
        for number, page in enumerate(pages):
            if not page.is_closed():
                page.screenshot(path=screenshots / f"{name}-{number}.png")
    assert complaints == []
