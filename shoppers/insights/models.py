"""Rows of the insights: numbers and means of many people, kept when what they rest on is gone.

Imported through ``shoppers.models``; written by the tasks of beat alone.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from styles.models import EMBEDDING_DIM, ModelVersion


class InterestWeek(models.Model):
    """What shoppers did in one week about the products of a style, cluster, colour or price.

    ``seen`` counts pairs of a shopper and a product that they viewed, clicked, liked or bought; the
    others are those of these pairs that went on. All are empty where fewer than
    INSIGHT_MIN_SHOPPERS different shoppers did anything: then nothing is kept of them.
    """

    class Facet(models.TextChoices):
        STYLE_GROUP = "style_group", _("style group")
        CLUSTER = "cluster", _("cluster")
        COLOUR = "colour", _("colour")
        PRICE = "price", _("price")

    week = models.DateField(_("week"), help_text=_("Its Monday."))
    facet = models.CharField(_("by"), max_length=12, choices=Facet.choices)
    key = models.CharField(_("which"), max_length=60)
    products = models.PositiveIntegerField(
        _("products"), default=0, help_text=_("How many the shop had of it.")
    )
    searches = models.PositiveIntegerField(
        _("searches"), default=0, help_text=_("Each visitor counts once a day.")
    )
    shoppers = models.PositiveIntegerField(_("different shoppers"), null=True)
    seen = models.PositiveIntegerField(_("seen"), null=True)
    liked = models.PositiveIntegerField(_("liked"), null=True)
    clicked = models.PositiveIntegerField(_("clicked"), null=True)
    bought = models.PositiveIntegerField(_("bought"), null=True)
    taken_up = models.PositiveIntegerField(
        _("taken up"), null=True, help_text=_("Liked, clicked or bought.")
    )

    class Meta:
        ordering = ("-week", "facet", "key")
        verbose_name = _("interest of a week")
        verbose_name_plural = _("interest by weeks")
        constraints = (
            models.UniqueConstraint(
                fields=("week", "facet", "key"), name="one_interest_a_week_and_key"
            ),
        )

    def __str__(self) -> str:
        return f"{self.week} {self.facet} {self.key}"


class Insights(InterestWeek):
    """What the page about insights hangs on in the admin: its permission is ``view_insights``."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("insight")
        verbose_name_plural = _("what the photos say")


class DemandGap(models.Model):
    """Something that many people photographed and the shop does not sell.

    Means over at least INSIGHT_MIN_SHOPPERS different searchers of one day; nothing leads from them
    to a search, a photo or a person.
    """

    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    centroid = HalfVectorField(dimensions=EMBEDDING_DIM, editable=False)
    mix: models.JSONField[dict[str, float]] = models.JSONField(
        _("style mix"), default=dict, help_text=_("Style group -> share.")
    )
    product_types: models.JSONField[dict[str, float]] = models.JSONField(
        _("product types"), default=dict, help_text=_("What the model takes it for -> share.")
    )
    colours: models.JSONField[dict[str, float]] = models.JSONField(
        _("colours"), default=dict, help_text=_("Colour -> share.")
    )
    nearest: models.JSONField[list[tuple[int, float]]] = models.JSONField(
        _("nearest products"), default=list, help_text=_("Product and distance, nearest first.")
    )
    first_day = models.DateField(_("first day"))
    described_day = models.DateField(
        _("described"), help_text=_("The day whose searches style mix, types and colours are of.")
    )
    filled_at = models.DateTimeField(
        _("filled"), null=True, help_text=_("Since when the shop has something that comes close.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        ordering = ("-first_day", "pk")
        verbose_name = _("demand gap")
        verbose_name_plural = _("demand gaps")

    def __str__(self) -> str:
        return f"{self.first_day}: {', '.join(self.product_types) or self.pk}"


class DemandGapDay(models.Model):
    """How many photographed what a gap is about on one day."""

    gap = models.ForeignKey(DemandGap, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    searches = models.PositiveIntegerField(_("searches"))
    searchers = models.PositiveIntegerField(_("searchers"))

    class Meta:
        ordering = ("-day",)
        verbose_name = _("day of a demand gap")
        verbose_name_plural = _("days of demand gaps")
        constraints = (models.UniqueConstraint(fields=("gap", "day"), name="one_day_a_demand_gap"),)

    def __str__(self) -> str:
        return f"{self.gap_id} {self.day}: {self.searchers}"


class SearchDay(models.Model):
    """How the searches of one day went."""

    day = models.DateField(_("day"), unique=True)
    answered = models.PositiveIntegerField(_("answered"), default=0)
    failures: models.JSONField[dict[str, int]] = models.JSONField(
        _("failures"), default=dict, help_text=_("Error code -> how many.")
    )
    judged = models.PositiveIntegerField(
        _("judged"), default=0, help_text=_("Answered while distances were calibrated.")
    )
    unmatched = models.PositiveIntegerField(
        _("without a close match"), default=0, help_text=_("Of those that were judged.")
    )
    median_milliseconds = models.PositiveIntegerField(_("median, in ms"), null=True)
    p95_milliseconds = models.PositiveIntegerField(_("p95, in ms"), null=True)

    class Meta:
        ordering = ("-day",)
        verbose_name = _("searches of a day")
        verbose_name_plural = _("searches by days")

    def __str__(self) -> str:
        return f"{self.day}: {self.answered}"

    @property
    def failed(self) -> int:
        """How many failed, for whatever reason."""
        return sum(self.failures.values())

    @property
    def finished(self) -> int:
        """How many came to an end, good or bad."""
        return self.answered + self.failed
