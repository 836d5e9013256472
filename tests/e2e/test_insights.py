"""Staff look at what the photos say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product as pairs

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from shoppers.insights.folding import fold_searches
from shoppers.insights.interest import count_interest
from styles.models import ModelVersion
from tests.shop import make_version
from tests.shoppers.insights.busy_shop import noon, open_busy_shop, photograph_gaps

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/admin/insights/"
SEVERE = {"serious", "critical"}
WIDTHS = (1280, 390, 320)


@pytest.fixture
def busy_shop(transactional_db: None) -> ModelVersion:
    version = make_version()
    today = timezone.localdate()
    open_busy_shop(version, today=today)
    photograph_gaps(version, people=5, at=noon(today))
    fold_searches()
    count_interest()
    return version


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServer, busy_shop: ModelVersion, admin_client: Client
) -> Iterator[Page]:
    """Open a browser that is signed in as staff of a shop in which much has happened."""
    context = browser.new_context(base_url=live_server.url, locale="en-US")
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()
    assert complaints == []


def test_staff_find_the_page_and_every_part_of_it(page: Page) -> None:
    page.goto("/admin/")
    page.locator("#content").get_by_role("link", name="What the photos say").click()
    for part in ("styles", "gaps", "conversion", "balance", "health"):
        expect(page.locator(f"h2#{part}")).to_be_visible()
    expect(page.locator(".multiple svg").first).to_be_visible()
    expect(page.locator(".gap__products img").first).to_be_visible()
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("rowheader", name="Subculture").first).to_be_visible()


def test_axe_finds_nothing_severe_on_it_and_it_never_scrolls_sideways(page: Page) -> None:
    page.goto(ADDRESS)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    found: dict[str, list[str]] = {}
    for scheme, width in pairs(("light", "dark"), WIDTHS):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        results = Axe().run(page, context="#content-main")
        severe = [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in results.response["violations"]
            if violation["impact"] in SEVERE
            for node in violation["nodes"]
        ]
        if severe:
            found[f"{scheme}, {width}"] = severe
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not found, json.dumps(found, indent=1)
