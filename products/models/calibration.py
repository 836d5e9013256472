"""What distances mean under one model version, in the catalogue of this shop."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from styles.models import ModelVersion


class Calibration(models.Model):
    """Bounds on the distances of a model version, learnt from the catalogue; see ``cut_off``."""

    model_version = models.OneToOneField(
        ModelVersion, primary_key=True, on_delete=models.CASCADE, related_name="calibration"
    )
    very_close = models.FloatField(help_text=_("As near as the shop's own look-alikes are."))
    close = models.FloatField(help_text=_("As near as a shopper's photo usually gets."))
    cut_off = models.FloatField(help_text=_("Beyond it there is no close match."))
    is_reliable = models.BooleanField(
        help_text=_("Whether photos of products can be told from pictures of nothing at all.")
    )
    report: models.JSONField[dict[str, Any]] = models.JSONField(
        default=dict, help_text=_("How many photos were compared, and how often the cut-off errs.")
    )
    computed_at = models.DateTimeField(_("computed"), auto_now=True)

    class Meta:
        verbose_name = _("calibration")
        verbose_name_plural = _("calibrations")
        constraints = (
            models.CheckConstraint(
                condition=Q(very_close__lte=F("close"), close__lte=F("cut_off")),
                name="grades_in_order_of_distance",
            ),
        )

    def __str__(self) -> str:
        return f"model version {self.model_version_id}"
