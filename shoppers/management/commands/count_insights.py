"""``manage.py count_insights``: count what the photos say at once, in the place of beat's tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from shoppers.insights.folding import fold_searches
from shoppers.insights.interest import count_interest
from styles.console import ReportingCommand


class Command(ReportingCommand):
    """Count the weeks that are due and the searches that are there; safe to run at any time."""

    help = __doc__

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        weeks = [week.isoformat() for week in count_interest()]
        return {"weeks": weeks, **asdict(fold_searches())}

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        yield f"Weeks counted: {len(result['weeks'])}, from {result['weeks'][0]} on."
        yield f"Days folded: {result['days']}, new gaps: {result['new_gaps']}."
