"""The shopper's way in: a photo, a box around one garment, and the photo taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from pytest_django import Settings

from kfashion_site.celery import app
from products.models import DeletionReceipt, ImageSearch
from tests.e2e.conftest import OpenShop
from tests.e2e.test_accessibility import findings
from tests.photos import draw_photo, encode

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
RESULT = re.compile(r"/search/[0-9a-f-]{36}/$")


@pytest.fixture(scope="module")
def photo() -> FilePayload:
    return {"name": "outfit.jpg", "mimeType": "image/jpeg", "buffer": encode(draw_photo())}


def choose(page: Page, photo: FilePayload) -> Locator:
    """Choose a photo and return the box on it."""
    page.get_by_label("Choose a photo of an outfit").set_input_files(photo)
    box = page.get_by_role("application", name="Which piece do you mean?")
    expect(box).to_be_visible()
    return box


def crop_sent(page: Page) -> list[float]:
    """Return the box as it will be sent; nothing for the whole photo."""
    text = page.locator("input[name=crop]").input_value()
    return [float(number) for number in text.split(",")] if text else []


def send(page: Page) -> ImageSearch:
    """Send the photo, wait for its result and return its row."""
    page.get_by_role("button", name="Find look-alikes").click()
    expect(page.get_by_role("button", name="Delete my photo now")).to_be_visible()
    expect(page).to_have_url(RESULT)
    return ImageSearch.objects.get(pk=page.url.split("/")[-2])


@pytest.mark.usefixtures("worker")
def test_a_garment_is_pointed_at_with_the_keyboard(open_shop: OpenShop, photo: FilePayload) -> None:
    page = open_shop("/search/")
    box = choose(page, photo)
    expect(page.get_by_role("button", name="Whole photo")).to_have_attribute("aria-pressed", "true")
    assert crop_sent(page) == []
    box.focus()
    for _ in range(10):
        page.keyboard.press("Shift+ArrowLeft")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert crop_sent(page) == pytest.approx([0.1, 0, 0.8, 1])
    said = page.get_by_text("Part searched, in percent: left 10, top 0, width 80, height 100.")
    expect(said).to_have_attribute("role", "status")
    page.keyboard.press("Escape")
    assert crop_sent(page) == []
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")  # At the edge it stays.
    assert send(page).crop == pytest.approx([0, 0.02, 1, 0.98])


def test_the_mouse_draws_moves_and_resizes_the_box(open_shop: OpenShop, photo: FilePayload) -> None:
    page = open_shop("/search/")
    choose(page, photo)
    stage = page.locator("[data-crop-stage]").bounding_box()
    assert stage

    def drag(start: tuple[float, float], end: tuple[float, float]) -> None:
        points = [
            (stage["x"] + x * stage["width"], stage["y"] + y * stage["height"])
            for x, y in (start, end)
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        page.mouse.move(*points[1], steps=4)
        page.mouse.up()

    drag((0.2, 0.2), (0.7, 0.6))
    assert crop_sent(page) == pytest.approx([0.2, 0.2, 0.5, 0.4], abs=0.01)
    drag((0.45, 0.4), (0.55, 0.5))
    assert crop_sent(page) == pytest.approx([0.3, 0.3, 0.5, 0.4], abs=0.01)
    drag((0.79, 0.69), (0.99, 0.89))
    assert crop_sent(page) == pytest.approx([0.3, 0.3, 0.7, 0.6], abs=0.02)
    drag((0.9, 0.8), (5, 5))  # Beyond the photo there is nothing to point at.
    x, y, width, height = crop_sent(page)
    assert (x + width, y + height) == pytest.approx((1, 1))
    page.get_by_role("button", name="Whole photo").click()
    assert crop_sent(page) == []


@pytest.mark.usefixtures("worker")
def test_a_finger_points_at_a_garment_and_three_taps_find_it(
    open_shop: OpenShop, photo: FilePayload
) -> None:
    page = open_shop("/", **PHONE)
    page.get_by_role("link", name="Photo search").first.tap()
    expect(page.get_by_role("button", name="Take a photo")).to_be_visible()
    choose(page, photo)
    stage = page.locator("[data-crop-stage]")
    stage.scroll_into_view_if_needed()
    area = stage.bounding_box()
    assert area
    page.touchscreen.tap(area["x"] + 0.5 * area["width"], area["y"] + 0.5 * area["height"])
    before = crop_sent(page)
    assert before == pytest.approx([0.275, 0.275, 0.45, 0.45], abs=0.02)
    touch = page.context.new_cdp_session(page)
    start = (area["x"] + 0.5 * area["width"], area["y"] + 0.5 * area["height"])
    for kind, steps in (("touchStart", 0), ("touchMove", 1), ("touchMove", 2), ("touchEnd", 2)):
        at = {"x": start[0] + 0.1 * steps * area["width"], "y": start[1]}
        points = [] if kind == "touchEnd" else [at]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    after = crop_sent(page)
    assert after == pytest.approx([before[0] + 0.2, *before[1:]], abs=0.02)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Find look-alikes").tap()
    expect(page.get_by_role("button", name="Delete my photo now")).to_be_visible()
    assert ImageSearch.objects.get().crop == pytest.approx(after)


@pytest.mark.usefixtures("worker")
def test_a_big_photo_is_made_small_and_upright_before_it_is_sent(open_shop: OpenShop) -> None:
    exif = draw_photo().getexif()
    exif[0x0112] = 6  # To be turned by a quarter before it is looked at.
    big = encode(draw_photo(2400, 1800), exif=exif)
    page = open_shop("/search/")
    choose(page, {"name": "big.jpg", "mimeType": "image/jpeg", "buffer": big})
    expect(page.get_by_text("big.jpg")).to_be_visible()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        found = send(page)
    assert len(sent.value.post_data_buffer or b"") < len(big)
    shown = page.get_by_alt_text("Your photo", exact=True)
    assert shown.evaluate("photo => [photo.naturalWidth, photo.naturalHeight]") == [1200, 1600]
    assert found.status == "done"


def test_files_that_cannot_be_photos_are_refused_before_they_are_sent(open_shop: OpenShop) -> None:
    page = open_shop("/search/")
    field = page.get_by_label("Choose a photo of an outfit")
    field.evaluate("field => { field.dataset.maxBytes = 1000; }")
    field.set_input_files({"name": "a.tiff", "mimeType": "image/tiff", "buffer": bytes(5000)})
    expect(page.get_by_role("alert")).to_contain_text("The photo is larger than 10 MB.")
    field.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b""})
    expect(page.get_by_role("alert")).to_contain_text("The file is empty.")
    expect(page.locator("[data-crop]")).to_be_hidden()
    assert field.evaluate("field => field.files.length") == 0


@pytest.mark.usefixtures("worker")
def test_what_the_browser_cannot_show_is_sent_as_it_is(open_shop: OpenShop) -> None:
    page = open_shop("/search/")
    heic: FilePayload = {
        "name": "outfit.heic",
        "mimeType": "image/heic",
        "buffer": b"\x00\x00\x00\x18ftypheic" + bytes(64),
    }
    page.get_by_label("Choose a photo of an outfit").set_input_files(heic)
    expect(page.get_by_text("This browser cannot show the photo")).to_be_visible()
    page.get_by_role("button", name="Find look-alikes").click()
    expect(page.locator(".errorlist:visible")).not_to_be_empty()


@pytest.mark.usefixtures("worker")
def test_another_part_of_the_photo_is_searched_from_its_result(
    open_shop: OpenShop, photo: FilePayload
) -> None:
    page = open_shop("/search/")
    choose(page, photo)
    first = send(page)
    page.get_by_text("Search for another part of this photo").click()
    page.get_by_role("button", name="Upper half").click()
    page.get_by_role("button", name="Search for this part").click()
    expect(page.get_by_text("We looked at the part you pointed at.")).to_be_visible()
    again = ImageSearch.objects.get(pk=page.url.split("/")[-2])
    assert again.first_search == first
    assert again.crop == [0, 0, 1, 0.55]
    page.get_by_text("Search for another part of this photo").click()
    assert crop_sent(page) == [0, 0, 1, 0.55]


@pytest.mark.usefixtures("worker")
def test_where_the_model_looked_is_shown_on_request_alone(
    open_shop: OpenShop, photo: FilePayload
) -> None:
    page = open_shop("/search/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, photo)
    send(page)
    assert not any("heat-map" in address for address in asked)
    page.get_by_text("Where I looked").click()
    picture = page.get_by_alt_text("The photo under colours")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") == 400


@pytest.mark.usefixtures("worker")
def test_without_scripts_a_part_is_searched_and_the_photo_deleted(
    open_shop: OpenShop, photo: FilePayload
) -> None:
    page = open_shop("/search/", java_script_enabled=False)
    page.get_by_label("Choose a photo of an outfit").set_input_files(photo)
    send(page)
    page.get_by_text("Search for another part of this photo").click()
    page.get_by_role("button", name="Search for the lower half").click()
    expect(page.get_by_text("We looked at the part you pointed at.")).to_be_visible()
    page.get_by_role("button", name="Delete my photo now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your photo is deleted")
    assert not ImageSearch.objects.exists()


@pytest.mark.usefixtures("worker")
def test_the_photo_is_deleted_with_a_receipt(open_shop: OpenShop, photo: FilePayload) -> None:
    page = open_shop("/search/")
    choose(page, photo)
    send(page)
    page.get_by_role("button", name="Delete my photo now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your photo is deleted")
    receipt = DeletionReceipt.objects.get()
    expect(page.get_by_text(receipt.number)).to_be_visible()
    assert not ImageSearch.objects.exists()


@pytest.mark.usefixtures("worker")
def test_who_leaves_while_waiting_finds_the_result_again(
    open_shop: OpenShop, photo: FilePayload
) -> None:
    page = open_shop("/search/")
    choose(page, photo)
    page.get_by_role("button", name="Find look-alikes").click()
    page.wait_for_url(RESULT)
    page.goto("/")
    page.goto("/search/")
    page.get_by_role("region", name="Your searches so far").get_by_role("link").first.click()
    expect(page.get_by_text("Your style group")).to_be_visible()


@pytest.mark.usefixtures("worker")
def test_a_worker_that_is_down_is_told_of_and_the_page_goes_on_when_it_is_back(
    open_shop: OpenShop, photo: FilePayload, settings: Settings
) -> None:
    settings.KFASHION = {"WAITING_PATIENCE_SECONDS": 0.5, "UPLOAD_WAIT_SECONDS": 0.2}
    page = open_shop("/search/")
    choose(page, photo)
    app.control.cancel_consumer("inference", reply=True, timeout=5)
    try:
        page.get_by_role("button", name="Find look-alikes").click()
        told = page.locator("#asking").get_by_text("Nobody is looking at photos at the moment.")
        expect(told).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("Looking at your photo")
    finally:
        app.control.add_consumer("inference", reply=True, timeout=5)
    expect(page.get_by_text("Your style group")).to_be_visible()
    page.get_by_text("Search for another part of this photo").click()
    expect(page.get_by_role("button", name="Search for this part")).to_be_visible()


@pytest.mark.usefixtures("worker")
def test_axe_finds_nothing_severe_on_the_way(open_shop: OpenShop, photo: FilePayload) -> None:
    page = open_shop("/search/")
    choose(page, photo)
    assert findings(page) == []
    found = send(page)
    page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
    assert findings(page) == []
    ImageSearch.objects.filter(pk=found.pk).update(status="pending")
    page.goto(found.get_absolute_url())
    assert findings(page) == []
    ImageSearch.objects.filter(pk=found.pk).update(status="done")
    page.goto("/privacy/")
    assert findings(page) == []
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your photo is deleted")
    assert findings(page) == []
