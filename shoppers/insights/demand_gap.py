"""Folds photos that found nothing close into gaps without identity; for the task of beat.

A gap comes to be where photos of at least INSIGHT_MIN_SHOPPERS different searchers of one day lie
within GAP_RADIUS of their mean. From then on further photos near it are counted, as numbers. What
fewer people photographed leaves no trace. Searchers are told apart by the owners of searches while
those are there; nothing of an owner is stored, so that days cannot be put together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from pgvector import HalfVector

from products.palette import colour_code
from products.search.query_vectors import half_vector
from shoppers import conf
from shoppers.insights.clumps import find_clumps, nearest_centres
from shoppers.insights.judging import Judged, nearest_of, reliable_calibration
from shoppers.insights.models import DemandGap, DemandGapDay
from shoppers.insights.weeks import weeks_up_to
from shoppers.recording import searched_mix
from styles.models import ModelVersion

SHOWN_PRODUCTS: Final = 6
MOST_SHARES: Final = 6
SMALLEST_SHARE: Final = 0.04


def fold_gaps(day: date, unmatched: Sequence[Judged], *, version: ModelVersion) -> int:
    """Count photos of a day without a close match; return how many gaps are new.

    Counting a day again while its searches go leaves its highest counts.
    """
    if not unmatched:
        return 0
    vectors = np.stack([judged.vector for judged in unmatched])
    radius, least = conf.get("GAP_RADIUS"), conf.get("INSIGHT_MIN_SHOPPERS")
    gaps = list(DemandGap.objects.filter(model_version=version).order_by("pk"))
    is_left = nearest_centres(vectors, _centres(gaps), radius=radius) < 0
    left = [judged for judged, is_mine in zip(unmatched, is_left, strict=True) if is_mine]
    clumps = find_clumps(
        vectors[is_left], owners=[judged.owner for judged in left], radius=radius, least=least
    )
    new = [
        DemandGap(
            model_version=version,
            centroid=HalfVector(clump.centroid),
            first_day=day,
            described_day=day,
            **_describe([left[place] for place in clump.members]),
        )
        for clump in clumps
    ]
    gaps += DemandGap.objects.bulk_create(new)
    nearest = nearest_centres(vectors, _centres(gaps), radius=radius)
    for place, gap in enumerate(gaps):
        found = [judged for judged, own in zip(unmatched, nearest, strict=True) if own == place]
        if found:
            _count(gap, day, found, least=least)
    return len(new)


def look_at_catalogue(version: ModelVersion, *, today: date) -> None:
    """Store which products come nearest to the gaps of late, and whether they fill them."""
    calibration = reliable_calibration(version)
    shown = weeks_up_to(today, count=conf.get("INSIGHT_WEEKS_SHOWN"))[0]
    gaps = DemandGap.objects.filter(model_version=version, days__day__gte=shown).distinct()
    for gap in gaps:
        nearest = nearest_of(_vector(gap), version=version, count=SHOWN_PRODUCTS)
        gap.nearest = [(product, round(distance, 4)) for product, distance in nearest]
        if calibration is not None:
            is_filled = any(distance <= calibration.cut_off for _, distance in nearest)
            gap.filled_at = (gap.filled_at or timezone.now()) if is_filled else None
        gap.save(update_fields=("nearest", "filled_at"))


def forget_gaps(today: date) -> int:
    """Delete gaps, and days of gaps, that are too old to be kept; return how many gaps."""
    oldest = today - timedelta(weeks=conf.get("INSIGHT_WEEKS_KEPT"))
    DemandGapDay.objects.filter(day__lt=oldest).delete()
    forgotten, _ = DemandGap.objects.filter(first_day__lt=oldest, days__isnull=True).delete()
    return forgotten


def _count(gap: DemandGap, day: date, found: Sequence[Judged], *, least: int) -> None:
    searchers = len({judged.owner for judged in found})
    stored, is_new = DemandGapDay.objects.get_or_create(
        gap=gap, day=day, defaults={"searches": len(found), "searchers": searchers}
    )
    if not is_new:
        DemandGapDay.objects.filter(pk=stored.pk).update(
            searches=Greatest(F("searches"), len(found)),
            searchers=Greatest(F("searchers"), searchers),
        )
    # Means of the latest day that had enough people; the centre itself never moves.
    is_latest = day > gap.described_day or (day == gap.described_day and not is_new)
    if is_latest and searchers >= max(least, 0 if is_new else stored.searchers):
        DemandGap.objects.filter(pk=gap.pk).update(described_day=day, **_describe(found))


def _describe(found: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Return what photos have in common: the means of what the model says of each."""
    return {
        "mix": _mean([searched_mix(judged.probabilities) for judged in found]),
        "product_types": _mean([judged.probabilities.get("product_type", {}) for judged in found]),
        "colours": _mean([_colours(judged) for judged in found]),
    }


def _colours(judged: Judged) -> dict[str, float]:
    shares: Counter[str] = Counter()
    for code, share in judged.palette:
        shares[colour_code(code)] += share  # type: ignore[assignment]  # Shares are no counts.
    return dict(shares)


def _mean(mixes: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of mixes, the largest share first, without the smallest."""
    told = [mix for mix in mixes if mix]
    if not told:
        return {}
    keys = {key for mix in told for key in mix}
    means = {key: sum(mix.get(key, 0.0) for mix in told) / len(told) for key in keys}
    ranked = sorted(means.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_SHARES]
    return {key: round(share, 3) for key, share in ranked if share >= SMALLEST_SHARE}


def _centres(gaps: Sequence[DemandGap]) -> np.ndarray:
    return np.array([_vector(gap) for gap in gaps], np.float32)


def _vector(gap: DemandGap) -> np.ndarray:
    vector = np.array(half_vector(gap.centroid).to_list(), np.float32)
    length = np.linalg.norm(vector)
    return vector / length
