"""Counts how many visitors search for which style, without telling one from another; for a task."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models.functions import TruncDate
from django.utils import timezone

from products.models import ImageSearch
from shoppers.models import StyleSearchCount
from shoppers.recording import searched_mix
from shoppers.trends import top_group

CHUNK = 500


def count_style_searches() -> int:
    """Count the searches of today and yesterday that are still there; return of how many styles.

    Searches are gone after a day, so that a day is counted again and again while it passes, and its
    highest count stays. A visitor counts once a day and style, by the owner that tells who may
    delete a search; what is stored is the number. Searches of nobody in particular count as one.
    """
    yesterday = timezone.localdate() - timedelta(days=1)
    searches = (
        ImageSearch.objects.filter(status=ImageSearch.Status.DONE)
        .annotate(day=TruncDate("created_at"))
        .filter(day__gte=yesterday)
    )
    owners: defaultdict[tuple[date, str], set[str]] = defaultdict(set)
    rows = searches.values_list("day", "owner", "probabilities")
    for day, owner, probabilities in rows.iterator(chunk_size=CHUNK):
        mix = searched_mix(probabilities)
        if mix:
            owners[day, top_group(mix)].add(owner)
    _store({key: len(found) for key, found in owners.items()})
    return len(owners)


def _store(counts: Mapping[tuple[date, str], int]) -> None:
    days = {day for day, _ in counts}
    stored = {
        (count.day, count.style_group): count.searchers
        for count in StyleSearchCount.objects.filter(day__in=days)
    }
    StyleSearchCount.objects.bulk_create(
        (
            StyleSearchCount(day=day, style_group=group, searchers=searchers)
            for (day, group), searchers in counts.items()
            if searchers > stored.get((day, group), 0)
        ),
        update_conflicts=True,
        unique_fields=("day", "style_group"),
        update_fields=("searchers",),
    )
