"""Keeps how the searches of a day went when they are gone; for the task of beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from products.models import ImageSearch
from shoppers.insights.judging import Judged, searches_of
from shoppers.insights.models import SearchDay

CHUNK: Final = 2000


def fold_health(day: date, judged: Sequence[Judged]) -> SearchDay | None:
    """Store how the searches of a day went; None where there were none, or fewer than before.

    Searches are gone after a day, so that a day is looked at again and again while it passes; what
    is kept is what the look that saw most of them saw.
    """
    failures: Counter[str] = Counter()
    times = []
    rows = searches_of(day).values_list("status", "error_code", "created_at", "finished_at")
    for status, error_code, created_at, finished_at in rows.iterator(chunk_size=CHUNK):
        if status == ImageSearch.Status.FAILED:
            failures[error_code or "unknown"] += 1
        elif finished_at is not None:
            times.append((finished_at - created_at).total_seconds() * 1000)
    seen = len(times) + failures.total()
    before = SearchDay.objects.filter(day=day).first()
    if not seen or (before is not None and before.finished > seen):
        return None
    stored, _ = SearchDay.objects.update_or_create(
        day=day,
        defaults={
            "answered": len(times),
            "failures": dict(failures),
            "judged": len(judged),
            "unmatched": sum(not each.is_matched for each in judged),
            "median_milliseconds": round(float(np.quantile(times, 0.5))) if times else None,
            "p95_milliseconds": round(float(np.quantile(times, 0.95))) if times else None,
        },
    )
    return stored
