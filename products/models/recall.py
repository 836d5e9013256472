"""What the nightly recall check found; imported through ``products.models``."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from styles.models import ModelVersion


class RecallCheck(models.Model):
    """How much of an exact scan's answers the vector index gave, on a sample of real filters."""

    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="recall_checks"
    )
    checked_at = models.DateTimeField(_("checked"), auto_now_add=True)
    samples = models.PositiveIntegerField(_("searches"), help_text=_("Compared with exact scans."))
    declined = models.PositiveIntegerField(
        _("left to the exact scan"), help_text=_("Searches of which the index knew too little.")
    )
    recall = models.FloatField(
        _("recall"), null=True, help_text=_("Share of the ten nearest that the index found.")
    )
    exact_up_to = models.PositiveBigIntegerField(
        _("scanned exactly up to"),
        default=0,
        help_text=_("The index fell short for so many matching products: they are scanned since."),
    )
    index_milliseconds = models.FloatField(_("index, p95 in ms"), null=True)
    exact_milliseconds = models.FloatField(_("exact scan, p95 in ms"), null=True)
    worst: models.JSONField[list[dict[str, Any]]] = models.JSONField(
        _("worst"), default=list, help_text=_("The searches whose answers differed most.")
    )

    class Meta:
        ordering = ("-checked_at", "-pk")
        verbose_name = _("recall check")
        verbose_name_plural = _("recall checks")

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d %H:%M}: {self.recall}"
