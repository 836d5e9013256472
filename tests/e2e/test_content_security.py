"""Pages that are not the shop's own, under the shop's policy: the admin and the API's docs.

The shop's own pages are watched by every test of this folder: a breach is an error on the console.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from products.models import Product
from tests.e2e.conftest import OpenShop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff_page(browser: Browser, live_server: LiveServer, admin_client: Client) -> Iterator[Page]:
    """Open a browser that is signed in as staff; what it complains of fails the test."""
    context = browser.new_context(base_url=live_server.url, locale="en-US")
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def test_the_api_docs_work_without_exceptions_from_the_policy(open_shop: OpenShop) -> None:
    page = open_shop(reverse("api:docs"))
    expect(page.locator(".opblock").first).to_be_visible()
    page.locator(".opblock-summary-control").first.click()
    expect(page.locator(".opblock-body").first).to_be_visible()


def test_staff_pages_work_without_exceptions_from_the_policy(
    staff_page: Page, small_shop: None
) -> None:
    product = Product.objects.earliest("pk")
    names = ["index", "products_product_changelist", "products_product_add"]
    names += ["products_imagesearch_changelist", "styles_job_changelist"]
    names += ["styles_modelversion_changelist", "styles_clustering_changelist"]
    for name in names:
        staff_page.goto(reverse(f"admin:{name}"))
        expect(staff_page.locator("#content")).to_be_visible()
    staff_page.goto(reverse("admin:products_product_change", args=[product.pk]))
    # The admin's own scripts run: adding a row of the photos is theirs.
    staff_page.locator("#images-group .add-row a").click()
    expect(staff_page.locator("#images-1")).to_be_visible()
