"""Which groups turn looking into liking and clicking, and which do not. Rows to shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shoppers.insights.intervals import wilson
from shoppers.insights.models import InterestWeek

_COUNTS = ("seen", "liked", "clicked", "bought", "taken_up")


@dataclass(frozen=True)
class Conversion:
    """How often what was seen of a group was taken up.

    Attributes:
        seen: pairs of a shopper and a product, a week each; the other counts are of these.
        taken_up: liked, clicked or bought.
        share: of what was seen, 0 to 1, with the bounds of its 95 % interval.
        is_sure: whether the interval leaves out the share of all groups together.
    """

    key: str
    seen: int
    liked: int
    clicked: int
    bought: int
    taken_up: int
    share: float
    low: float
    high: float
    is_sure: bool


@dataclass(frozen=True)
class Conversions:
    """The groups that were seen often enough, the best first, and the share of all together."""

    groups: tuple[Conversion, ...]
    average: float | None


def conversions(rows: Iterable[InterestWeek], *, facet: str, min_seen: int) -> Conversions:
    """Compare the groups of a facet over all weeks given.

    The best is the one with the highest lower bound: a group that is seen rarely has to be much
    better than the others to be called so.
    """
    sums: dict[str, Counter[str]] = {}
    for row in rows:
        if row.facet == facet and row.seen is not None:
            counted = sums.setdefault(row.key, Counter())
            counted.update({name: getattr(row, name) or 0 for name in _COUNTS})
    seen = sum(counts["seen"] for counts in sums.values())
    if not seen:
        return Conversions((), None)
    average = sum(counts["taken_up"] for counts in sums.values()) / seen
    groups = [
        _conversion(key, counts, average=average)
        for key, counts in sums.items()
        if counts["seen"] >= min_seen
    ]
    return Conversions(tuple(sorted(groups, key=lambda each: (-each.low, each.key))), average)


def _conversion(key: str, counts: Counter[str], *, average: float) -> Conversion:
    low, high = wilson(counts["taken_up"], counts["seen"])
    return Conversion(
        key=key,
        **{name: counts[name] for name in _COUNTS},
        share=counts["taken_up"] / counts["seen"],
        low=low,
        high=high,
        is_sure=not low <= average <= high,
    )
