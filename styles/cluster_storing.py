"""Stores a clustering beside the one in force, or clears it away; called by the door to k-means.

A clustering is ``computed`` until all of its assignments are stored, which takes half a minute for
a million products. Shoppers see nothing of it until it is put in force in one short transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from pgvector import HalfVector

from styles import artifacts
from styles.cluster_changes import describe_changes
from styles.cluster_computing import ComputedClusters
from styles.cluster_heads import StoredHead
from styles.job_leases import DATABASE_ERRORS
from styles.models import Cluster, Clustering, Job, ModelVersion

logger = logging.getLogger(__name__)

# Whoever computes a clustering without a job of its own is done within this time.
ABANDONED_AFTER = timedelta(hours=6)


def store_clustering(
    model_version: ModelVersion,
    computed: ComputedClusters,
    *,
    head: StoredHead,
    job: Job | None,
) -> Clustering:
    """Create the rows of a clustering and its clusters, which nobody is assigned to yet.

    Args:
        model_version: it is of this version.
        computed: the clusters.
        head: what tells them apart. It is removed if the rows cannot be created.
        job: what computes them.
    """
    try:
        with transaction.atomic():
            clustering = _create_clustering(model_version, computed, head, job)
            Cluster.objects.bulk_create(_clusters(clustering, computed))
    except BaseException:
        if head.prefix:
            artifacts.remove(head.prefix)
        raise
    return clustering


def _create_clustering(
    model_version: ModelVersion, computed: ComputedClusters, head: StoredHead, job: Job | None
) -> Clustering:
    fitted = computed.fitted
    changes = describe_changes(computed.lineage, computed.summaries)
    return Clustering.objects.create(
        model_version=model_version,
        previous=Clustering.objects.active_for(model_version),
        job=job,
        next_number=computed.lineage.next_number,
        inertia=fitted.inertia,
        silhouette=fitted.silhouette,
        curve=[asdict(point) for point in fitted.curve],
        sharpness=fitted.sharpness,
        artifact_prefix=head.prefix,
        report={
            "choice": fitted.choice,
            "head": head.description,
            "classifier": asdict(computed.report) if computed.report else None,
            "clusters": [asdict(profile) for profile in computed.profiles],
            "changes": asdict(changes) if changes else None,
        },
    )


def _clusters(clustering: Clustering, computed: ComputedClusters) -> Iterator[Cluster]:
    for place, (summary, labels, profile) in enumerate(
        zip(computed.summaries, computed.label_shares, computed.profiles, strict=True)
    ):
        yield Cluster(
            clustering=clustering,
            number=summary.number,
            class_index=place,
            name_ko=summary.name_ko,
            name_en=summary.name_en,
            is_named_by_staff=summary.is_named_by_staff,
            size=summary.size,
            centroid=HalfVector(computed.fitted.centroids[place]),
            profile={
                "labels": labels,
                "styles": profile.styles,
                "product_types": profile.product_types,
            },
        )


def discard_clustering(clustering: Clustering) -> None:
    """Remove a clustering that never came into force, its assignments and its head.

    What cannot be removed now is left for ``clear_left_over``.
    """
    try:
        if clustering.artifact_prefix:
            artifacts.remove(clustering.artifact_prefix)
        clustering.delete()
    except (*DATABASE_ERRORS, OSError):
        logger.exception("Clustering %s could not be cleared away", clustering.pk)


def clear_left_over(model_version: ModelVersion, *, job: Job | None) -> None:
    """Remove what killed runs left of clusterings of a version.

    Args:
        model_version: other versions are left alone.
        job: what runs now; what is left of its own earlier attempts goes too.
    """
    is_own = Q(job=job) if job else Q(pk=None)
    is_running = Q(job__status=Job.Status.RUNNING)
    is_old = Q(created_at__lt=Now() - ABANDONED_AFTER)
    left_over = Clustering.objects.filter(
        is_own | (Q(job__isnull=False) & ~is_running) | (Q(job__isnull=True) & is_old),
        model_version=model_version,
        status=Clustering.Status.COMPUTED,
    )
    for clustering in left_over:
        discard_clustering(clustering)
