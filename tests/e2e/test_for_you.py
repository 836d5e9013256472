"""A shopper's taste in a real browser: like, consent, recommendations, and all of it forgotten."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.conftest import OpenShop
from tests.e2e.test_accessibility import findings
from tests.e2e.test_storefront import too_small_to_press

SIZE: ViewportSize = {"width": 390, "height": 844}
QUESTION = "May we remember what you like?"


def heart(page: Page, number: int = 0) -> Locator:
    """Return the heart of a card."""
    return page.locator(".grid .like__button").nth(number)


def test_a_like_asks_first_then_shapes_the_page_until_it_is_cleared(open_shop: OpenShop) -> None:
    page = open_shop("/products/", viewport=SIZE, has_touch=True, is_mobile=True)
    name = page.locator(".card__name").first.inner_text()
    expect(heart(page)).to_have_attribute("aria-pressed", "false")
    heart(page).click()
    question = page.get_by_role("dialog", name=QUESTION)
    expect(question).to_be_visible()
    expect(question).to_contain_text(name)
    assert [cookie["name"] for cookie in page.context.cookies()].count("kfashion_shopper") == 0
    question.get_by_role("button", name="Yes, remember").click()
    expect(heart(page)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("dialog").get_by_role("link", name="For you").click()
    expect(page.get_by_role("heading", name="You may like these")).to_be_visible()
    expect(page.get_by_text(f"Because you liked {name}").first).to_be_visible()
    page.get_by_role("link", name="What we know of you").click()
    expect(page.locator(".known__products")).to_contain_text(name)
    page.get_by_role("button", name="Clear it and remember nothing more").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forgotten")
    assert [cookie["name"] for cookie in page.context.cookies()].count("kfashion_shopper") == 0
    page.goto("/for-you/")
    expect(page.get_by_text("You asked us to remember nothing")).to_be_visible()
    expect(page.get_by_text("Because you liked")).to_have_count(0)


def test_the_keyboard_alone_likes_refuses_and_gets_back_to_the_heart(open_shop: OpenShop) -> None:
    page = open_shop("/products/")
    heart(page).focus()
    page.keyboard.press("Enter")
    question = page.get_by_role("dialog", name=QUESTION)
    expect(question).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(heart(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(question).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(question.get_by_role("button", name="No, thank you")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is remembered")).to_be_visible()
    page.get_by_role("button", name="Close").press("Enter")
    expect(heart(page)).to_be_focused()
    expect(heart(page)).to_have_attribute("aria-pressed", "false")


def test_without_scripts_the_question_is_a_page_and_leads_back(open_shop: OpenShop) -> None:
    page = open_shop("/products/?in_stock=false", java_script_enabled=False)
    heart(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    page.get_by_role("button", name="Yes, remember").click()
    expect(page).to_have_url(re.compile(r"/products/\?in_stock=false$"))
    expect(heart(page)).to_have_attribute("aria-pressed", "true")
    heart(page).click()
    expect(heart(page)).to_have_attribute("aria-pressed", "false")


def test_what_was_looked_at_comes_up_on_the_next_product(open_shop: OpenShop) -> None:
    page = open_shop("/for-you/")
    page.get_by_role("button", name="Yes, remember").click()
    expect(page.get_by_text("Press the heart of something you like")).to_be_visible()
    page.locator(".grid .card__link").first.click()
    first = page.get_by_role("heading", level=1).inner_text()
    page.wait_for_load_state("networkidle")
    page.locator(".grid .card__link").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    strip = page.get_by_role("region", name="Recently seen")
    expect(strip).to_contain_text(first)


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_pages_of_a_known_shopper_are_for_everybody(open_shop: OpenShop, locale: str) -> None:
    page = open_shop("/products/", locale=locale, viewport={"width": 320, "height": 640})
    heart(page).click()
    page.locator(".consent").wait_for()
    assert findings(page) == []
    page.locator(".consent [value=yes]").click()
    expect(heart(page)).to_have_attribute("aria-pressed", "true")
    assert findings(page) == []
    product = page.locator(".card__link").first.get_attribute("href")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for address in ("/for-you/", "/for-you/settings/", "/trending/", product or ""):
            page.goto(address, wait_until="networkidle")
            assert findings(page) == [], address
            assert too_small_to_press(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") == 320, address
