"""Querysets of model versions, clusterings, clusters and jobs; used through ``Model.objects``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from styles.exceptions import NoActiveModelVersionError, UnknownModelVersionError
from styles.serving import seen

if TYPE_CHECKING:
    from styles.models import (  # noqa: F401 - named in strings that only type checkers read
        Cluster,
        Clustering,
        Job,
        ModelVersion,
    )

# The statuses of jobs that may still come to something.
UNFINISHED = ("waiting", "running", "paused")


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    """Model versions, newest number first by default."""

    def active(self) -> ModelVersion:
        """Return the version that serves; within a view of ``styles.serving``, that of the view.

        Raises:
            NoActiveModelVersionError: none does.
        """
        serving = seen()
        version = (
            serving.model_version
            if serving
            else self.filter(status=self.model.Status.ACTIVE).first()
        )
        if version is None:
            raise NoActiveModelVersionError
        return version

    def kept_up(self) -> ModelVersionQuerySet:
        """Versions that new photos are embedded for: the active, the staged, and where undo leads.

        The undo target stays among them until another version takes its place or it is pruned:
        only then is undo a matter of a moment, whenever it comes.
        """
        undo_target = self.model.objects.filter(status=self.model.Status.ACTIVE).values("previous")
        return self.filter(
            models.Q(status__in=(self.model.Status.ACTIVE, self.model.Status.STAGED))
            | models.Q(pk__in=undo_target)
        )

    def numbered(self, number: int) -> ModelVersion:
        """Return the version with this number.

        Raises:
            UnknownModelVersionError: there is none; the message lists those there are.
        """
        version = self.filter(number=number).first()
        if version is None:
            known = ", ".join(str(n) for n in self.values_list("number", flat=True)[:20]) or "none"
            raise UnknownModelVersionError(
                f"There is no model version {number}; known versions: {known}."
            )
        return version


class ClusteringQuerySet(models.QuerySet["Clustering"]):
    """Clusterings of all model versions."""

    def active_for(self, model_version: ModelVersion) -> Clustering | None:
        """Return the clustering in force for a model version, or None before the first one."""
        return self.filter(model_version=model_version, status=self.model.Status.ACTIVE).first()

    def in_force(self) -> models.QuerySet[Clustering]:
        """Return the active clustering of the active model version: one row, or none.

        Within a view of ``styles.serving``, it is that of the view.
        """
        if serving := seen():
            return self.filter(pk=serving.clustering_id) if serving.clustering_id else self.none()
        return self.filter(status=self.model.Status.ACTIVE, model_version__status="active")


class ClusterQuerySet(models.QuerySet["Cluster"]):
    """Clusters of all clusterings."""

    def in_force(self) -> models.QuerySet[Cluster]:
        """Return the clusters shoppers see, by number; of the view where there is one."""
        if serving := seen():
            return self.filter(clustering=serving.clustering_id).order_by("number")
        return self.filter(
            clustering__status="active", clustering__model_version__status="active"
        ).order_by("number")


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, newest first by default. Times are the database's, so that no clock is off."""

    def unfinished(self) -> JobQuerySet:
        """Jobs that may still come to something."""
        return self.filter(status__in=UNFINISHED)

    def due(self) -> JobQuerySet:
        """Jobs that a worker may start now."""
        return self.filter(status="waiting", is_queued=True, due_at__lte=Now())

    def abandoned(self) -> JobQuerySet:
        """Jobs whose runner has not renewed its lease in time: it died, or lost the database."""
        return self.filter(status="running", leased_until__lt=Now())

    def held_by(self, holder: str) -> JobQuerySet:
        """Jobs that this process runs, or ran until it died."""
        return self.filter(status="running", holder=holder)
