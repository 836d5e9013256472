"""Celery tasks of the shoppers app, all run by beat; each may run twice or late."""

from __future__ import annotations

from dataclasses import asdict

from celery import shared_task

from shoppers import forgetting, recording, searches, trends
from shoppers.insights import folding, interest


@shared_task
def compute_trends() -> int:
    """Store what is rising; return how many products and styles are."""
    return trends.compute_trends().trends.count()


@shared_task
def count_style_searches() -> int:
    """Count the searches of the day by style; return how many counts there are."""
    return searches.count_style_searches()


@shared_task
def finish_searches() -> int:
    """Copy what workers found in photos, where nobody said that they had."""
    return recording.finish_searches()


@shared_task
def purge_shoppers() -> dict[str, int]:
    """Delete what is too old to be kept."""
    return asdict(forgetting.purge())


@shared_task
def count_interest() -> int:
    """Count for the insights what shoppers did in the weeks that are due; return how many."""
    return len(interest.count_interest())


@shared_task
def fold_searches() -> dict[str, int]:
    """Keep for the insights what searches say together, before they are purged."""
    return asdict(folding.fold_searches())
