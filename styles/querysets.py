"""Querysets of model versions, clusterings and clusters; used through ``Model.objects``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from styles.exceptions import NoActiveModelVersionError, UnknownModelVersionError

if TYPE_CHECKING:
    from styles.models import Cluster, Clustering, ModelVersion


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    """Model versions, newest number first by default."""

    def active(self) -> ModelVersion:
        """Return the version that serves.

        Raises:
            NoActiveModelVersionError: none does.
        """
        version = self.filter(status=self.model.Status.ACTIVE).first()
        if version is None:
            raise NoActiveModelVersionError
        return version

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
        """Return the active clustering of the active model version: one row, or none."""
        return self.filter(status=self.model.Status.ACTIVE, model_version__status="active")


class ClusterQuerySet(models.QuerySet["Cluster"]):
    """Clusters of all clusterings."""

    def in_force(self) -> models.QuerySet[Cluster]:
        """Return the clusters shoppers see, by number."""
        return self.filter(
            clustering__status="active", clustering__model_version__status="active"
        ).order_by("number")
