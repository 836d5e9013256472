"""Rows of the shoppers app: who consented, what they did, and what is rising in the shop."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from products.models import Product
from shoppers.insights.models import (
    DemandGap,
    DemandGapDay,
    Insights,
    InterestWeek,
    SearchDay,
)
from shoppers.querysets import ShopperEventQuerySet, ShopperQuerySet
from styles.models import EMBEDDING_DIM, ModelVersion

__all__ = [
    "DemandGap",
    "DemandGapDay",
    "Insights",
    "InterestWeek",
    "SearchDay",
    "Shopper",
    "ShopperEvent",
    "StyleSearchCount",
    "Trend",
    "TrendSnapshot",
]


class Shopper(models.Model):
    """Somebody who agreed to be remembered: a browser, or a person that an app tells us of.

    Nobody can be found from a row: the key that browser or app keeps is stored hashed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    app = models.CharField(
        _("app"), max_length=32, blank=True, help_text=_("Empty for browsers of this shop.")
    )
    terms_version = models.PositiveSmallIntegerField(_("version of the terms"))
    consented_at = models.DateTimeField(_("consented"), default=timezone.now)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now, db_index=True)

    objects = ShopperQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("shopper")
        verbose_name_plural = _("shoppers")

    def __str__(self) -> str:
        return str(self.pk)


class ShopperEvent(models.Model):
    """Something a shopper did.

    ``dedupe_key`` tells a thing said twice: see ``shoppers.recording``. A search keeps the vector
    and the style mix of the photo, never the photo; its vector is empty until a worker has looked.
    """

    class Kind(models.TextChoices):
        VIEW = "view", _("viewed")
        CLICK = "click", _("clicked")
        LIKE = "like", _("liked")
        UNLIKE = "unlike", _("no longer liked")
        SEARCH = "search", _("searched")
        PURCHASE = "purchase", _("bought")

    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    embedding = HalfVectorField(dimensions=EMBEDDING_DIM, null=True, blank=True, editable=False)
    mix: models.JSONField[dict[str, float]] = models.JSONField(
        _("style mix"), default=dict, blank=True, help_text=_("Of a search: style group -> share.")
    )
    model_version = models.ForeignKey(
        ModelVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    dedupe_key = models.CharField(max_length=80, editable=False)

    objects = ShopperEventQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("event of a shopper")
        verbose_name_plural = _("events of shoppers")
        constraints = (
            models.UniqueConstraint(fields=("shopper", "dedupe_key"), name="one_event_a_key"),
            models.CheckConstraint(
                condition=Q(kind="search", product__isnull=True)
                | (~Q(kind="search") & Q(product__isnull=False)),
                name="searches_alone_are_without_product",
            ),
        )
        indexes = (
            models.Index(fields=("shopper", "-at"), name="event_by_shopper"),
            models.Index(fields=("at",), name="event_by_time"),
            models.Index(
                fields=("dedupe_key",), condition=Q(kind="search"), name="event_by_search"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.product_id or ''}".strip()


class StyleSearchCount(models.Model):
    """From how many different places photos of a style group were searched with on one day.

    A number without any identity, so that it is kept of all visitors.
    """

    day = models.DateField(_("day"))
    style_group = models.CharField(_("style group"), max_length=40)
    searchers = models.PositiveIntegerField(_("searchers"))

    class Meta:
        ordering = ("-day", "style_group")
        verbose_name = _("searches for a style")
        verbose_name_plural = _("searches for styles")
        constraints = (
            models.UniqueConstraint(
                fields=("day", "style_group"), name="one_count_a_day_and_style_group"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.style_group}: {self.searchers}"


class TrendSnapshot(models.Model):
    """What was rising at one moment; the latest one is what pages and API show."""

    computed_at = models.DateTimeField(_("computed"), default=timezone.now, db_index=True)
    votes = models.PositiveIntegerField(_("votes this week"))

    class Meta:
        ordering = ("-computed_at",)
        get_latest_by = "computed_at"
        verbose_name = _("trends at a moment")
        verbose_name_plural = _("trends at moments")

    def __str__(self) -> str:
        return f"{self.computed_at:%Y-%m-%d %H:%M}"


class Trend(models.Model):
    """A product or style group that is rising."""

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, related_name="trends")
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    style_group = models.CharField(_("style group"), max_length=40, blank=True)
    rank = models.PositiveIntegerField(_("rank"))
    lift = models.FloatField(
        _("lift"), help_text=_("Votes this week beside what was expected, smoothed; 1: as before.")
    )
    votes = models.PositiveIntegerField(_("votes this week"))
    votes_before = models.FloatField(_("votes a week before"))
    shoppers = models.PositiveIntegerField(_("different shoppers this week"))

    class Meta:
        ordering = ("snapshot", "rank")
        verbose_name = _("trend")
        verbose_name_plural = _("trends")
        constraints = (
            models.CheckConstraint(
                condition=Q(product__isnull=True, style_group__gt="")
                | Q(product__isnull=False, style_group=""),
                name="trend_of_a_product_or_a_style",
            ),
        )

    def __str__(self) -> str:
        return f"{self.style_group or self.product_id}: {self.lift:.2f}"
