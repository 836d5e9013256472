from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from shoppers.identity import COOKIE, REFUSED_COOKIE
from shoppers.models import Shopper, ShopperEvent
from styles.models import ModelVersion
from tests.pages import text_of, upload
from tests.photos import draw_photo, encode
from tests.shop import direction, make_product, make_search
from tests.shoppers.people import kinds, like, say

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def look_at(client: Client, product: Any) -> Any:
    return client.post(reverse("shoppers:recent"), {"product": product.pk}, headers=HTMX)


def test_without_consent_nothing_is_stored_and_no_cookie_is_set(client: Client) -> None:
    product = make_product("a")
    for address in (
        reverse("shoppers:for_you"),
        reverse("shoppers:trending"),
        product.get_absolute_url(),
    ):
        assert client.get(address).status_code == 200
    assert look_at(client, product).status_code == 204
    assert "May we remember" in text_of(like(client, product))
    assert COOKIE not in client.cookies
    assert not Shopper.objects.exists()
    assert not ShopperEvent.objects.exists()


def test_a_yes_sets_a_cookie_that_scripts_and_other_sites_do_not_get(client: Client) -> None:
    response = say(client, "yes")
    assert response.status_code == 303
    cookie = response.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    shopper = Shopper.objects.get()
    assert shopper.terms_version == 1
    assert str(shopper.pk) not in cookie.value
    assert shopper.key_hash not in cookie.value


def test_behind_tls_the_cookie_travels_on_tls_alone(client: Client, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert say(client, "yes").cookies[COOKIE]["secure"]


def test_a_yes_given_for_a_like_brings_the_like_and_leads_back(client: Client) -> None:
    product = make_product("a")
    response = say(client, "yes", product=product.pk, next="/products/?q=a")
    assert response["Location"] == "/products/?q=a"
    assert kinds() == ["like"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_a_form_leads_nowhere_but_into_the_shop(client: Client, elsewhere: str) -> None:
    assert say(client, "yes", next=elsewhere)["Location"] == reverse("shoppers:for_you")


def test_a_no_is_remembered_and_nothing_else(client: Client) -> None:
    response = say(client, "no")
    assert response.cookies[REFUSED_COOKIE].value == "no"
    assert not Shopper.objects.exists()
    page = text_of(client.get(reverse("shoppers:for_you")))
    assert "You asked us to remember nothing" in page
    assert "No, thank you" not in page


def test_a_no_after_a_yes_deletes_what_was_remembered(known: Client) -> None:
    like(known, make_product("a"))
    response = say(known, "no")
    assert response.cookies[COOKIE]["max-age"] == 0
    assert not Shopper.objects.exists()
    assert not ShopperEvent.objects.exists()


def test_a_second_yes_changes_nothing(known: Client) -> None:
    before = known.cookies[COOKIE].value
    assert COOKIE not in say(known, "yes").cookies
    assert known.cookies[COOKIE].value == before
    assert Shopper.objects.count() == 1


def old_cookie(key: str) -> str:
    return signing.Signer(salt="shoppers.identity").sign_object([0, 1, key])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: "",
        lambda good: "nonsense",
        lambda good: good[:-1] + ("A" if good[-1] != "A" else "B"),
        lambda good: "x" + good,
        lambda good: good.rpartition(":")[0],
        lambda good: old_cookie("key"),
        lambda good: signing.Signer(salt="shoppers.identity").sign_object({"id": 1}),
        lambda good: signing.Signer(salt="shoppers.identity").sign("not base64 !"),
        lambda good: signing.Signer(salt="elsewhere").sign_object([1, 1, "key"]),
        lambda good: "x:" * 2000,
        lambda good: "\x00",
    ],
)
def test_a_cookie_that_is_old_or_was_tampered_with_is_as_good_as_none(
    known: Client, spoil: Any
) -> None:
    product = make_product("a")
    known.cookies[COOKIE] = spoil(known.cookies[COOKIE].value)
    assert "May we remember" in text_of(known.get(reverse("shoppers:for_you")))
    assert look_at(known, product).status_code == 204
    assert known.get(reverse("shoppers:trending")).status_code == 200
    assert not ShopperEvent.objects.exists()


def test_new_terms_are_asked_for_anew(known: Client, settings: Settings) -> None:
    settings.KFASHION = {**settings.KFASHION, "CONSENT_TERMS_VERSION": 2}
    assert "May we remember" in text_of(known.get(reverse("shoppers:for_you")))
    say(known, "yes")
    assert set(Shopper.objects.values_list("terms_version", flat=True)) == {1, 2}


def test_a_cookie_whose_shopper_is_gone_is_as_good_as_none(known: Client) -> None:
    Shopper.objects.all().delete()
    assert "May we remember" in text_of(known.get(reverse("shoppers:for_you")))
    assert like(known, make_product("a")).status_code == 200


