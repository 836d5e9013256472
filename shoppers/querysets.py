"""Querysets of the shoppers app; used through ``Model.objects``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from shoppers import conf

if TYPE_CHECKING:
    from shoppers.models import Shopper, ShopperEvent  # noqa: F401 - named in strings


class ShopperQuerySet(models.QuerySet["Shopper"]):
    """People who agreed to be remembered."""

    def consenting(self) -> ShopperQuerySet:
        """Those who agreed to the terms as they stand now."""
        return self.filter(terms_version=conf.get("CONSENT_TERMS_VERSION"))

    def forgotten(self) -> ShopperQuerySet:
        """Those of whom nothing has been heard for so long that nothing is known any more."""
        from shoppers.models import ShopperEvent

        events = ShopperEvent.objects.filter(shopper=OuterRef("pk"))
        return self.filter(~Exists(events), last_seen_at__lt=_oldest_kept())


class ShopperEventQuerySet(models.QuerySet["ShopperEvent"]):
    """What shoppers did."""

    def expired(self) -> ShopperEventQuerySet:
        """Events that are due to be purged."""
        return self.filter(at__lt=_oldest_kept())

    def about_likes(self) -> ShopperEventQuerySet:
        """Likes and their withdrawals, of each product the last one alone."""
        return (
            self.filter(kind__in=("like", "unlike"))
            .order_by("shopper_id", "product_id", "-at", "-pk")
            .distinct("shopper_id", "product_id")
        )

    def unfinished(self) -> ShopperEventQuerySet:
        """Searches whose photo nobody had looked at when they were written down."""
        return self.filter(kind="search", embedding__isnull=True)


def _oldest_kept() -> datetime:
    return timezone.now() - timedelta(days=conf.get("SHOPPER_RETENTION_DAYS"))
