from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from products.models import Product
from shoppers.forgetting import purge
from shoppers.models import Shopper, ShopperEvent
from styles.models import ModelVersion
from tests.pages import text_of
from tests.shop import direction, make_product, place
from tests.shoppers.people import do, kinds, like, make_shopper, say

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def press(client: Client, product: Product, **fields: Any) -> Any:
    return client.post(reverse("shoppers:like", args=[product.pk]), fields, headers=HTMX)


def hearts(page: str) -> list[bool]:
    """Return the hearts of a page, in order: whether each is pressed."""
    return [part.startswith("true") for part in page.split('aria-pressed="')[1:]]


def test_a_heart_is_pressed_again_to_take_the_like_back(known: Client) -> None:
    product = make_product("a")
    assert like(known, product, next="/products/").headers["Location"] == "/products/"
    assert kinds() == ["like"]
    like(known, product)
    assert kinds() == ["unlike"]


def test_a_heart_of_an_old_page_means_what_it_says(known: Client) -> None:
    product = make_product("a")
    for wanted, expected in (("like", "like"), ("like", "like"), ("unlike", "unlike")):
        press(known, product, wanted=wanted)
        assert kinds() == [expected]


def test_scripts_get_the_heart_anew_and_all_hearts_of_the_page_are_told(known: Client) -> None:
    product = make_product("a")
    response = press(known, product, wanted="like")
    assert hearts(response.content.decode()) == [True]
    told = json.loads(response["HX-Trigger"])["shopper:liked"]
    assert told == {"product": product.pk, "isLiked": True}


def test_the_first_like_asks_and_a_yes_brings_it(client: Client) -> None:
    product = make_product("a", name="Coat")
    asked = press(client, product, wanted="like")
    assert asked["HX-Retarget"] == "body"
    assert "you like Coat" in text_of(asked)
    given = client.post(
        reverse("shoppers:answer"), {"answer": "yes", "product": product.pk}, headers=HTMX
    )
    assert "Remembered" in text_of(given)
    assert json.loads(given["HX-Trigger"])["shopper:liked"]["isLiked"] is True
    assert kinds() == ["like"]


@pytest.mark.parametrize("text", ["", "x", "-1", "9" * 18, "9" * 5000, "²"])
def test_a_yes_for_a_like_of_nothing_is_a_yes_all_the_same(client: Client, text: str) -> None:
    assert say(client, "yes", product=text).status_code == 303
    assert Shopper.objects.count() == 1
    assert not ShopperEvent.objects.exists()


def test_what_is_hidden_or_gone_cannot_be_liked(known: Client) -> None:
    hidden = make_product("hidden", is_published=False)
    assert press(known, hidden).status_code == 404
    assert known.post("/for-you/like/999999999999999999999/").status_code == 404


def test_hearts_show_what_is_liked_in_a_list_at_one_query_for_all(known: Client) -> None:
    products = [make_product(str(number), name=f"Coat {number}") for number in range(24)]
    anonymous = Client()
    address = reverse("shoppers:trending")
    anonymous.get(address)
    with CaptureQueriesContext(connection) as without:
        assert hearts(anonymous.get(address).content.decode()) == [False] * 24
    do(Shopper.objects.get(), "like", *products[:20])
    do(Shopper.objects.get(), "unlike", products[0])
    with CaptureQueriesContext(connection) as with_hearts:
        page = known.get(address).content.decode()
    assert sum(hearts(page)) == 19
    assert len(with_hearts) <= len(without) + 2


def test_a_product_page_posts_itself_and_gets_what_was_seen_before(known: Client) -> None:
    coat, shirt = make_product("c", name="Coat"), make_product("s", name="Shirt")
    address = reverse("shoppers:recent")
    assert address in known.get(coat.get_absolute_url()).content.decode()
    assert known.post(address, {"product": coat.pk}).status_code == 204
    strip = known.post(address, {"product": shirt.pk})
    assert "Recently seen" in text_of(strip)
    assert "Coat" in text_of(strip)
    assert "Shirt" not in text_of(strip)
    assert "no-store" in strip["Cache-Control"]
    assert kinds() == ["view", "view"]


def test_looking_a_hundred_times_is_one_view_a_day_and_the_last_comes_first(known: Client) -> None:
    coat, shirt = make_product("c", name="Coat"), make_product("s", name="Shirt")
    for product in [coat, shirt, *[coat] * 8]:
        known.post(reverse("shoppers:recent"), {"product": product.pk})
    assert ShopperEvent.objects.count() == 2
    page = text_of(known.get(reverse("shoppers:recent")))
    assert page.index("Coat") < page.index("Shirt")


@pytest.mark.parametrize("text", ["", "x", "9" * 5000, "12345678", "1e3"])
def test_looking_at_nothing_is_not_written_down(known: Client, text: str) -> None:
    assert known.post(reverse("shoppers:recent"), {"product": text}).status_code == 204
    assert not ShopperEvent.objects.exists()


def test_asking_for_the_strip_alone_writes_nothing_down(known: Client) -> None:
    assert known.get(reverse("shoppers:recent")).status_code == 204
    assert not ShopperEvent.objects.exists()


def test_home_gets_a_shelf_once_there_is_a_taste(known: Client, version: ModelVersion) -> None:
    address = reverse("shoppers:shelf")
    assert Client().get(address).status_code == 204
    assert known.get(address).status_code == 204
    liked, other = (place(make_product(sku), direction(a=1), version=version) for sku in "ab")
    press(known, liked)
    page = text_of(known.get(address))
    assert "For you" in page
    assert "Because you liked Product a" in page
    assert other.get_absolute_url() in known.get(address).content.decode()


def test_for_you_shows_recommendations_with_reasons_and_the_taste(
    known: Client, version: ModelVersion
) -> None:
    liked, _ = (place(make_product(sku), direction(a=1), version=version) for sku in "ab")
    press(known, liked)
    page = text_of(known.get(reverse("shoppers:for_you")))
    assert "You may like these" in page
    assert "Because you liked Product a" in page


def test_for_you_takes_the_filters_of_every_list_and_says_what_is_wrong(known: Client) -> None:
    make_product("cheap", name="Cheap", price=100)
    make_product("dear", name="Dear", price=900)
    address = reverse("shoppers:for_you")
    page = text_of(known.get(address, {"max_price": "500"}))
    assert "Cheap" in page
    assert "Dear" not in page
    for wrong in ({"style": "nowhere"}, {"cursor": "nonsense"}, {"diversity": "7"}):
        assert known.get(address, wrong).status_code == 400


def test_old_events_and_shoppers_nobody_heard_of_are_purged() -> None:
    product = make_product("a")
    now = timezone.now()
    gone = make_shopper(last_seen_at=now - timedelta(days=91))
    stays = make_shopper()
    do(gone, "like", product, days_ago=91)
    Shopper.objects.filter(pk=gone.pk).update(last_seen_at=now - timedelta(days=91))
    do(stays, "like", product, days_ago=89)
    purged = purge()
    assert (purged.events, purged.shoppers) == (1, 1)
    assert list(Shopper.objects.all()) == [stays]
    assert ShopperEvent.objects.count() == 1
