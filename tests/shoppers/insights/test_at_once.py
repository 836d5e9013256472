from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from shoppers.insights.folding import fold_searches
from shoppers.insights.interest import count_interest
from shoppers.insights.models import DemandGap, DemandGapDay, InterestWeek, SearchDay
from tests.shop import make_version
from tests.shoppers.insights.busy_shop import calibrate, noon, note, photograph_gaps, sell
from tests.shoppers.people import make_shopper

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 3


def run_at_once(task: Callable[[], object]) -> None:
    barrier = Barrier(AT_ONCE)

    def run() -> None:
        try:
            barrier.wait(timeout=30)
            task()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(run) for _ in range(AT_ONCE)]:
            done.result()


@pytest.fixture
def today() -> date:
    """Return a day on which people photographed what is missing and looked at what there is."""
    version = make_version()
    calibrate(version)
    coat = sell("coat", "casual", version=version, colour="Red")
    today = timezone.localdate()
    photograph_gaps(version, people=6, at=noon(today))
    for _ in range(5):
        note(make_shopper(), "view", coat, day=today)
    return today


def test_gaps_found_at_once_are_there_once(today: date) -> None:
    run_at_once(fold_searches)
    assert DemandGap.objects.count() == 2
    assert list(DemandGapDay.objects.values_list("searches", "searchers")) == [(6, 6), (6, 6)]
    assert SearchDay.objects.get().unmatched == 12


def test_weeks_counted_at_once_are_counted_once(today: date) -> None:
    run_at_once(count_interest)
    rows = InterestWeek.objects.order_by("facet").values_list("facet", "key", "seen", "shoppers")
    assert list(rows) == [("colour", "red", 5, 5), ("style_group", "casual", 5, 5)]
