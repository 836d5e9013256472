from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from products.models import Product
from shoppers.insights.interest import count_interest
from shoppers.insights.models import InterestWeek
from shoppers.insights.weeks import monday_of
from shoppers.models import ShopperEvent, StyleSearchCount
from shoppers.tasks import count_interest as count_interest_task
from styles.models import ModelVersion
from tests.shoppers.insights.busy_shop import noon, note, sell
from tests.shoppers.people import make_shopper

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def monday(today: date) -> date:
    return monday_of(today)


@pytest.fixture
def coat(version: ModelVersion, monday: date) -> Product:
    coat = sell("coat", "subculture", version=version, colour="레드", price=29_000)
    Product.objects.update(created_at=noon(monday - 20 * WEEK))
    return coat


def row(week: date, facet: str = "style_group", key: str = "subculture") -> InterestWeek:
    return InterestWeek.objects.get(week=week, facet=facet, key=key)


def rows() -> list[tuple[object, ...]]:
    return list(InterestWeek.objects.order_by("pk").values_list())


def test_pairs_of_shopper_and_product_are_counted_once_a_week_with_how_far_they_went(
    coat: Product, monday: date
) -> None:
    for number in range(5):
        shopper = make_shopper()
        for day in (monday - WEEK, monday - WEEK + timedelta(days=3)):
            note(shopper, "view", coat, day=day)
        if number < 2:
            note(shopper, "like", coat, day=monday - WEEK)
        if number == 0:
            note(shopper, "click", coat, day=monday - WEEK)
            note(shopper, "purchase", coat, day=monday - WEEK)
    count_interest()
    for facet, key in (("style_group", "subculture"), ("colour", "red"), ("price", "KRW:20000")):
        found = row(monday - WEEK, facet, key)
        counts = (found.shoppers, found.seen, found.liked, found.clicked, found.bought)
        assert counts == (5, 5, 2, 1, 1)
        assert found.taken_up == 2
        assert found.products == 1


def test_nothing_is_kept_of_fewer_people_than_the_least(
    coat: Product, monday: date, settings: Settings
) -> None:
    for _ in range(4):
        note(make_shopper(), "like", coat, day=monday)
    StyleSearchCount.objects.create(day=monday, style_group="subculture", searchers=4)
    count_interest()
    found = row(monday)
    assert (found.shoppers, found.seen, found.liked, found.searches) == (None, None, None, 0)
    settings.KFASHION = {**settings.KFASHION, "INSIGHT_MIN_SHOPPERS": 4}
    count_interest()
    found = row(monday)
    assert (found.shoppers, found.seen, found.liked, found.searches) == (4, 4, 4, 4)


def test_one_busy_person_is_no_crowd(coat: Product, monday: date, version: ModelVersion) -> None:
    busy = make_shopper()
    for number in range(8):
        note(busy, "view", sell(f"p{number}", "subculture", version=version), day=monday)
    count_interest()
    assert row(monday).seen is None


def test_weeks_that_are_over_are_made_up_for_and_another_run_changes_nothing(
    coat: Product, monday: date
) -> None:
    for back in range(6):
        for _ in range(5):
            note(make_shopper(), "view", coat, day=monday - back * WEEK)
    assert count_interest() == [monday - back * WEEK for back in reversed(range(6))]
    before = rows()
    assert count_interest_task() == 3
    assert rows() == before
    InterestWeek.objects.filter(week=monday - 5 * WEEK).delete()
    assert monday - 5 * WEEK in count_interest()
    assert row(monday - 5 * WEEK).seen == 5


def test_a_week_keeps_its_figures_when_its_events_are_purged(
    coat: Product, monday: date, today: date, settings: Settings
) -> None:
    for _ in range(5):
        note(make_shopper(), "view", coat, day=monday - 8 * WEEK)
    count_interest()
    ShopperEvent.objects.all().delete()
    settings.KFASHION = {**settings.KFASHION, "SHOPPER_RETENTION_DAYS": 30}
    count_interest()
    assert row(monday - 8 * WEEK).seen == 5


def test_of_a_week_that_is_over_the_catalogue_stays_as_it_was(
    coat: Product, monday: date, version: ModelVersion
) -> None:
    note(make_shopper(), "view", coat, day=monday - WEEK)
    count_interest()
    sell("another", "subculture", version=version)
    Product.objects.update(created_at=noon(monday - 20 * WEEK))
    count_interest()
    assert row(monday - WEEK).products == 1
    assert row(monday).products == 2


def test_searches_of_all_visitors_count_for_their_style(coat: Product, monday: date) -> None:
    for offset, searchers in ((0, 3), (1, 4)):
        StyleSearchCount.objects.create(
            day=monday - WEEK + timedelta(days=offset),
            style_group="subculture",
            searchers=searchers,
        )
    count_interest()
    assert row(monday - WEEK).searches == 7
    assert row(monday).searches == 0


def test_what_a_shopper_deletes_goes_from_the_weeks_that_are_open(
    coat: Product, monday: date
) -> None:
    shoppers = [make_shopper() for _ in range(6)]
    for shopper in shoppers:
        note(shopper, "view", coat, day=monday)
    count_interest()
    assert row(monday).seen == 6
    shoppers[0].delete()
    count_interest()
    assert row(monday).seen == 5
    shoppers[1].delete()
    count_interest()
    assert row(monday).seen is None


def test_an_empty_shop_counts_nothing(version: ModelVersion) -> None:
    count_interest()
    assert rows() == []


def test_without_a_model_colours_and_prices_are_counted_all_the_same(
    db: None, monday: date
) -> None:
    from tests.shop import make_product

    make_product("plain", colour="Navy", price=10)
    Product.objects.update(created_at=noon(monday - WEEK))
    count_interest()
    assert {(r.facet, r.key) for r in InterestWeek.objects.all()} == {
        ("colour", "navy"),
        ("price", "KRW:10"),
    }
