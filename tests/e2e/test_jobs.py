"""Staff watch a job in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from styles.jobs import start_job
from styles.models import Job
from tests.counting import COUNT

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_MS = 30_000


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, admin_client: Client) -> Iterator[Page]:
    """Open a browser that is signed in as staff."""
    context = browser.new_context(base_url=live_server.url, locale="en-US")
    session = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    yield context.new_page()
    context.close()


def test_a_page_follows_its_job_to_the_end_and_then_rests(page: Page, worker: Path) -> None:
    job = start_job(COUNT, {"steps": 40, "pause_seconds": 0.1})
    page.goto(reverse("admin:styles_job_change", args=[job.pk]))
    bar = page.locator(".job-progress")
    expect(bar).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".field-status")).to_contain_text("done", timeout=PATIENCE_MS)
    expect(page.locator(".field-result_text")).to_contain_text("counted_to")
    assert page.locator("script[src*='live']").count() == 0


def test_a_job_is_cancelled_by_its_button(page: Page, worker: Path) -> None:
    job = start_job(COUNT, {"steps": 3000, "pause_seconds": 0.1})
    page.goto(reverse("admin:styles_job_change", args=[job.pk]))
    expect(page.locator(".job-progress")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".messagelist")).to_contain_text("Cancelled.")
    expect(page.locator(".field-status")).to_contain_text("cancelled", timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_the_list_does_not_load_again_while_rows_are_chosen(page: Page) -> None:
    jobs = [start_job(COUNT, {"steps": steps}, is_queued=True) for steps in (1, 2)]
    page.clock.install()
    page.goto(reverse("admin:styles_job_changelist"))
    rows = page.locator("#result_list tbody tr")
    expect(rows).to_have_count(2)
    rows.first.locator(".action-select").check()
    Job.objects.get(pk=jobs[0].pk).delete()
    page.clock.run_for(12_000)
    expect(rows).to_have_count(2)
    rows.first.locator(".action-select").uncheck()
    page.clock.run_for(6_000)
    expect(rows).to_have_count(1, timeout=PATIENCE_MS)
