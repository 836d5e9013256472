"""Folds the searches of today and yesterday into rows before they are purged; for the task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from shoppers import conf
from shoppers.insights.demand_gap import fold_gaps, forget_gaps, look_at_catalogue
from shoppers.insights.judging import judge_searches
from shoppers.insights.models import SearchDay
from shoppers.insights.search_health import fold_health
from shoppers.taste import version_if_any

# Any number that no other lock of this kind has: two folds at once would find each gap twice.
_LOCK: Final = 0x6761_7073


@dataclass(frozen=True)
class Folded:
    """What a fold came to."""

    days: int
    new_gaps: int
    forgotten_gaps: int


def fold_searches(today: date | None = None) -> Folded:
    """Fold what is there of two days; run it well more often than searches live."""
    today = today or timezone.localdate()
    version = version_if_any()
    days = new_gaps = 0
    for day in (today - timedelta(days=1), today):
        judged = judge_searches(day, version=version)
        with transaction.atomic():
            _wait_for_turn()
            days += fold_health(day, judged) is not None
            if version is not None:
                unmatched = [each for each in judged if not each.is_matched]
                new_gaps += fold_gaps(day, unmatched, version=version)
    if version is not None:
        look_at_catalogue(version, today=today)
    oldest = today - timedelta(weeks=conf.get("INSIGHT_WEEKS_KEPT"))
    SearchDay.objects.filter(day__lt=oldest).delete()
    return Folded(days, new_gaps, forget_gaps(today))


def _wait_for_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
