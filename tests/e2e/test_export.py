"""An employee takes the catalogue out of the admin, changes it and sends it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from products.importers import import_catalogue
from products.models import Product
from tests.shop import make_product

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, admin_client: Client) -> Iterator[Page]:
    """Open a browser that is signed in as staff."""
    context = browser.new_context(base_url=live_server.url, locale="en-US", accept_downloads=True)
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    yield context.new_page()
    context.close()


def test_the_catalogue_is_taken_out_changed_and_sent_back(page: Page, tmp_path: Path) -> None:
    make_product("a", name="=Coat", category="Coats")
    make_product("b", name="Shirt", category="Shirts")
    page.goto(reverse("admin:products_product_changelist"))
    page.get_by_role("link", name="Export products").click()
    page.get_by_label("Category").fill("coats")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.suffix == ".csv"
    text = file.read_text(encoding="utf-8-sig")
    assert "Shirt" not in text

    file.write_text(text.replace("'=Coat", "Parka"), encoding="utf-8")

    result = import_catalogue(file)
    assert (result.updated, result.errors) == (1, [])
    assert Product.objects.get(sku="a").name == "Parka"


def test_what_is_wrong_is_said_on_the_page(page: Page) -> None:
    page.goto(reverse("admin:products_product_export"))
    page.get_by_label("Category").fill("nothing")
    page.get_by_role("button", name="Download").click()
    assert page.get_by_text("No product has the category “nothing”.").is_visible()
