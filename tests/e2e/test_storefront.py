"""The ways of a shopper through the shop, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.e2e.conftest import OpenShop
from tests.photos import draw_photo, encode

PHONE = {
    "viewport": {"width": 320, "height": 640},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


@pytest.fixture(scope="module")
def photo() -> FilePayload:
    return {"name": "outfit.jpg", "mimeType": "image/jpeg", "buffer": encode(draw_photo())}


def search_with(page: Page, photo: FilePayload) -> None:
    """Choose a photo, send it and wait for the result."""
    page.get_by_label("Choose a photo of an outfit").set_input_files(photo)
    page.get_by_role("button", name="Find look-alikes").click()
    expect(page.get_by_role("button", name="Delete my photo now")).to_be_visible()


def test_from_home_to_a_product_and_on_to_its_look_alikes(open_shop: OpenShop) -> None:
    page = open_shop("/")
    page.locator(".shelf .card__link").first.click()
    name = page.get_by_role("heading", level=1).inner_text()
    page.locator(".grid .card__link").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(name)
    expect(page).to_have_url(re.compile(r"/products/.+/$"))


@pytest.mark.usefixtures("worker")
def test_an_uploaded_photo_gets_its_group_its_mix_and_look_alikes(
    open_shop: OpenShop, photo: FilePayload
) -> None:
    page = open_shop("/")
    page.get_by_label("Choose a photo of an outfit").set_input_files(photo)
    expect(page.get_by_alt_text("The photo you chose")).to_be_visible()
    page.get_by_role("button", name="Find look-alikes").click()
    expect(page).to_have_url(re.compile(r"/search/[0-9a-f-]{36}/$"))
    expect(page.get_by_text("Your style group")).to_be_visible()
    expect(page).to_have_title(re.compile("^Your look-alikes"))
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    assert page.locator(".bar__percent").count() >= 1
    assert page.locator(".card__alike").count() >= 2
    assert page.get_by_alt_text("Your photo").evaluate("photo => photo.naturalWidth") == 400
    page.get_by_role("button", name="Delete my photo now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your photo is deleted")


@pytest.mark.usefixtures("worker")
def test_a_browser_without_scripts_gets_its_result_as_well(
    open_shop: OpenShop, photo: FilePayload
) -> None:
    page = open_shop("/search/", java_script_enabled=False)
    search_with(page, photo)
    expect(page.locator(".card__alike").first).to_be_visible()


@pytest.mark.usefixtures("worker")
def test_the_whole_way_works_under_a_strict_content_security_policy(
    open_shop: OpenShop, photo: FilePayload
) -> None:
    page = open_shop("/")

    def add_policy(route: Route) -> None:
        response = route.fetch(max_redirects=0)
        policy = "default-src 'self'; img-src 'self' blob:"
        route.fulfill(
            response=response, headers={**response.headers, "content-security-policy": policy}
        )

    page.route("**/*", add_policy)
    page.goto("/search/")
    search_with(page, photo)  # A breach is an error on the console.
    page.goto(page.url)  # The redirection led past the policy.
    assert page.locator(".mix").first.is_visible()
    page.wait_for_load_state("networkidle")
    page.unroute_all(behavior="wait")


def test_a_refused_file_shows_its_sentence_and_the_form_again(open_shop: OpenShop) -> None:
    page = open_shop("/search/")
    text: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
    page.get_by_label("Choose a photo of an outfit").set_input_files(text)
    page.get_by_role("button", name="Find look-alikes").click()
    expect(page.locator("ul.errorlist")).to_contain_text("This file is not a photo we can read.")
    expect(page.get_by_role("button", name="Find look-alikes")).to_be_enabled()


def test_the_language_switch_keeps_the_page_and_is_remembered(open_shop: OpenShop) -> None:
    page = open_shop("/products/?in_stock=false")
    expect(page.get_by_role("heading", level=1)).to_have_text("All products")
    page.get_by_role("button", name="한국어").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("전체 상품")
    expect(page).to_have_url(re.compile(r"/products/\?in_stock=false$"))
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "ko"


def test_a_korean_browser_is_met_in_korean(open_shop: OpenShop) -> None:
    page = open_shop("/search/", locale="ko-KR")
    expect(page.get_by_role("heading", level=1)).to_have_text("사진으로 찾기")


def test_the_upload_is_reached_and_sent_with_the_keyboard_alone(open_shop: OpenShop) -> None:
    page = open_shop("/search/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Choose a photo of an outfit")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Find look-alikes")).to_be_focused()


@pytest.mark.parametrize(
    ("event", "transfer"), [("ClipboardEvent", "clipboardData"), ("DragEvent", "dataTransfer")]
)
def test_a_pasted_or_dropped_photo_is_taken(open_shop: OpenShop, event: str, transfer: str) -> None:
    page = open_shop("/search/")
    page.evaluate(
        """async ([event, transfer]) => {
            const blob = await new Promise((done) => {
                const canvas = document.createElement("canvas");
                canvas.getContext("2d").fillRect(0, 0, 50, 50);
                canvas.toBlob(done, "image/png");
            });
            const brought = new DataTransfer();
            brought.items.add(new File([blob], "brought.png", { type: "image/png" }));
            const type = event === "DragEvent" ? "drop" : "paste";
            document.dispatchEvent(new window[event](type, { [transfer]: brought }));
        }""",
        [event, transfer],
    )
    expect(page.get_by_alt_text("The photo you chose")).to_be_visible()
    expect(page.get_by_text("brought.png")).to_be_visible()


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_phones_of_320_pixels_need_neither_sideways_scrolling_nor_pointed_fingers(
    open_shop: OpenShop, locale: str
) -> None:
    page = open_shop("/products/", locale=locale, **PHONE)
    product = page.locator(".card__link").first.get_attribute("href")
    for address in ("/", "/products/", "/search/", product or ""):
        page.goto(address)
        page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, address
        assert too_small_to_press(page) == [], address


def too_small_to_press(page: Page) -> list[str]:
    """Return the controls lower than 44 CSS pixels, but for links within a sentence.

    A card is pressed anywhere on it.
    """
    controls = "a:not(.card__link, .skip), button, select, summary, [type=text], [type=search]"
    small: list[str] = page.locator(controls).evaluate_all(
        """all => all.filter(one => one.checkVisibility())
            .filter(one => getComputedStyle(one).display !== "inline")
            .filter(one => one.getBoundingClientRect().height < 43.9)
            .map(one => one.outerHTML)"""
    )
    return small
