"""Puts a model version into service: embed beside the old vectors, cluster, then flip.

The flip comes last, in one transaction: no request ever compares vectors of two versions.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from styles import artifacts
from styles.catalogue import EmbeddingCounts, OnProgress, get_catalogue
from styles.clustering import Reclustering, recluster
from styles.models import Clustering, ModelVersion
from styles.signals import model_version_activated


@dataclass(frozen=True)
class Activation:
    """What an activation came to; ``clusters`` is None where the version's were kept."""

    model_version: int
    embedding: EmbeddingCounts
    clusters: Reclustering | None


def activate_model_version(
    model_version: ModelVersion, *, on_progress: OnProgress | None = None
) -> Activation:
    """Stage a version, embed the catalogue through the workers, cluster it, and flip.

    Interrupted, it goes on where it stopped when called again; the old version serves until the
    flip.

    Raises:
        StylesError: artifact, workers or clusters are not to be had; nothing has changed for
            shoppers then.
    """
    artifacts.load(model_version)
    if model_version.status != ModelVersion.Status.ACTIVE:
        model_version.status = ModelVersion.Status.STAGED
        model_version.save(update_fields=["status"])
    counts = get_catalogue().embed(model_version, on_progress=on_progress)
    clusters = None
    if Clustering.objects.active_for(model_version) is None:
        clusters = recluster(model_version)
    _flip(model_version)
    return Activation(model_version=model_version.number, embedding=counts, clusters=clusters)


def _flip(model_version: ModelVersion) -> None:
    with transaction.atomic():
        # Locking all serving rows in one order keeps two flips at once from crossing.
        list(
            ModelVersion.objects.select_for_update()
            .filter(status__in=("active", "staged"))
            .order_by("pk")
        )
        ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).exclude(
            pk=model_version.pk
        ).update(status=ModelVersion.Status.RETIRED)
        model_version.status = ModelVersion.Status.ACTIVE
        model_version.activated_at = timezone.now()
        model_version.save(update_fields=["status", "activated_at"])
        transaction.on_commit(
            lambda: model_version_activated.send(sender=ModelVersion, model_version=model_version)
        )
