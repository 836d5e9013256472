"""All pages for everybody: axe-core, the keyboard alone, narrow screens, less motion."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.conftest import OpenShop
from tests.e2e.shop_pages import page_addresses

PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
# Every pair of language, scheme and size comes up.
LOOKS = {
    "en-US": [("light", PHONE), ("dark", DESKTOP)],
    "ko-KR": [("dark", PHONE), ("light", DESKTOP)],
}
SEVERE = {"serious", "critical"}


def findings(page: Page) -> list[str]:
    """Return the serious and critical findings of axe-core, a line each."""
    results = Axe().run(page)
    return [
        f"{found['id']}: {node['html'][:200]}"
        for found in results.response["violations"]
        if found["impact"] in SEVERE
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("locale", LOOKS)
def test_axe_finds_nothing_severe_on_any_page(open_shop: OpenShop, locale: str) -> None:
    addresses = page_addresses()
    page = open_shop("/", locale=locale)
    found: dict[str, list[str]] = {}
    for name, address in addresses.items():
        page.goto(address)
        # What is folded away belongs to the page too.
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        for scheme, size in LOOKS[locale]:
            # Colours that glide from one scheme to the other have no contrast on the way.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.set_viewport_size(size)
            if severe := findings(page):
                found[f"{name}, {scheme}, {size['width']}"] = severe
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("locale", LOOKS)
def test_no_page_scrolls_sideways_on_the_narrowest_phones(open_shop: OpenShop, locale: str) -> None:
    addresses = page_addresses()
    page = open_shop("/", locale=locale, viewport=NARROW, is_mobile=True, has_touch=True)
    wide = {}
    for name, address in addresses.items():
        page.goto(address)
        page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            wide[name] = width
    assert wide == {}


def test_the_keyboard_reaches_ways_upload_and_products_in_order_and_shows_where_it_is(
    open_shop: OpenShop,
) -> None:
    page = open_shop("/", viewport=DESKTOP)
    wanted = iter(
        [
            "Skip to the content",
            "kfashion",
            "All products",
            "Styles",
            "Photo search",
            "한국어",
            "Choose a photo of an outfit",
            "Find look-alikes",
        ]
    )
    name = next(wanted)
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
                const one = document.activeElement;
                const seen = one.labels?.[0] ?? one;
                const frame = one.closest(".drop, .card") ?? one;
                const outlines = [one, frame].map((each) => getComputedStyle(each).outlineStyle);
                return {
                    name: (one.getAttribute("aria-label") ?? seen.innerText).trim(),
                    isShown: outlines.some((style) => style !== "none"),
                };
            }"""
        )
        assert focused["isShown"], f"nothing shows that {focused['name']!r} has the focus"
        if focused["name"] == name:
            name = next(wanted, "")
            if not name:
                break
    assert name == "", f"the keyboard never reached {name!r}"
    card = page.locator(".card__link").first
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".product__name")).to_be_visible()


def test_what_has_the_focus_is_never_behind_the_masthead(open_shop: OpenShop) -> None:
    # Without the smooth scrolling, which would have to be waited for.
    page = open_shop("/products/", viewport=NARROW, reduced_motion="reduce")
    links = page.locator(".card__link")
    links.last.focus()
    links.first.focus()
    top, bottom = page.evaluate(
        """() => [
            document.activeElement.getBoundingClientRect().top,
            document.querySelector(".masthead").getBoundingClientRect().bottom,
        ]"""
    )
    assert top >= bottom


def test_nothing_moves_for_those_who_asked_for_less_motion(open_shop: OpenShop) -> None:
    addresses = page_addresses()
    page = open_shop("/", reduced_motion="reduce")
    for name in ("home", "list", "product", "upload"):
        page.goto(addresses[name])
        moving = page.locator("body *").evaluate_all(
            """all => all
                .filter((one) => one.checkVisibility())
                .filter((one) => {
                    const style = getComputedStyle(one);
                    const lasts = (value) => value.split(",").some((time) => parseFloat(time) > 0);
                    return lasts(style.transitionDuration) || lasts(style.animationDuration);
                })
                .map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert moving == [], name


def test_only_one_heading_of_the_first_level_and_none_is_skipped(open_shop: OpenShop) -> None:
    page = open_shop("/")
    wrong = {}
    for name, address in page_addresses().items():
        page.goto(address)
        levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
            "all => all.filter(one => one.checkVisibility()).map(one => Number(one.tagName[1]))"
        )
        jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        if levels.count(1) != 1 or jumps:
            wrong[name] = levels
    assert wrong == {}
