"""A shopper refines what was found, in a real browser: by hand, by keyboard, without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from products.models import ImageSearch, ProductEmbedding
from styles.models import ModelVersion
from tests.e2e.conftest import OpenShop
from tests.shop import make_search

# See tests/learnt.py: what the shop's colours have been taught to mean.
GROUP_OF = {"Blue": "Traditional", "Green": "Natural", "Red": "Subculture"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def search(small_shop: object, learnt: ModelVersion) -> ImageSearch:
    """Return a search with a photo that lies where a blue coat does."""
    near = ProductEmbedding.objects.get(product__sku="KF-000")
    return make_search(
        learnt,
        near.embedding,
        probabilities={"style": {"classic": 0.8, "punk": 0.2}},
        palette=[("#2040c0", 1.0)],
    )


def names(page: Page) -> list[str]:
    return page.locator("#found .card__name").all_inner_texts()


def panel(page: Page) -> Locator:
    return page.locator("#refine")


def mixer(page: Page) -> Locator:
    return page.locator("#refine-mix")


def test_filters_swap_the_list_alone_and_keep_focus_and_address(
    open_shop: OpenShop, search: ImageSearch
) -> None:
    page = open_shop(search.get_absolute_url())
    count = page.locator("#found-count")
    expect(count).to_have_text("11 look-alikes")
    page.evaluate("document.querySelector('h1').dataset.untouched = 'yes'")
    colour = page.get_by_role("radio", name=re.compile("^Red"))
    colour.focus()
    page.keyboard.press("Space")
    expect(count).to_have_text("3 look-alikes")
    expect(page).to_have_url(re.compile(r"\?colour=Red$"))
    expect(colour).to_be_focused()
    expect(page.locator("h1")).to_have_attribute("data-untouched", "yes")
    assert all(name.startswith("Red") for name in names(page))
    # The counts of the other facets follow; the colours can still be switched.
    expect(page.locator("#refine-category")).to_contain_text("Dresses (3)")
    page.get_by_label("Price to").fill("16000")
    page.get_by_label("Price to").press("Tab")
    expect(count).to_have_text("2 look-alikes")
    expect(page).to_have_url(re.compile(r"\?colour=Red&max_price=16000$"))
    page.get_by_role("link", name="Red (remove)").click()
    expect(page).to_have_url(re.compile(r"\?max_price=16000$"))
    expect(count).to_be_focused()
    page.go_back()
    expect(page.locator("#refine-max-price")).to_have_value("16000")
    expect(colour).to_be_checked()
    expect(count).to_have_text("2 look-alikes")


def test_price_sliders_move_with_the_keyboard_and_fill_the_fields(
    open_shop: OpenShop, search: ImageSearch
) -> None:
    page = open_shop(search.get_absolute_url())
    highest = page.get_by_role("slider", name="Highest price")
    highest.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Price to")).to_have_value("19200")
    expect(page).to_have_url(re.compile(r"\?max_price=19200$"))
    expect(page.locator("#found-count")).to_have_text("10 look-alikes")
    expect(highest).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Price to")).to_have_value("")
    expect(page.locator("#found-count")).to_have_text("11 look-alikes")


def test_a_mix_slider_moved_by_keyboard_orders_the_list_anew(
    open_shop: OpenShop, search: ImageSearch
) -> None:
    page = open_shop(search.get_absolute_url())
    before = names(page)
    # The style of the colour that came last is wished for: it comes before the other one then.
    last = before[-1].split()[0]
    mixer(page).locator("summary").click()
    traditional = mixer(page).get_by_role("slider", name="Traditional")
    expect(traditional).to_have_value("80")
    traditional.focus()
    page.keyboard.press("Home")
    wanted = mixer(page).get_by_role("slider", name=GROUP_OF[last])
    wanted.focus()
    page.keyboard.press("End")
    expect(wanted).to_be_focused()
    expect(page.locator("#found .card__name").last).not_to_contain_text(last)
    expect(page).to_have_url(re.compile(r"\?mix=\w+:"))
    expect(wanted).to_be_focused()
    mixer(page).get_by_role("button", name="Back to the mix of my photo").click()
    expect(page).to_have_url(re.compile(r"/$"))
    expect(traditional).to_have_value("80")
    expect(page.locator("#found .card__name")).to_have_text(before)


def test_cards_steer_the_list_and_their_chips_take_that_back(
    open_shop: OpenShop, search: ImageSearch
) -> None:
    page = open_shop(search.get_absolute_url())
    before = names(page)
    red = page.locator(".hit", has_text="Red dress").first
    name = red.locator(".card__name").inner_text()
    red.get_by_role("link", name=f"More like this: {name}").click()
    expect(page.get_by_role("link", name=f"More like {name} (remove)")).to_be_visible()
    expect(page.locator("#found-count")).to_be_focused()
    assert name not in names(page)
    assert names(page) != [other for other in before if other != name]
    page.locator(".hit").first.get_by_role("link", name=re.compile("^Less like this")).click()
    expect(page.get_by_role("link", name=re.compile("^Less like .*remove"))).to_be_visible()
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("#found .card__name")).to_have_text(before)


def test_more_is_shown_in_place_and_an_address_makes_the_same_list_elsewhere(
    open_shop: OpenShop, search: ImageSearch, settings: object
) -> None:
    settings.KFASHION = {"PAGE_SIZE": 4}  # type: ignore[attr-defined]
    page = open_shop(f"{search.get_absolute_url()}?sort=-price&max_price=19000")
    assert names(page)[0].endswith("9")
    more = page.get_by_role("link", name="Show more")
    more.press("Enter")
    expect(page.locator("#found .card__name")).to_have_count(8)
    expect(page.locator("#found-count")).to_have_text("8 look-alikes shown")
    expect(page.locator("#found .card__link").nth(4)).to_be_focused()
    more.click()
    expect(page.locator("#found .card__name")).to_have_count(10)
    expect(more).to_have_count(0)
    shown = names(page)
    assert len(set(shown)) == 10
    settings.KFASHION = {"PAGE_SIZE": 24}  # type: ignore[attr-defined]
    assert names(open_shop(page.url)) == shown


def test_why_a_product_was_found_is_told_when_asked(
    open_shop: OpenShop, search: ImageSearch
) -> None:
    page = open_shop(search.get_absolute_url())
    hit = page.locator(".hit").first
    expect(hit.get_by_text("Likeness to your photo")).to_have_count(0)
    hit.get_by_text("Why?").click()
    expect(hit.get_by_text("Likeness to your photo")).to_be_visible()
    expect(hit.get_by_text("Styles in both: Classic")).to_be_visible()


def test_without_scripts_the_form_is_sent_by_its_button(
    open_shop: OpenShop, search: ImageSearch
) -> None:
    page = open_shop(search.get_absolute_url(), java_script_enabled=False, **PHONE)
    page.locator(".refine__summary").click()
    page.get_by_role("radio", name=re.compile("^Red")).check()
    mixer(page).locator("summary").click()
    mixer(page).get_by_role("slider", name="Subculture").press("End")
    page.get_by_role("button", name="Show look-alikes").click()
    expect(page).to_have_url(re.compile(r"\?colour=Red&mix=subculture:0.5556,traditional:0.4444$"))
    expect(page.locator("#found-count")).to_have_text("3 look-alikes")
    page.get_by_role("link", name="Red (remove)").click()
    expect(page.locator("#found-count")).to_have_text("11 look-alikes")
    page.locator(".hit").first.get_by_role("link", name=re.compile("^More like this")).click()
    expect(page.get_by_role("link", name=re.compile("^More like .*remove"))).to_be_visible()


def test_on_a_phone_the_form_is_a_sheet_that_makes_way(
    open_shop: OpenShop, search: ImageSearch
) -> None:
    page = open_shop(search.get_absolute_url(), **PHONE)
    category = page.get_by_label("Category")
    expect(category).to_be_hidden()
    page.locator(".refine__summary").tap()
    category.select_option("Dresses")
    expect(page.locator("#refine-active")).to_have_text("1 in use")
    page.get_by_role("button", name="Show look-alikes").tap()
    expect(category).to_be_hidden()
    expect(page.locator("#found-count")).to_have_text("3 look-alikes")
    expect(page.locator("#found-count")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_mistake_is_said_in_place_and_in_its_address(
    open_shop: OpenShop, search: ImageSearch
) -> None:
    page = open_shop(search.get_absolute_url())
    page.get_by_label("Price from").fill("cheap")
    page.get_by_label("Price from").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“cheap” is not a price")
    assert "cheap" not in page.url
    page.goto(f"{search.get_absolute_url()}?cluster=77&colour=Red")
    expect(page.get_by_role("alert")).to_contain_text("There is no cluster “77”")
    expect(page.locator("#found-count")).to_have_text("3 look-alikes")


def test_the_catalogue_is_refined_and_goes_on_in_the_same_way(
    open_shop: OpenShop, settings: object
) -> None:
    settings.KFASHION = {"PAGE_SIZE": 2}  # type: ignore[attr-defined]
    page = open_shop("/products/")
    page.get_by_label("Sort by").select_option("price")
    expect(page).to_have_url(re.compile(r"\?sort=price$"))
    expect(page.locator("#found .card__name").first).to_have_text("Blue coat 0")
    page.get_by_role("radio", name=re.compile("^Green")).check()
    expect(page.locator("#found-count")).to_have_text("4 products")
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("#found .card__name")).to_have_count(4)
    page.get_by_label("Search by words").fill("dres")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#found-count")).to_have_text("3 products")
