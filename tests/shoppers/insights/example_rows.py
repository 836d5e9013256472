"""Insights small enough to stand in the documentation of the API, and the key that reads them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from pgvector import HalfVector
from rest_framework_api_key.crypto import KeyGenerator

from access.models import AppKey
from products.models import Product
from shoppers.insights.models import DemandGap, DemandGapDay, InterestWeek, SearchDay
from shoppers.insights.weeks import weeks_up_to
from styles.models import ModelVersion
from tests.shop import direction

KEY = "insights.the-key-of-a-dashboard"
# Style group -> products, and searches, seen and liked in each of the last four weeks.
STYLES = {
    "traditional": (30, ((40, 60, 9), (38, 55, 8), (30, 50, 6), (12, 20, 0))),
    "subculture": (10, ((12, 10, 2), (14, 12, 3), (40, 35, 9), (20, 18, 0))),
}


def allow_key() -> AppKey:
    """Make the key of KEY, which may read insights."""
    prefix, _, _ = KEY.partition(".")
    hashed = KeyGenerator().hash(KEY)
    key: AppKey = AppKey.objects.create(
        id=f"{prefix}.{hashed}",
        prefix=prefix,
        hashed_key=hashed,
        name="Dashboard of the buyers",
        may_read_insights=True,
    )
    return key


def note_insights(version: ModelVersion, *, nearest: Product) -> None:
    """Write down what is told of four weeks."""
    today = timezone.localdate()
    weeks = weeks_up_to(today, count=4)
    for group, (products, counts) in STYLES.items():
        for week, (searches, seen, liked) in zip(weeks, counts, strict=True):
            InterestWeek.objects.create(
                week=week,
                facet="style_group",
                key=group,
                products=products,
                searches=searches,
                shoppers=seen // 2,
                seen=seen,
                liked=liked,
                clicked=0,
                bought=0,
                taken_up=liked,
            )
    InterestWeek.objects.create(week=weeks[-1], facet="colour", key="red", products=20)
    gap = DemandGap.objects.create(
        model_version=version,
        centroid=HalfVector(direction(c=1)),
        mix={"subculture": 0.7, "casual": 0.3},
        product_types={"Boots": 0.8, "Shoes": 0.2},
        colours={"black": 0.9},
        nearest=[(nearest.pk, 0.62)],
        first_day=weeks[-1],
        described_day=weeks[-1],
    )
    DemandGapDay.objects.create(gap=gap, day=weeks[-1], searches=9, searchers=7)
    SearchDay.objects.create(
        day=today - timedelta(days=1),
        answered=120,
        failures={"image_too_large": 2},
        judged=110,
        unmatched=11,
        median_milliseconds=310,
        p95_milliseconds=820,
    )