def test_a_shopper_sees_all_that_is_known_of_them(known: Client, version: ModelVersion) -> None:
    coat, shirt = make_product("c", name="Coat"), make_product("s", name="Shirt")
    like(known, coat)
    look_at(known, shirt)
    page = text_of(known.get(reverse("shoppers:settings")))
    assert "Coat" in page
    assert "Shirt" in page
    assert "Each thing is forgotten after 90 days" in page


def test_clearing_deletes_all_and_says_what(known: Client) -> None:
    like(known, make_product("a"))
    look_at(known, make_product("b"))
    page = text_of(known.post(reverse("shoppers:forget")))
    assert "Likes 1" in page
    assert "Products looked at 1" in page
    assert not ShopperEvent.objects.exists()
    assert Shopper.objects.count() == 1


def test_switching_off_deletes_the_shopper_too_and_takes_the_key_away(known: Client) -> None:
    like(known, make_product("a"))
    response = known.post(reverse("shoppers:forget"), {"off": "1"})
    assert "remember nothing from now on" in text_of(response)
    assert response.cookies[COOKIE]["max-age"] == 0
    assert not Shopper.objects.exists()
    assert "You asked us to remember nothing" in text_of(known.get(reverse("shoppers:for_you")))


def test_forgetting_somebody_unknown_is_no_error(client: Client) -> None:
    assert client.post(reverse("shoppers:forget")).status_code == 200


def test_nobody_changes_anything_by_a_link(known: Client) -> None:
    product = make_product("a")
    for name, arguments in (("answer", []), ("forget", []), ("like", [product.pk])):
        assert known.get(reverse(f"shoppers:{name}", args=arguments)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("shoppers:answer"), {"answer": "yes"}).status_code == 403


def test_a_photo_searched_with_after_the_consent_is_known_and_goes_with_it(
    known: Client, version: ModelVersion
) -> None:
    session = known.session
    session["image_search_secret"] = "x" * 43
    session.save()
    from products.ownership import owner_of

    request = known.get("/").wsgi_request
    search = make_search(version, direction(a=1), owner=owner_of(request))
    assert owner_of(request)
    make_search(version, direction(b=1), owner="session:another")
    known.get(reverse("shoppers:for_you"))
    event = ShopperEvent.objects.get()
    assert event.kind == "search"
    assert event.mix == {"traditional": 0.7, "subculture": 0.3}
    assert event.embedding is not None
    search.erase()
    assert not ShopperEvent.objects.exists()


def test_a_search_that_ran_out_of_time_has_said_its_part(
    known: Client, version: ModelVersion
) -> None:
    shopper = Shopper.objects.get()
    search = make_search(version, direction(a=1), expires_at=timezone.now() - timedelta(hours=1))
    ShopperEvent.objects.create(shopper=shopper, kind="search", dedupe_key=f"search:{search.pk}")
    search.erase()
    assert kinds() == ["search"]


def test_the_privacy_page_tells_of_the_taste_and_names_both_cookies(client: Client) -> None:
    page = client.get(reverse("products:privacy"))
    assert COOKIE in text_of(page)
    assert REFUSED_COOKIE in text_of(page)
    assert "for 90 days at most" in text_of(page)
    assert reverse("shoppers:settings") in page.content.decode()


@pytest.mark.usefixtures("sent")
def test_a_photo_that_was_just_sent_is_known_before_a_worker_has_looked(known: Client) -> None:
    upload(known, encode(draw_photo()))
    known.get(reverse("shoppers:for_you"))
    event = ShopperEvent.objects.get()
    assert (event.kind, event.embedding) == ("search", None)
    stranger = Client()
    upload(stranger, encode(draw_photo()))
    stranger.get(reverse("shoppers:for_you"))
    assert ShopperEvent.objects.count() == 1


def test_a_photo_from_before_the_consent_stays_unknown(client: Client, sent: list[object]) -> None:
    upload(client, encode(draw_photo()))
    say(client, "yes")
    client.get(reverse("shoppers:for_you"))
    assert not ShopperEvent.objects.exists()


def test_an_address_cannot_fill_the_shop_with_shoppers(settings: Settings) -> None:
    settings.KFASHION = {
        **settings.KFASHION,
        "THROTTLE_RATES": {"anonymous": {"events": "3/hour"}},
    }
    address = f"fd00:{uuid4().hex[:4]}:{uuid4().hex[:4]}:1::1"
    answers = [
        Client(REMOTE_ADDR=address).post(reverse("shoppers:answer"), {"answer": "yes"})
        for _ in range(5)
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert "Too many answers have come from your network" in text_of(answers[-1])
    assert Shopper.objects.count() == 3
    told = Client(REMOTE_ADDR=address).post(
        reverse("shoppers:answer"), {"answer": "yes"}, headers=HTMX
    )
    assert "Nothing is remembered Too many answers" in text_of(told)
    refusal = Client(REMOTE_ADDR=address).post(reverse("shoppers:answer"), {"answer": "no"})
    assert refusal.status_code == 303
