"""Querysets of endpoints and deliveries; used through ``Model.objects``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Max, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from webhooks.models import (  # noqa: F401 - named in strings that only type checkers read
        WebhookDelivery,
        WebhookEndpoint,
    )


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    """Endpoints. Times are the database's, so that no clock is off."""

    def awake(self) -> WebhookEndpointQuerySet:
        """Endpoints that are called: switched on, and not left alone after they kept silent."""
        return self.filter(
            Q(resting_until__isnull=True) | Q(resting_until__lte=Now()), is_active=True
        )

    def counted(self) -> WebhookEndpointQuerySet:
        """Endpoints with how many deliveries wait, failed and arrived, and when the last did."""
        return self.annotate(
            waiting=Count("deliveries", filter=Q(deliveries__status="waiting")),
            failed=Count("deliveries", filter=Q(deliveries__status="failed")),
            delivered=Count("deliveries", filter=Q(deliveries__status="delivered")),
            last_delivered_at=Max(
                "deliveries__attempted_at", filter=Q(deliveries__status="delivered")
            ),
        )


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Deliveries, newest first by default."""

    def under_way(self) -> WebhookDeliveryQuerySet:
        """Deliveries that a worker is at, or was until a moment ago."""
        return self.filter(leased_until__gt=Now())

    def at_rest(self) -> WebhookDeliveryQuerySet:
        """Deliveries that no worker is at."""
        return self.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=Now()))

    def due(self) -> WebhookDeliveryQuerySet:
        """Deliveries to be sent now, those of endpoints that are not called among them."""
        return self.at_rest().filter(status="waiting", next_attempt_at__lte=Now())
