"""How well searches are answered: speed, failures, no-match rate and recall. Rows to figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

from products.models import RecallCheck
from shoppers.insights.models import SearchDay

# Speed is that of the last days.
LATE: Final = timedelta(days=7)


@dataclass(frozen=True)
class HealthReport:
    """How well searches were answered over the days given.

    Attributes:
        days: in order; days without searches are missing.
        checks: of the vector index against exact scans, in order.
        failures: error code and how many, the most frequent first.
        unmatched_share: of the judged searches, 0 to 1; None where none was judged.
        median_milliseconds, p95_milliseconds: the median of the last seven days' own.
        recall: of the last check; None before one.
    """

    days: tuple[SearchDay, ...]
    checks: tuple[RecallCheck, ...]
    answered: int
    failed: int
    failures: tuple[tuple[str, int], ...]
    judged: int
    unmatched: int
    unmatched_share: float | None
    median_milliseconds: float | None
    p95_milliseconds: float | None
    recall: float | None


def health_report(days: Sequence[SearchDay], checks: Sequence[RecallCheck]) -> HealthReport:
    """Sum up days and checks, both in order of time."""
    failures: Counter[str] = Counter()
    for day in days:
        failures.update(day.failures)
    judged, unmatched = sum(day.judged for day in days), sum(day.unmatched for day in days)
    late = [day for day in days if day.day > days[-1].day - LATE]
    return HealthReport(
        days=tuple(days),
        checks=tuple(checks),
        answered=sum(day.answered for day in days),
        failed=failures.total(),
        failures=tuple(failures.most_common()),
        judged=judged,
        unmatched=unmatched,
        unmatched_share=unmatched / judged if judged else None,
        median_milliseconds=_middle([day.median_milliseconds for day in late]),
        p95_milliseconds=_middle([day.p95_milliseconds for day in late]),
        recall=next((check.recall for check in reversed(checks) if check.recall is not None), None),
    )


def _middle(values: Sequence[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(median(known)) if known else None
