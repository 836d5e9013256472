"""Counts the interest of each week in what products stand for; for the task of beat.

A week is counted anew as long as its events may still change, and again where its rows are missing:
so the first run makes up for all weeks whose events are kept, and another run changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Min, Sum
from django.utils import timezone

from shoppers import conf
from shoppers.insights.facets import Facet, Key, count_products, keys_of
from shoppers.insights.models import InterestWeek
from shoppers.insights.weeks import WEEK, monday_of, start_of
from shoppers.models import ShopperEvent, StyleSearchCount
from shoppers.taste import version_if_any
from shoppers.trends import VOTING
from styles.models import ModelVersion

Kind = ShopperEvent.Kind
# Those that are not over, or of which apps may still tell: see EVENT_MAX_AGE_DAYS.
OPEN_WEEKS: Final = 3
_CHUNK: Final = 2000
_COUNTED: Final = ("shoppers", "seen", "liked", "clicked", "bought", "taken_up")


@dataclass
class Interest:
    """What was done about the products of one key."""

    shoppers: set[UUID] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, shopper: UUID, kinds: set[str]) -> None:
        """Count a pair of a shopper and a product."""
        self.shoppers.add(shopper)
        steps = {"liked": Kind.LIKE, "clicked": Kind.CLICK, "bought": Kind.PURCHASE}
        done = [name for name, kind in steps.items() if kind in kinds]
        self.counts.update(["seen", *done, *(["taken_up"] if done else [])])

    def kept(self, *, least: int) -> dict[str, int | None]:
        """Return the columns of a row: all empty of fewer than ``least`` shoppers."""
        if len(self.shoppers) < least:
            return dict.fromkeys(_COUNTED)
        counts = {name: self.counts[name] for name in _COUNTED[1:]}
        return {"shoppers": len(self.shoppers), **counts}


def count_interest(today: date | None = None) -> list[date]:
    """Count the weeks that are due up to a day, today unless told; return their Mondays."""
    today = today or timezone.localdate()
    due = _due_weeks(today)
    version = version_if_any()
    for week in due:
        _store(week, _rows(week, version=version), is_open=week == monday_of(today))
    oldest = monday_of(today) - conf.get("INSIGHT_WEEKS_KEPT") * WEEK
    InterestWeek.objects.filter(week__lt=oldest).delete()
    return due


def _due_weeks(today: date) -> list[date]:
    """Return the weeks whose events are all there and that are open or have no rows."""
    last = monday_of(today)
    oldest = today - timedelta(days=conf.get("SHOPPER_RETENTION_DAYS"))
    # The week in which the oldest events are purged is not whole any more.
    first_whole = monday_of(oldest) + WEEK
    begun = _first_day() or last
    first = max(first_whole, monday_of(begun))
    counted = set(InterestWeek.objects.filter(week__gte=first).values_list("week", flat=True))
    weeks = [first + number * WEEK for number in range((last - first).days // 7 + 1)]
    is_open = last - (OPEN_WEEKS - 1) * WEEK
    return [week for week in weeks if week >= is_open or week not in counted]


def _first_day() -> date | None:
    event = ShopperEvent.objects.aggregate(first=Min("at"))["first"]
    search: date | None = StyleSearchCount.objects.aggregate(first=Min("day"))["first"]
    days = [timezone.localtime(event).date() if event else None, search]
    return min((day for day in days if day), default=None)


def _rows(week: date, *, version: ModelVersion | None) -> list[InterestWeek]:
    interests = _interests(week, version=version)
    searches = _searches(week)
    ends = start_of(week + WEEK)
    products = count_products(version=version, before=ends)
    searched = {(str(Facet.STYLE_GROUP), group) for group in searches}
    least = conf.get("INSIGHT_MIN_SHOPPERS")
    return [
        InterestWeek(
            week=week,
            facet=facet,
            key=key,
            products=products[facet, key],
            searches=searches.get(key, 0) if facet == Facet.STYLE_GROUP else 0,
            **interests.get((facet, key), Interest()).kept(least=least),
        )
        for facet, key in sorted({*products, *interests, *searched})
    ]


def _interests(week: date, *, version: ModelVersion | None) -> Mapping[Key, Interest]:
    pairs = list(_pairs(week))
    keys = keys_of((product for _, product, _ in pairs), version=version)
    found: defaultdict[Key, Interest] = defaultdict(Interest)
    for shopper, product, kinds in pairs:
        for key in keys.get(product, ()):
            found[key].add(shopper, set(kinds))
    return found


def _pairs(week: date) -> Iterator[tuple[UUID, int, list[str]]]:
    rows = (
        ShopperEvent.objects.filter(
            kind__in=VOTING,
            product__isnull=False,
            at__gte=start_of(week),
            at__lt=start_of(week + WEEK),
        )
        .order_by()
        .values("shopper_id", "product_id")
        .annotate(kinds=ArrayAgg("kind", distinct=True))
        .values_list("shopper_id", "product_id", "kinds")
    )
    return rows.iterator(chunk_size=_CHUNK)


def _searches(week: date) -> dict[str, int]:
    """Return style group -> searches, without those that too few made."""
    counts = StyleSearchCount.objects.filter(day__gte=week, day__lt=week + WEEK)
    sums = counts.order_by().values_list("style_group").annotate(Sum("searchers"))
    least = conf.get("INSIGHT_MIN_SHOPPERS")
    return {group: searchers for group, searchers in sums if searchers >= least}


def _store(week: date, rows: list[InterestWeek], *, is_open: bool) -> None:
    """Put rows in the place of a week's; of a week that is over, the catalogue stays as it was."""
    with transaction.atomic():
        before = InterestWeek.objects.select_for_update().filter(week=week).order_by("pk")
        known = {(row.facet, row.key): row for row in before}
        for row in rows:
            if known and not is_open:
                old = known.get((row.facet, row.key))
                row.products = old.products if old else 0
        kept = {(row.facet, row.key) for row in rows}
        gone = [row.pk for key, row in known.items() if key not in kept]
        InterestWeek.objects.filter(pk__in=gone).delete()
        InterestWeek.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=("week", "facet", "key"),
            update_fields=("products", "searches", *_COUNTED),
        )
