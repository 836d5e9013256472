"""Deletes what is known of shoppers: on demand, with what goes on a receipt, and when it is old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shoppers import conf
from shoppers.models import Shopper, ShopperEvent, StyleSearchCount


@dataclass(frozen=True)
class Purged:
    """How many rows were too old to be kept."""

    events: int
    shoppers: int


def clear(shopper: Shopper) -> Mapping[str, int]:
    """Delete all that a shopper did, and say how much: kind of event -> how many."""
    with transaction.atomic():
        events = ShopperEvent.objects.filter(shopper=shopper).select_for_update()
        counts = Counter(events.values_list("kind", flat=True))
        ShopperEvent.objects.filter(shopper=shopper).delete()
    return counts


def switch_off(shopper: Shopper) -> Mapping[str, int]:
    """Delete a shopper with all they did, and say how much: kind of event -> how many."""
    with transaction.atomic():
        counts = clear(shopper)
        Shopper.objects.filter(pk=shopper.pk).delete()
    return counts


def purge() -> Purged:
    """Delete what is older than SHOPPER_RETENTION_DAYS, then shoppers of whom nothing is left."""
    events, _ = ShopperEvent.objects.expired().delete()
    forgotten, _ = Shopper.objects.forgotten().delete()
    oldest = timezone.localdate() - timedelta(days=conf.get("SHOPPER_RETENTION_DAYS"))
    StyleSearchCount.objects.filter(day__lt=oldest).delete()
    return Purged(events, forgotten)
