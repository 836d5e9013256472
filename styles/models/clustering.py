"""Rows of a run of k-means and the clusters it found; imported through ``styles.models``."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from styles.models.job import Job
from styles.models.model_version import ModelVersion
from styles.models.taxonomy import BilingualName
from styles.querysets import ClusteringQuerySet, ClusterQuerySet

EMBEDDING_DIM = 256
"""Width of every embedding head, whatever the backbone: the width is part of the schema."""


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
    job = models.ForeignKey(
        Job,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("job"),
        help_text=_("What computed it, where that was a job of its own."),
    )
    next_number = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("Clusters of later clusterings without an ancestor are numbered from here."),
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
    artifact_prefix = models.CharField(
        _("artifact"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Folder of the clustering's own head; without one, centroids tell clusters."),
    )
    report: models.JSONField[dict[str, Any]] = models.JSONField(
        _("report"),
        default=dict,
        blank=True,
        help_text=_("Why this many clusters, and how well a photo's cluster is recognised."),
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
    """A group of look-alike products; ``number`` is what pages and the API call it.

    A cluster that goes on from one of the clustering before keeps its number, and no number is
    ever given to another group: the numbers of a clustering have gaps.
    """

    clustering = models.ForeignKey(Clustering, on_delete=models.CASCADE, related_name="clusters")
    number = models.PositiveIntegerField(_("number"))
    class_index = models.PositiveSmallIntegerField(
        editable=False, help_text=_("Which output of the clustering's head stands for it.")
    )
    is_named_by_staff = models.BooleanField(
        _("named by staff"),
        default=False,
        help_text=_("The name stays when products are grouped anew."),
    )
    centroid = HalfVectorField(
        dimensions=EMBEDDING_DIM, editable=False, help_text=_("Unit length.")
    )
    size = models.PositiveIntegerField(_("products"))
    profile: models.JSONField[dict[str, Any]] = models.JSONField(
        _("profile"),
        default=dict,
        help_text=_("Shares of the most typical styles and types."),
    )

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        constraints = (
            models.UniqueConstraint(fields=("clustering", "number"), name="unique_cluster_number"),
            models.UniqueConstraint(
                fields=("clustering", "class_index"), name="unique_class_index_of_cluster"
            ),
        )
