"""An employee brings a catalogue in, mends what was refused, finds it, and takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from products.models import Product, ProductEmbedding
from tests.imports import zipped
from tests.styles.ml.tiny import COLOURS, photo

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_MS = 60_000
ROWS = 12


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServer, small_shop: object, admin_client: Client
) -> Iterator[Page]:
    """Open a browser that is signed in as staff, before a shop with a worker behind it."""
    context = browser.new_context(base_url=live_server.url, locale="en-US", accept_downloads=True)
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def drawn(number: int) -> bytes:
    """Return a drawn photo of one of three colours, no two alike."""
    return photo(list(COLOURS)[number % len(COLOURS)], number=500 + number)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Return a ZIP of a table and drawn photos; the price of one row is no price."""
    rows = "".join(
        f"IM-{number},Imported {number},{'cheap' if number == 7 else 1000 + number},{number}.png\n"
        for number in range(ROWS)
    )
    file = tmp_path / "autumn.zip"
    photos = {f"{number}.png": drawn(number) for number in range(ROWS)}
    file.write_bytes(zipped({"autumn.csv": f"sku,name,price,image\n{rows}", **photos}))
    return file


def send(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible(timeout=PATIENCE_MS)


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Confirm and import").click()
    expect(page.get_by_text("The import has begun.")).to_be_visible()
    expect(page.locator(".import-badge")).to_have_text("done", timeout=PATIENCE_MS)


def test_a_catalogue_comes_in_is_mended_found_and_taken_back(
    page: Page, catalogue: Path, tmp_path: Path
) -> None:
    before = Product.objects.count()
    page.goto(reverse("admin:products_catalogueimport_changelist"))
    page.get_by_role("link", name="Import a catalogue file").click()
    send(page, catalogue)
    expect(page.locator(".import-counts")).to_contain_text(f"created{ROWS - 1}")
    assert Product.objects.count() == before
    confirm(page)
    first = page.url
    imported = ProductEmbedding.objects.filter(product__sku__startswith="IM-")
    assert imported.count() == ROWS - 1

    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download the refused rows").click()
    refused = Path(downloading.value.path()).read_text(encoding="utf-8-sig")
    assert refused.startswith("sku,name,price,image,reason")
    mended = tmp_path / "mended.csv"
    mended.write_text(refused.replace("IM-7,Imported 7,cheap", "IM-7,Imported 7,1007"))
    page.get_by_role("link", name="Send mended rows").click()
    send(page, mended)
    confirm(page)
    assert imported.count() == ROWS

    page.goto("/products/?q=Imported")
    expect(page.get_by_text("Imported 7").first).to_be_visible()
    look_alikes = page.request.get("/api/v1/products/IM-7/similar/").json()["results"]
    assert any(hit["product"]["sku"].startswith("IM-") for hit in look_alikes)

    page.goto(first)
    page.get_by_role("button", name="Undo this import").click()
    expect(page.locator(".import-badge")).to_have_text("undone", timeout=PATIENCE_MS)
    assert Product.objects.filter(sku__startswith="IM-").count() == 1


def test_it_works_on_a_phone_without_scripts(
    browser: Browser, live_server: LiveServer, small_shop: object, admin_client: Client
) -> None:
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(reverse("admin:products_catalogueimport_add"))
    page.locator("input[type=file]").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"sku,name\nIM-1,Imported\n"}
    )
    page.get_by_role("button", name="Look at the file").click()
    button = page.get_by_role("button", name="Confirm and import")
    expect(button).to_be_visible(timeout=PATIENCE_MS)
    box = button.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 320
    context.close()
