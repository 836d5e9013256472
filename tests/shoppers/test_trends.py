from __future__ import annotations

from datetime import date, timedelta
from itertools import product as pairs

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from products.models import Product
from shoppers.models import StyleSearchCount, Trend, TrendSnapshot
from shoppers.searches import count_style_searches
from shoppers.trends import Key, Tally, Vote, compute_trends, latest_trends, lifts, rising, tally
from styles.models import ModelVersion, Style
from tests.pages import text_of
from tests.shop import direction, make_product, make_search
from tests.shoppers.people import do, make_shopper

TODAY = date(2026, 5, 29)


def votes(key: Key, shoppers: int, *, days_ago: int = 0) -> list[Vote]:
    return [(shopper, key, TODAY - timedelta(days=days_ago)) for shopper in range(shoppers)]


def test_lift_compares_shares_of_the_votes_by_hand() -> None:
    tallies: dict[Key, Tally] = {
        1: Tally(now=20, before=10, shoppers=9),
        2: Tally(now=10, before=30, shoppers=9),
    }
    # Expected of 30 votes: 30 * (10 + 2.5) / 45 = 8.33 and 30 * (30 + 2.5) / 45 = 21.67.
    assert lifts(tallies) == pytest.approx({1: 25 / 13.3333, 2: 15 / 26.6667}, rel=1e-3)


def test_a_busy_week_lifts_nothing() -> None:
    tallies: dict[Key, Tally] = {key: Tally(now=300, before=30, shoppers=99) for key in range(5)}
    assert list(lifts(tallies).values()) == pytest.approx([1.0] * 5)
    assert rising({key: Tally(300, 30, 99) for key in range(5)}) == []


def test_in_a_new_shop_what_is_liked_most_is_rising() -> None:
    found = rising({1: Tally(30, 0, 20), 2: Tally(3, 0, 3), 3: Tally(6, 0, 2)})
    assert [rise.key for rise in found] == [1]


@given(st.floats(1, 100), st.floats(0, 50), st.floats(0.5, 50))
def test_more_votes_never_lift_less(now: float, before: float, more: float) -> None:
    others: dict[Key, Tally] = {2: Tally(40, 40, 9), 3: Tally(10, 10, 9)}
    one = lifts({1: Tally(now, before, 9), **others})[1]
    assert lifts({1: Tally(now + more, before, 9), **others})[1] >= one - 1e-9


@given(st.integers(1, 100), st.integers(0, 34))
def test_one_person_clicking_a_hundred_times_moves_little_and_lists_nothing(
    times: int, days: int
) -> None:
    clicks: list[Vote] = [
        ("busy", 1, TODAY - timedelta(days=number % (days + 1))) for number in range(times)
    ]
    tallies = tally(clicks, today=TODAY)
    assert all(each.now <= 3 and each.before <= 3 for each in tallies.values())
    assert rising(tallies) == []


def test_a_shopper_has_a_vote_a_day_and_three_a_week_for_one_thing() -> None:
    daily: list[Vote] = [("one", 1, TODAY - timedelta(days=number)) for number in range(35)]
    assert tally(daily * 5, today=TODAY) == {1: Tally(now=3, before=3.0, shoppers=1)}
    assert tally([("one", 1, TODAY)], today=TODAY) == {1: Tally(now=1, before=0, shoppers=1)}
    assert tally([("one", 1, TODAY - timedelta(days=35))], today=TODAY) == {}
    assert tally([("one", 1, TODAY + timedelta(days=1))], today=TODAY) == {}


def test_too_few_different_shoppers_make_no_trend() -> None:
    three = votes(1, 3) + votes(2, 40, days_ago=8) + votes(2, 1)
    assert [rise.key for rise in rising(tally(three, today=TODAY))] == [1]
    two = votes(1, 2) + votes(2, 40, days_ago=8) + votes(2, 1)
    assert rising(tally(two, today=TODAY)) == []


@pytest.fixture
def stocked(db: None) -> tuple[Product, Product]:
    """Return a punk coat and a classic shirt, both viewed for weeks."""
    coat, shirt = make_product("coat", name="Coat"), make_product("shirt", name="Shirt")
    coat.styles.set([Style.objects.get(code="punk")])
    shirt.styles.set([Style.objects.get(code="classic")])
    for days, each in pairs((8, 15, 22, 29), (coat, shirt)):
        for _ in range(3):
            do(make_shopper(), "view", each, days_ago=days)
    return coat, shirt


