"""What is rising in the shop this week against the weeks before; for pages, API and a task.

A shopper has one vote a day for a product or style they viewed, clicked, liked or bought, and at
most TREND_MAX_VOTES a week: a hundred clicks are one vote. The photos of all visitors are counted
by style, each visitor once a day, as numbers without any identity.

Votes become a *lift*, this week's beside those expected from the weeks before, smoothed as a
gamma-Poisson model does (DuMouchel 1999), so that two votes after none are no trend.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models.functions import TruncDate
from django.utils import timezone

from products.search.candidates import style_mixes
from shoppers import conf
from shoppers.models import ShopperEvent, StyleSearchCount, Trend, TrendSnapshot
from shoppers.taste import in_groups, version_if_any

Kind = ShopperEvent.Kind
VOTING: Final = (Kind.VIEW, Kind.CLICK, Kind.LIKE, Kind.PURCHASE)
DAYS_A_WEEK: Final = 7
MOST_PRODUCTS: Final = 100
# Older snapshots are of no use: pages show the latest.
KEPT: Final = timedelta(days=7)
_CHUNK: Final = 2000

Key = int | str
"""A product's key, or a style group's code."""
Vote = tuple[Any, Key, date]
"""Whose it is, for what, on which day."""


@dataclass(frozen=True)
class Tally:
    """The votes for one product or style.

    Attributes:
        now: votes this week.
        before: votes a week, in the weeks before.
        shoppers: how many different shoppers voted this week.
    """

    now: float = 0.0
    before: float = 0.0
    shoppers: int = 0


@dataclass(frozen=True)
class Rise:
    """A product or style with its votes and its lift: above 1 it is rising."""

    key: Key
    tally: Tally
    lift: float


@dataclass(frozen=True)
class Trends:
    """What is rising, the steepest first; empty where too few shoppers voted."""

    computed_at: datetime | None
    products: tuple[Trend, ...]
    styles: tuple[Trend, ...]

    @property
    def product_ids(self) -> list[int]:
        """Keys of the rising products."""
        return [trend.product_id for trend in self.products if trend.product_id is not None]


def latest_trends() -> Trends:
    """Return what was rising when it was last computed."""
    snapshot = TrendSnapshot.objects.order_by("-computed_at").first()
    if snapshot is None:
        return Trends(None, (), ())
    trends = list(snapshot.trends.order_by("rank"))
    return Trends(
        snapshot.computed_at,
        tuple(trend for trend in trends if trend.product_id is not None),
        tuple(trend for trend in trends if trend.product_id is None),
    )


def compute_trends(today: date | None = None) -> TrendSnapshot:
    """Count the votes up to a day, today unless told, and store what is rising."""
    today = today or timezone.localdate()
    votes = set(_votes(today))
    products = tally(votes, today=today)
    groups = _groups_of({key for _, key, _ in votes})
    styles = tally(
        ((who, groups[key], day) for who, key, day in votes if key in groups), today=today
    )
    styles = _with_searches(styles, today=today)
    with transaction.atomic():
        snapshot = TrendSnapshot.objects.create(votes=round(sum(t.now for t in products.values())))
        Trend.objects.bulk_create(
            _trend(snapshot, rank, rise)
            for found in (rising(products)[:MOST_PRODUCTS], rising(styles))
            for rank, rise in enumerate(found, start=1)
        )
        TrendSnapshot.objects.filter(computed_at__lt=snapshot.computed_at - KEPT).delete()
    return snapshot


def tally(votes: Iterable[Vote], *, today: date) -> dict[Key, Tally]:
    """Count votes; each shopper has TREND_MAX_VOTES a week for one thing."""
    weeks_before, most = conf.get("TREND_WEEKS_BEFORE"), conf.get("TREND_MAX_VOTES")
    days: Counter[tuple[Key, Any, int]] = Counter()
    for who, key, day in set(votes):
        week = (today - day).days // DAYS_A_WEEK
        if 0 <= week <= weeks_before:
            days[key, who, week] += 1
    now: Counter[Key] = Counter()
    before: Counter[Key] = Counter()
    shoppers: Counter[Key] = Counter()
    for (key, _who, week), count in days.items():
        if week:
            before[key] += min(count, most)
        else:
            now[key] += min(count, most)
            shoppers[key] += 1
    return {
        key: Tally(now[key], before[key] / weeks_before, shoppers[key]) for key in {*now, *before}
    }


def lifts(tallies: Mapping[Key, Tally]) -> dict[Key, float]:
    """Return the lift of each: 1 where it does as before, 2 where twice as well.

    With n things, N and B votes in all now and a week before, and s prior votes, a thing with b
    votes a week before is expected to have ``e = N * (b + s / n) / (B + s)`` now, and with x votes
    its lift is ``(x + s) / (e + s)``. It compares shares, so that a busy week lifts nothing.
    """
    prior = conf.get("TREND_PRIOR_VOTES")
    now = sum(each.now for each in tallies.values())
    before = sum(each.before for each in tallies.values())
    lifted = {}
    for key, each in tallies.items():
        expected = now * (each.before + prior / len(tallies)) / (before + prior)
        lifted[key] = (each.now + prior) / (expected + prior)
    return lifted


def rising(tallies: Mapping[Key, Tally]) -> list[Rise]:
    """Return what enough different shoppers voted for and is rising, the steepest first."""
    least = conf.get("TREND_MIN_SHOPPERS")
    found = [
        Rise(key, tallies[key], lift)
        for key, lift in lifts(tallies).items()
        if lift > 1 and tallies[key].shoppers >= least
    ]
    return sorted(found, key=lambda rise: (-rise.lift, -rise.tally.now, str(rise.key)))


def _votes(today: date) -> Iterable[tuple[UUID, int, date]]:
    weeks = 1 + conf.get("TREND_WEEKS_BEFORE")
    first = today - timedelta(days=DAYS_A_WEEK * weeks - 1)
    begin = datetime.combine(first, time.min, timezone.get_current_timezone())
    return (
        # By time, which is indexed; the days are those of the same zone.
        ShopperEvent.objects.filter(kind__in=VOTING, product__isnull=False, at__gte=begin)
        .annotate(day=TruncDate("at"))
        .filter(day__lte=today)
        .order_by()
        .values_list("shopper_id", "product_id", "day")
        .distinct()
        .iterator(chunk_size=_CHUNK)
    )


def _groups_of(product_ids: Iterable[int]) -> dict[int, str]:
    """Return the style group that each product shows most of, where it is known."""
    version = version_if_any()
    keys = sorted(product_ids)
    if version is None:
        return {}
    groups: dict[int, str] = {}
    for start in range(0, len(keys), _CHUNK):
        mixes = style_mixes(keys[start : start + _CHUNK], model_version=version)
        groups |= {key: top_group(in_groups(mix)) for key, mix in mixes.items() if mix}
    return groups


def top_group(mix: Mapping[str, float]) -> str:
    """Return the style group with the largest share; of equals, the first by code."""
    return max(sorted(mix), key=lambda code: mix[code])


def _with_searches(styles: Mapping[Key, Tally], *, today: date) -> dict[Key, Tally]:
    """Return the tallies with the photos that were searched with, by style group."""
    weeks_before = conf.get("TREND_WEEKS_BEFORE")
    merged: defaultdict[Key, Tally] = defaultdict(Tally, styles)
    first = today - timedelta(days=DAYS_A_WEEK * (1 + weeks_before) - 1)
    for count in StyleSearchCount.objects.filter(day__gte=first, day__lte=today):
        is_now = (today - count.day).days < DAYS_A_WEEK
        each = merged[count.style_group]
        merged[count.style_group] = Tally(
            each.now + count.searchers * is_now,
            each.before + count.searchers * (not is_now) / weeks_before,
            # Of several days they may be the same people, and the same as those who voted.
            max(each.shoppers, count.searchers * is_now),
        )
    return dict(merged)


def _trend(snapshot: TrendSnapshot, rank: int, rise: Rise) -> Trend:
    is_product = isinstance(rise.key, int)
    return Trend(
        snapshot=snapshot,
        product_id=rise.key if is_product else None,
        style_group="" if is_product else str(rise.key),
        rank=rank,
        lift=round(rise.lift, 4),
        votes=round(rise.tally.now),
        votes_before=rise.tally.before,
        shoppers=rise.tally.shoppers,
    )
