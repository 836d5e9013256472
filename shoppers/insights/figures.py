"""Puts insights into words and drawings of the active language; for the page in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.swatches import swatch
from shoppers.insights import drawing
from shoppers.insights.balance import Balance
from shoppers.insights.conversion import Conversion, Conversions
from shoppers.insights.drawing import Curve
from shoppers.insights.facets import Facet, name_of, place_of
from shoppers.insights.popularity import Direction, StyleCurve
from shoppers.insights.reading import InsightsRead
from shoppers.insights.wording import draw_colours, milliseconds, percent, safe

DIRECTIONS = {
    Direction.RISING: gettext_lazy("Rising"),
    Direction.FALLING: gettext_lazy("Falling"),
    Direction.STEADY: gettext_lazy("Steady"),
}
# Where demand is so many times the supply, or as much less, a row is marked.
UNEVEN = 1.5
MOST_BALANCES = 16


@dataclass(frozen=True)
class StyleFigure:
    """A style group as a small drawing and as a row of the table."""

    name: str
    direction: Direction
    words: str
    change: str
    drawing: SafeString
    searches: str
    seen: str
    liked: str
    catalogue: str


@dataclass(frozen=True)
class ConversionFigure:
    """A group as a row: what was seen of it, and how much of that was taken up."""

    name: str
    row: Conversion
    drawing: SafeString
    share: str
    interval: str
    verdict: str


@dataclass(frozen=True)
class BalanceFigure:
    """A style, colour or price as a row: what there is and what is sought."""

    name: str
    shades: SafeString
    row: Balance
    drawing: SafeString
    supply: str
    demand: str
    verdict: str


def style_figures(found: InsightsRead) -> list[StyleFigure]:
    """Return a figure for each style group, the steepest rise first."""
    return [_style_figure(curve, found) for curve in found.styles]


def conversion_figures(found: InsightsRead, facet: str) -> list[ConversionFigure]:
    """Return a row for each group that was seen often enough, the best first."""
    compared = found.conversions[facet]
    top = drawing.round_up(max((each.high for each in compared.groups), default=1.0))
    return [
        _conversion_figure(
            each,
            compared,
            name=name_of(facet, each.key, clusters=found.clusters),
            top=min(top, 1.0),
        )
        for each in compared.groups
    ]


def balance_figures(found: InsightsRead, facet: str) -> list[BalanceFigure]:
    """Return a row for each style, colour or price: prices in order, the others by demand."""
    rows = found.balances[facet]
    largest = sorted(rows, key=lambda row: -max(row.supply_share, row.demand_share))
    shown = [row for row in rows if row in largest[:MOST_BALANCES]]
    if facet == Facet.PRICE:
        shown.sort(key=lambda row: place_of(facet, row.key))
    top = max((max(row.supply_share, row.demand_share) for row in shown), default=1.0)
    return [
        BalanceFigure(
            name=name_of(facet, row.key, clusters=found.clusters),
            shades=draw_colours([(shade, 1.0) for shade in swatch(row.key)])
            if facet == Facet.COLOUR and swatch(row.key)
            else SafeString(""),
            row=row,
            drawing=safe(drawing.draw_pair(row.supply_share, row.demand_share, top=top)),
            supply=percent(row.supply_share),
            demand=percent(row.demand_share),
            verdict=_balance_verdict(row),
        )
        for row in shown
    ]


def latency_drawing(found: InsightsRead) -> SafeString:
    """Return how long searches took day by day."""
    days = found.health.days
    worst = max((day.p95_milliseconds or 0 for day in days), default=0)
    top = drawing.round_up(worst)
    return safe(
        drawing.draw_curves(
            [
                Curve("median", [day.median_milliseconds for day in days]),
                Curve("p95", [day.p95_milliseconds for day in days]),
            ],
            top=top,
            top_label=milliseconds(top),
            description=_("How long searches took, day by day"),
            width=440,
            height=140,
        )
    )


def unmatched_drawing(found: InsightsRead) -> SafeString:
    """Return the share of searches without a close match day by day."""
    days = found.health.days
    shares = [day.unmatched / day.judged if day.judged else None for day in days]
    top = min(drawing.round_up(max((share or 0.0 for share in shares), default=0.0)), 1.0)
    return safe(
        drawing.draw_curves(
            [Curve("unmatched", shares)],
            top=top,
            top_label=percent(top),
            description=_("Share of searches without a close match, day by day"),
            width=440,
            height=140,
        )
    )


def recall_drawing(found: InsightsRead) -> SafeString:
    """Return what the vector index found of an exact scan's answers, check by check."""
    return safe(
        drawing.draw_curves(
            [Curve("median", [check.recall for check in found.health.checks])],
            top=1.0,
            top_label=percent(1.0),
            description=_("Recall of the index, check by check"),
            width=440,
            height=140,
        )
    )


def _style_figure(curve: StyleCurve, found: InsightsRead) -> StyleFigure:
    name = name_of(Facet.STYLE_GROUP, curve.code, clusters={})
    top = min(drawing.round_up(curve.highest), 1.0)
    words = str(DIRECTIONS[curve.direction])
    return StyleFigure(
        name=name,
        direction=curve.direction,
        words=words,
        change=_change(curve.lift),
        drawing=safe(
            drawing.draw_curves(
                [Curve(kind, getattr(curve, kind)) for kind in ("searches", "seen", "liked")],
                top=top,
                top_label=percent(top),
                level=curve.catalogue,
                description=f"{name}: {words}",
            )
        ),
        searches=percent(_last(curve.searches)),
        seen=percent(_last(curve.seen)),
        liked=percent(_last(curve.liked)),
        catalogue=percent(curve.catalogue),
    )


def _change(lift: float) -> str:
    percent_change = round((lift - 1) * 100)
    return f"{percent_change:+d}%" if percent_change else "0%"


def _conversion_figure(
    each: Conversion, compared: Conversions, *, name: str, top: float
) -> ConversionFigure:
    average = compared.average or 0.0
    kind = "" if not each.is_sure else "best" if each.share > average else "worst"
    verdicts = {
        "": _("as others"),
        "best": _("better than others"),
        "worst": _("worse than others"),
    }
    return ConversionFigure(
        name=name,
        row=each,
        drawing=safe(
            drawing.draw_interval(
                each.low, each.share, each.high, average=average, top=top, kind=kind
            )
        ),
        share=percent(each.share),
        interval=f"{percent(each.low)} \u2013 {percent(each.high)}",
        verdict=verdicts[kind],
    )


def _balance_verdict(row: Balance) -> str:
    if row.ratio is None:
        return _("sought, not stocked")
    if row.ratio >= UNEVEN:
        return _("more sought than stocked")
    return _("more stocked than sought") if row.ratio <= 1 / UNEVEN else ""


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)