def test_what_more_people_care_for_than_before_is_stored_as_rising(
    stocked: tuple[Product, Product], version: ModelVersion
) -> None:
    coat, shirt = stocked
    for _ in range(9):
        do(make_shopper(), "like", coat)
    for _ in range(3):
        do(make_shopper(), "view", shirt)
    compute_trends()
    trends = latest_trends()
    assert trends.product_ids == [coat.pk]
    (trend,) = trends.products
    assert (trend.votes, trend.votes_before, trend.shoppers, trend.rank) == (9, 3.0, 9, 1)
    assert [style.style_group for style in trends.styles] == ["subculture"]


def test_one_person_a_hundred_times_changes_nothing_that_is_shown(
    stocked: tuple[Product, Product], version: ModelVersion
) -> None:
    busy = make_shopper()
    for number in range(100):
        do(busy, "click", stocked[0], days_ago=(number % 7))
    compute_trends()
    assert latest_trends().product_ids == []
    assert latest_trends().styles == ()


def test_withdrawn_likes_are_no_votes(stocked: tuple[Product, Product]) -> None:
    for _ in range(9):
        shopper = make_shopper()
        do(shopper, "like", stocked[0], days_ago=0.01)
        do(shopper, "unlike", stocked[0])
    compute_trends()
    assert latest_trends().product_ids == []


@pytest.mark.django_db
def test_visitors_are_counted_by_style_once_a_day_and_without_a_trace_of_them(
    version: ModelVersion,
) -> None:
    for owner in ("session:a", "session:a", "session:b", ""):
        make_search(version, direction(a=1), owner=owner)
    make_search(version, direction(a=1), status="failed", owner="session:c")
    assert count_style_searches() == 1
    count = StyleSearchCount.objects.get()
    assert (count.style_group, count.searchers) == ("traditional", 3)
    assert {field.name for field in StyleSearchCount._meta.fields} == {
        "id",
        "day",
        "style_group",
        "searchers",
    }


@pytest.mark.django_db
def test_a_day_keeps_its_highest_count_when_its_searches_are_purged(version: ModelVersion) -> None:
    searches = [make_search(version, direction(a=1), owner=f"session:{n}") for n in range(3)]
    count_style_searches()
    for search in searches[1:]:
        search.erase()
    count_style_searches()
    assert StyleSearchCount.objects.get().searchers == 3


def test_searches_of_all_visitors_make_a_style_rise(
    stocked: tuple[Product, Product], version: ModelVersion
) -> None:
    today = timezone.localdate()
    StyleSearchCount.objects.create(day=today, style_group="sporty", searchers=12)
    compute_trends()
    (style,) = latest_trends().styles
    assert (style.style_group, style.votes, style.shoppers) == ("sporty", 12, 12)


def test_old_snapshots_go_and_the_latest_stays(
    stocked: tuple[Product, Product], settings: Settings
) -> None:
    old = compute_trends()
    TrendSnapshot.objects.filter(pk=old.pk).update(computed_at=timezone.now() - timedelta(days=8))
    new = compute_trends()
    assert list(TrendSnapshot.objects.all()) == [new]


@pytest.mark.django_db
def test_the_page_says_when_there_is_too_little_to_tell_and_shows_the_newest(
    client: Client,
) -> None:
    make_product("new", name="New coat")
    page = text_of(client.get(reverse("shoppers:trending")))
    assert "Too few people have looked around this week" in page
    assert "New coat" in page


def test_the_page_lists_what_is_rising_and_can_be_bought(
    client: Client, stocked: tuple[Product, Product], version: ModelVersion
) -> None:
    coat, _ = stocked
    for _ in range(9):
        do(make_shopper(), "like", coat)
    compute_trends()
    page = text_of(client.get(reverse("shoppers:trending")))
    assert "Like Coat" in page.partition("Rising products")[2]
    assert "Subculture" in page
    Product.objects.filter(pk=coat.pk).update(stock=0)
    assert "Rising products" not in text_of(client.get(reverse("shoppers:trending")))
    coat.delete()
    assert not Trend.objects.filter(product__isnull=False).exists()
