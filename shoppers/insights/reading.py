"""Reads all insights out of stored rows, in a handful of queries; for the page and the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.utils import timezone

from products.models import Product, RecallCheck
from products.querysets import ProductQuerySet
from shoppers import conf
from shoppers.insights.balance import Balance, balances
from shoppers.insights.conversion import Conversions, conversions
from shoppers.insights.facets import Facet
from shoppers.insights.health_report import HealthReport, health_report
from shoppers.insights.judging import reliable_calibration
from shoppers.insights.models import DemandGap, DemandGapDay, InterestWeek, SearchDay
from shoppers.insights.popularity import StyleCurve, style_curves
from shoppers.insights.weeks import monday_of, weeks_up_to
from shoppers.taste import version_if_any
from styles.models import Cluster, ModelVersion

# Demand is that of the last weeks: what was sought in another season says little.
DEMAND_WEEKS: Final = 4
MOST_GAPS: Final = 12
HEALTH_DAYS: Final = 30


class GapState(StrEnum):
    """Why no gap is listed, or that gaps can be."""

    NO_MODEL = "no_model"
    UNCALIBRATED = "uncalibrated"
    KNOWN = "known"


@dataclass(frozen=True)
class NearProduct:
    """A product of the shop that comes nearest to a gap, and how far it is all the same."""

    product: Product
    distance: float


@dataclass(frozen=True)
class Gap:
    """A demand gap with how many photographed it in each week, and what the shop has nearest."""

    row: DemandGap
    weeks: tuple[int, ...]
    products: tuple[NearProduct, ...]

    @property
    def searches(self) -> int:
        """How many searches there were in all weeks shown."""
        return sum(self.weeks)


@dataclass(frozen=True)
class InsightsRead:
    """All that is told.

    Attributes:
        weeks: the Mondays of the weeks shown, the last one still running.
        has_interest: whether any week has been counted.
        gaps: those that are open, the most searched first.
        filled: how many gaps of these weeks the shop has filled since.
        conversions, balances: by facet.
        clusters: number -> name of the clusters in force.
        min_shoppers: nothing is told of fewer people.
    """

    weeks: tuple[date, ...]
    has_interest: bool
    styles: tuple[StyleCurve, ...]
    gap_state: GapState
    gaps: tuple[Gap, ...]
    filled: int
    conversions: dict[str, Conversions]
    balances: dict[str, list[Balance]]
    health: HealthReport
    clusters: dict[int, str]
    min_shoppers: int
    min_seen: int


def read_insights(
    today: date | None = None, *, products: ProductQuerySet | None = None
) -> InsightsRead:
    """Return what there is to tell up to a day, today unless told.

    Args:
        products: those that may be shown beside gaps, with what is shown of them.
    """
    today = today or timezone.localdate()
    weeks = weeks_up_to(today, count=conf.get("INSIGHT_WEEKS_SHOWN"))
    rows = list(InterestWeek.objects.filter(week__gte=weeks[0], week__lte=today))
    counted = any(row.seen is not None or row.searches for row in rows)
    late = [row for row in rows if row.week in weeks[-DEMAND_WEEKS:]]
    latest = max((row.week for row in rows), default=weeks[-1])
    version = version_if_any()
    gaps = _gaps(weeks, version=version, products=products) if version else []
    is_open = [gap for gap in gaps if gap.row.filled_at is None]
    min_seen = conf.get("INSIGHT_MIN_SEEN")
    return InsightsRead(
        weeks=tuple(weeks),
        has_interest=counted,
        styles=tuple(style_curves(rows, weeks=weeks)) if counted else (),
        gap_state=_gap_state(version),
        gaps=tuple(is_open[:MOST_GAPS]),
        filled=len(gaps) - len(is_open),
        conversions={
            facet: conversions(rows, facet=facet, min_seen=min_seen)
            for facet in (Facet.STYLE_GROUP, Facet.CLUSTER)
        },
        balances={
            facet: balances(late, facet=facet, latest=latest)
            for facet in (Facet.STYLE_GROUP, Facet.COLOUR, Facet.PRICE)
        },
        health=_health(today, version=version),
        clusters={cluster.number: cluster.name for cluster in Cluster.objects.in_force()},
        min_shoppers=conf.get("INSIGHT_MIN_SHOPPERS"),
        min_seen=min_seen,
    )


def _gap_state(version: ModelVersion | None) -> GapState:
    if version is None:
        return GapState.NO_MODEL
    return GapState.KNOWN if reliable_calibration(version) else GapState.UNCALIBRATED


def _gaps(
    weeks: Sequence[date], *, version: ModelVersion, products: ProductQuerySet | None
) -> list[Gap]:
    days = DemandGapDay.objects.filter(gap__model_version=version, day__gte=weeks[0])
    counts: dict[int, Counter[date]] = {}
    for gap_id, day, searches in days.values_list("gap_id", "day", "searches"):
        counts.setdefault(gap_id, Counter())[monday_of(day)] += searches
    rows = DemandGap.objects.in_bulk(counts)
    ids = {product_id for row in rows.values() for product_id, _ in row.nearest}
    shown = (Product.objects.all() if products is None else products).published().in_bulk(ids)
    gaps = [
        Gap(
            row=row,
            weeks=tuple(counts[gap_id][week] for week in weeks),
            products=tuple(
                NearProduct(shown[product_id], distance)
                for product_id, distance in row.nearest
                if product_id in shown
            ),
        )
        for gap_id, row in rows.items()
    ]
    return sorted(gaps, key=lambda gap: (-gap.searches, gap.row.pk))


def _health(today: date, *, version: ModelVersion | None) -> HealthReport:
    oldest = today - timedelta(days=HEALTH_DAYS - 1)
    days = list(SearchDay.objects.filter(day__gte=oldest, day__lte=today).order_by("day"))
    checks = RecallCheck.objects.filter(checked_at__date__gte=oldest, model_version=version)
    return health_report(days, list(checks.order_by("checked_at")))
