"""Which styles rise and fall over weeks, beside their share in the catalogue: rows to curves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shoppers.insights.models import InterestWeek
from shoppers.trends import Key, Tally, lifts
from styles.taxonomy import STYLE_GROUPS

# The last whole weeks, which are compared with those before; of the running one most is to come.
WEEKS_NOW: Final = 2
RUNNING: Final = 1
# Below this change nobody would see a difference.
STEADY: Final = 1.1
MEASURES: Final = ("searches", "seen", "liked")


class Direction(StrEnum):
    """Where a style is going."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


@dataclass(frozen=True)
class StyleCurve:
    """A style group week by week.

    Attributes:
        searches, seen, liked: its share of all that was counted in each week, 0 to 1; None where
            too few people did anything to tell of it.
        catalogue: its share of the products now, 0 to 1.
        lift: its votes of the last two whole weeks beside those expected from the weeks before,
            smoothed; 1 is as before. See ``shoppers.trends.lifts``.
        votes: searches, views and likes of these two weeks together.
    """

    code: str
    searches: tuple[float | None, ...]
    seen: tuple[float | None, ...]
    liked: tuple[float | None, ...]
    catalogue: float
    lift: float
    votes: int
    direction: Direction

    @property
    def highest(self) -> float:
        """The largest share that is drawn of it."""
        drawn = [*self.searches, *self.seen, *self.liked, self.catalogue]
        return max(share for share in drawn if share is not None)


def style_curves(rows: Iterable[InterestWeek], *, weeks: Sequence[date]) -> list[StyleCurve]:
    """Return the curves of the style groups that were counted, the steepest rise first."""
    by_key = {(row.week, row.key): row for row in rows if row.facet == row.Facet.STYLE_GROUP}
    known = {code for _, code in by_key}
    codes = [group.code for group in STYLE_GROUPS if group.code in known]
    counts = {
        (code, week, measure): _count(by_key.get((week, code)), measure)
        for code in codes
        for week in weeks
        for measure in MEASURES
    }
    latest = max((week for week, _ in by_key), default=weeks[-1])
    products = {code: _products(by_key, code, latest) for code in codes}
    stocked = sum(products.values())
    lifted = _lifts(codes, weeks, counts)
    curves = []
    for code in codes:
        series = {
            measure: tuple(
                _share(counts, code, week, measure, codes)
                if _is_told(by_key.get((week, code)), measure)
                else None
                for week in weeks
            )
            for measure in MEASURES
        }
        curves.append(
            StyleCurve(
                code=code,
                **series,
                catalogue=products[code] / stocked if stocked else 0.0,
                lift=round(lifted.get(code, 1.0), 3),
                votes=sum(counts[code, week, m] for week in _now(weeks) for m in MEASURES),
                direction=_direction(lifted.get(code, 1.0)),
            )
        )
    return sorted(curves, key=lambda curve: -curve.lift)


def _lifts(
    codes: Sequence[str], weeks: Sequence[date], counts: Mapping[tuple[str, date, str], int]
) -> dict[str, float]:
    """Return the lift of each style; none before there is a week to compare with."""
    now, before = _now(weeks), weeks[: -RUNNING - WEEKS_NOW]
    counted = [week for week in before if any(counts[c, week, m] for c in codes for m in MEASURES)]
    if not counted:
        return {}
    tallies: dict[Key, Tally] = {
        code: Tally(
            now=sum(counts[code, week, m] for week in now for m in MEASURES),
            before=sum(counts[code, week, m] for week in counted for m in MEASURES)
            * WEEKS_NOW
            / len(counted),
        )
        for code in codes
    }
    return {str(code): lift for code, lift in lifts(tallies).items()}


def _share(
    counts: Mapping[tuple[str, date, str], int],
    code: str,
    week: date,
    measure: str,
    codes: Sequence[str],
) -> float | None:
    total = sum(counts[each, week, measure] for each in codes)
    return counts[code, week, measure] / total if total else None


def _now(weeks: Sequence[date]) -> Sequence[date]:
    return weeks[-RUNNING - WEEKS_NOW : -RUNNING]


def _count(row: InterestWeek | None, measure: str) -> int:
    return getattr(row, measure, 0) or 0


def _is_told(row: InterestWeek | None, measure: str) -> bool:
    """Whether enough people did something; of searches a 0 may stand for too few."""
    if row is None:
        return False
    return bool(row.searches) if measure == "searches" else row.seen is not None


def _products(by_key: Mapping[tuple[date, str], InterestWeek], code: str, week: date) -> int:
    row = by_key.get((week, code))
    return row.products if row else 0


def _direction(lift: float) -> Direction:
    if lift >= STEADY:
        return Direction.RISING
    return Direction.FALLING if lift <= 1 / STEADY else Direction.STEADY
