"""Rows of the styles app: the taxonomy, model versions, and clusterings with their clusters."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from styles.querysets import ClusteringQuerySet, ClusterQuerySet, ModelVersionQuerySet

EMBEDDING_DIM = 256
"""Width of every embedding head, whatever the backbone: the width is part of the schema."""


class BilingualName(models.Model):
    """A row with a Korean and an English name, shown in the language of the request."""

    name_ko = models.CharField(_("Korean name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language: Korean for ``ko``, else English."""
        return self.name_ko if (get_language() or "").startswith("ko") else self.name_en


class StyleGroup(BilingualName):
    """One of the 10 style groups of the taxonomy, or ``other``."""

    code = models.SlugField(unique=True, max_length=40)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("order",)
        verbose_name = _("style group")
        verbose_name_plural = _("style groups")


class Style(BilingualName):
    """One of the 23 styles of the taxonomy, or ``other``."""

    code = models.SlugField(unique=True, max_length=40)
    group = models.ForeignKey(StyleGroup, on_delete=models.PROTECT, related_name="styles")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("order",)
        verbose_name = _("style")
        verbose_name_plural = _("styles")


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


class Clustering(models.Model):
    """One run of k-means over the embeddings of a model version."""

    class Status(models.TextChoices):
        COMPUTED = "computed", _("computed")
        ACTIVE = "active", _("active")
        RETIRED = "retired", _("retired")

    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="clusterings"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.COMPUTED
    )
    previous = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The clustering that was active before this one; where undo leads."),
    )
    inertia = models.FloatField(_("inertia"))
    silhouette = models.FloatField(_("silhouette"), null=True, blank=True)
    curve = models.JSONField(
        _("curve"),
        default=list,
        help_text=_("Inertia and silhouette for each number of clusters tried."),
    )
    sharpness = models.FloatField(
        _("sharpness"), help_text=_("Factor on the cosines in the softmax over centroids.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    activated_at = models.DateTimeField(_("activated"), null=True, blank=True)

    objects = ClusteringQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("clustering")
        verbose_name_plural = _("clusterings")
        constraints = (
            models.UniqueConstraint(
                fields=("model_version",),
                condition=Q(status="active"),
                name="one_active_clustering_per_model_version",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} ({self.status})"


class Cluster(BilingualName):
    """A group of look-alike products; ``number`` is what pages and the API call it."""

    clustering = models.ForeignKey(Clustering, on_delete=models.CASCADE, related_name="clusters")
    number = models.PositiveSmallIntegerField(_("number"))
    centroid = HalfVectorField(
        dimensions=EMBEDDING_DIM, editable=False, help_text=_("Unit length.")
    )
    size = models.PositiveIntegerField(_("products"))
    profile: models.JSONField[dict[str, Any]] = models.JSONField(
        _("profile"), default=dict, help_text=_("Shares of the most typical styles and types.")
    )

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        constraints = (
            models.UniqueConstraint(fields=("clustering", "number"), name="unique_cluster_number"),
        )
