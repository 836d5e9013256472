from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from products.models import ImageSearch
from products.search.query_vectors import half_vector
from shoppers.insights.folding import fold_searches
from shoppers.insights.models import DemandGap, DemandGapDay, SearchDay
from shoppers.tasks import fold_searches as fold_searches_task
from styles.models import ModelVersion
from tests.shop import direction, make_product, make_version, place
from tests.shoppers.insights.busy_shop import (
    calibrate,
    near,
    noon,
    photograph,
    photograph_gaps,
    sell,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def now(today: date) -> datetime:
    return noon(today)


@pytest.fixture
def shop(version: ModelVersion) -> ModelVersion:
    """Open a shop that sells one coat, in the direction a, and knows what close means."""
    sell("coat", "casual", version=version)
    calibrate(version)
    return version


def gaps() -> dict[str, DemandGap]:
    return {next(iter(gap.product_types)): gap for gap in DemandGap.objects.all()}


def test_what_five_people_photographed_and_nobody_sells_is_a_gap(
    shop: ModelVersion, now: datetime, today: date
) -> None:
    photograph_gaps(shop, people=5, at=now)
    for number in range(9):
        photograph(shop, near("a", off=0.01 * number), by=f"happy {number}", at=now)
    assert fold_searches().new_gaps == 2
    found = gaps()
    assert set(found) == {"Boots", "Dresses"}
    boots = found["Boots"]
    assert boots.product_types == {"Boots": 0.8, "Shoes": 0.2}
    assert boots.mix == {"subculture": 0.7, "casual": 0.3}
    assert boots.colours == {"black": 0.7, "red": 0.3}
    assert boots.first_day == today
    assert [(day.searches, day.searchers) for day in boots.days.all()] == [(5, 5)]
    assert len(boots.nearest) == 1
    assert boots.filled_at is None


def test_what_fewer_people_photographed_leaves_no_trace(shop: ModelVersion, now: datetime) -> None:
    photograph_gaps(shop, people=4, at=now)
    for _ in range(10):
        photograph(shop, direction(e=1), by="one person", at=now)
    fold_searches()
    assert not DemandGap.objects.exists()
    assert not DemandGapDay.objects.exists()


def test_people_of_several_days_are_not_put_together(shop: ModelVersion, now: datetime) -> None:
    for number in range(3):
        photograph(shop, near("c", off=0.02 * number), by=f"today {number}", at=now)
        yesterday = now - timedelta(days=1)
        photograph(shop, near("c", off=0.02 * number), by=f"before {number}", at=yesterday)
    fold_searches()
    assert not DemandGap.objects.exists()


def test_folding_again_changes_nothing_even_when_searches_are_gone(
    shop: ModelVersion, now: datetime
) -> None:
    photograph_gaps(shop, people=6, at=now)
    fold_searches_task()

    def stored() -> list[object]:
        return [
            *DemandGap.objects.order_by("pk").values("mix", "product_types", "colours"),
            *DemandGapDay.objects.order_by("pk").values("gap", "day", "searches", "searchers"),
            *SearchDay.objects.values(),
        ]

    before = stored()
    assert fold_searches_task()["new_gaps"] == 0
    assert stored() == before
    ImageSearch.objects.filter(owner__endswith="0").delete()
    fold_searches()
    assert stored() == before
    ImageSearch.objects.all().delete()
    fold_searches()
    assert stored() == before


def test_a_known_gap_counts_further_photos_as_numbers(shop: ModelVersion, now: datetime) -> None:
    yesterday = now - timedelta(days=1)
    photograph_gaps(shop, people=5, at=yesterday)
    fold_searches()
    one = {"product_type": {"Hats": 1.0}}
    photograph(shop, near("c", off=0.05), by="late", at=now, probabilities=one)
    fold_searches()
    boots = gaps()["Boots"]
    assert [(day.day, day.searches) for day in boots.days.all()] == [
        (now.date(), 1),
        (yesterday.date(), 5),
    ]
    assert "Hats" not in boots.product_types


def test_a_gap_is_filled_once_the_shop_has_something_close(
    shop: ModelVersion, now: datetime
) -> None:
    photograph_gaps(shop, people=5, at=now)
    fold_searches()
    boots = place(make_product("boots"), direction(c=1), version=shop)
    fold_searches()
    filled = gaps()["Boots"]
    assert filled.filled_at is not None
    assert filled.nearest[0][0] == boots.pk
    assert gaps()["Dresses"].filled_at is None
    boots.delete()
    fold_searches()
    assert gaps()["Boots"].filled_at is None


def test_a_gap_keeps_no_photo_search_or_owner(shop: ModelVersion, now: datetime) -> None:
    photograph_gaps(shop, people=5, at=now)
    fold_searches()
    known = {str(key) for key in ImageSearch.objects.values_list("pk", flat=True)}
    known |= set(ImageSearch.objects.values_list("owner", flat=True))
    stored = repr([list(model.objects.values()) for model in (DemandGap, DemandGapDay, SearchDay)])
    assert not [secret for secret in known if secret in stored]
    vectors = [half_vector(search.embedding).to_list() for search in ImageSearch.objects.all()]
    assert all(
        half_vector(gap.centroid).to_list() not in vectors for gap in DemandGap.objects.all()
    )


@pytest.mark.parametrize("is_reliable", [None, False])
def test_where_nobody_knows_what_close_means_there_are_no_gaps(
    version: ModelVersion, now: datetime, is_reliable: bool | None
) -> None:
    if is_reliable is not None:
        calibrate(version, is_reliable=is_reliable)
    photograph_gaps(version, people=9, at=now)
    fold_searches()
    assert not DemandGap.objects.exists()
    assert SearchDay.objects.get().judged == 0


def test_gaps_of_another_version_are_left_alone(shop: ModelVersion, now: datetime) -> None:
    photograph_gaps(shop, people=5, at=now)
    fold_searches()
    shop.status = "retired"
    shop.save()
    other = make_version()
    calibrate(other)
    photograph_gaps(other, people=5, at=now)
    assert fold_searches().new_gaps == 2
    assert DemandGap.objects.count() == 4


def test_the_health_of_a_day_is_kept_when_its_searches_are_gone(
    shop: ModelVersion, now: datetime, today: date
) -> None:
    for number in range(3):
        photograph(shop, direction(a=1), by=f"happy {number}", at=now)
    photograph(shop, direction(c=1), by="lost", at=now)
    failed = ImageSearch.objects.create(status="failed", error_code="image_too_large")
    ImageSearch.objects.filter(pk=failed.pk).update(created_at=now)
    ImageSearch.objects.create(status="pending")
    fold_searches()
    day = SearchDay.objects.get(day=today)
    assert (day.answered, day.failures, day.judged, day.unmatched) == (
        *(4, {"image_too_large": 1}),
        *(4, 1),
    )
    assert (day.median_milliseconds, day.p95_milliseconds) == (400, 400)
    ImageSearch.objects.filter(owner="session:lost").delete()
    fold_searches()
    assert SearchDay.objects.get(day=today).unmatched == 1


def test_without_a_model_the_health_of_searches_is_kept(db: None, now: datetime) -> None:
    failed = ImageSearch.objects.create(status="failed", error_code="no_active_model_version")
    ImageSearch.objects.filter(pk=failed.pk).update(created_at=now)
    fold_searches()
    assert SearchDay.objects.get().failures == {"no_active_model_version": 1}


def test_what_is_too_old_is_forgotten(
    shop: ModelVersion, now: datetime, today: date, settings: Settings
) -> None:
    photograph_gaps(shop, people=5, at=now)
    fold_searches()
    ImageSearch.objects.all().delete()
    settings.KFASHION = {**settings.KFASHION, "INSIGHT_WEEKS_KEPT": 2}
    fold_searches(today + timedelta(weeks=3))
    assert not DemandGap.objects.exists()
    assert not SearchDay.objects.exists()
