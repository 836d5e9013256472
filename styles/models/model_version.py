"""The row of a trained model; imported through ``styles.models``."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from styles.ml.artifact import FORMAT_VERSION
from styles.querysets import ModelVersionQuerySet


class ModelVersion(models.Model):
    """A trained model: an artifact in storage and what was measured on it."""

    class Status(models.TextChoices):
        TRAINED = "trained", _("trained")
        STAGED = "staged", _("staged")
        ACTIVE = "active", _("active")
        RETIRED = "retired", _("retired")

    number = models.PositiveIntegerField(_("number"), unique=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.TRAINED
    )
    backbone = models.CharField(_("backbone"), max_length=60)
    artifact_prefix = models.CharField(
        _("artifact"), max_length=200, help_text=_("Folder of the artifact in its storage.")
    )
    metadata = models.JSONField(
        _("metadata"), help_text=_("The artifact's metadata.json: label sets, sizes, parity.")
    )
    metrics = models.JSONField(_("metrics"), default=dict)
    previous = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("previous version"),
        help_text=_("The version that served before this one; where undo leads."),
    )
    comparison: models.JSONField[dict[str, Any]] = models.JSONField(
        _("comparison"),
        default=dict,
        blank=True,
        help_text=_("How its answers differ from those of the version that it was to replace."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    activated_at = models.DateTimeField(_("activated"), null=True, blank=True)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        constraints = (
            # The pointer to the serving version is this row's status: two can never serve at once.
            models.UniqueConstraint(
                fields=("status",), condition=Q(status="active"), name="one_active_model_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} ({self.backbone}, {self.status})"

    @property
    def label_sets(self) -> dict[str, list[str]]:
        """What the version has learnt to name: label set -> codes in class-index order."""
        label_sets: dict[str, list[str]] = self.metadata["label_sets"]
        return label_sets

    @property
    def is_loadable(self) -> bool:
        """Whether the artifact is of the format that this release reads."""
        return bool(self.metadata.get("format_version") == FORMAT_VERSION)
