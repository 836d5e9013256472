"""Door to k-means: the catalogue's embeddings in, Clustering and Cluster rows out.

Called by ``recluster`` and by the activation of a model version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from pgvector import HalfVector

from styles import artifacts, conf
from styles.catalogue import CatalogueEmbeddings, get_catalogue
from styles.cluster_heads import StoredHead, store_head
from styles.cluster_profiles import (
    ClusterProfile,
    ClusterSummary,
    profile_clusters,
    summarise_clusters,
)
from styles.exceptions import ClusteringError
from styles.ml import errors
from styles.ml.cluster_classifier import ClusterClassifier, ClusterReport, learn_clusters
from styles.ml.clustering import ClusteringResult, fit_clusters
from styles.models import Cluster, Clustering, ModelVersion
from styles.signals import clustering_activated


@dataclass(frozen=True)
class Reclustering:
    """What a run of k-means came to. ``clustering`` is None after a dry run.

    ``moved`` counts products that have another cluster number than before. ``choice`` says why
    there are this many clusters, ``report`` how well they are recognised on products that were held
    out (None where there are too few), and ``head`` what recognises them; it is empty after a dry
    run.
    """

    model_version: int
    clustering: int | None
    silhouette: float | None
    inertia: float
    products: int
    moved: int | None
    clusters: tuple[ClusterSummary, ...]
    curve: tuple[dict[str, Any], ...]
    choice: str
    report: ClusterReport | None
    profiles: tuple[ClusterProfile, ...]
    head: str


@dataclass(frozen=True)
class _Computed:
    """All that is known of new clusters before anything is stored."""

    fitted: ClusteringResult
    classifier: ClusterClassifier
    report: ClusterReport | None
    summaries: Sequence[tuple[ClusterSummary, dict[str, float]]]
    profiles: Sequence[ClusterProfile]


def recluster(
    model_version: ModelVersion, *, clusters: int | None = None, dry_run: bool = False
) -> Reclustering:
    """Cluster the embeddings of a model version, learn to tell the clusters, put them in force.

    Args:
        model_version: the version whose embeddings are clustered.
        clusters: k, or None to choose it by silhouette.
        dry_run: compute and report, store nothing.

    Raises:
        ClusteringError: there are too few embedded products, or fewer than ``clusters``.
        ArtifactStorageError: there is no room for the new head. Nothing has changed then.
    """
    embeddings = get_catalogue().embeddings(model_version)
    if len(embeddings.product_ids) == 0:
        raise ClusteringError(
            f"Model version {model_version.number} has embedded no product yet. Run "
            f"`manage.py embed_products --model-version {model_version.number}` first."
        )
    computed = _compute(embeddings, model_version=model_version, clusters=clusters)
    previous = Clustering.objects.active_for(model_version)
    clustering, head = None, StoredHead("", "")
    if not dry_run:
        head = store_head(model_version, computed.classifier)
        clustering = _put_in_force(model_version, embeddings, computed, head)
    fitted = computed.fitted
    return Reclustering(
        model_version=model_version.number,
        clustering=clustering.pk if clustering else None,
        silhouette=fitted.silhouette,
        inertia=fitted.inertia,
        products=len(embeddings.product_ids),
        moved=_moved(previous, embeddings.vectors, fitted) if previous else None,
        clusters=tuple(summary for summary, _ in computed.summaries),
        curve=tuple(asdict(point) for point in fitted.curve),
        choice=fitted.choice,
        report=computed.report,
        profiles=tuple(computed.profiles),
        head=head.description,
    )


def undo_recluster(model_version: ModelVersion) -> Clustering:
    """Put the clustering before the present one back in force.

    Raises:
        ClusteringError: there is none to go back to.
    """
    present = Clustering.objects.active_for(model_version)
    if present is None or present.previous is None:
        raise ClusteringError(
            f"Model version {model_version.number} has no earlier clustering to go back to."
        )
    previous = present.previous
    activate_clustering(previous)
    get_catalogue().assign_unassigned(previous)
    return previous


def activate_clustering(clustering: Clustering) -> None:
    """Put a clustering in force for its model version, in one transaction."""
    with transaction.atomic():
        # The version's row is the lock: two flips at once wait for each other.
        ModelVersion.objects.select_for_update(no_key=True).get(pk=clustering.model_version_id)
        Clustering.objects.filter(
            model_version=clustering.model_version_id, status=Clustering.Status.ACTIVE
        ).exclude(pk=clustering.pk).update(status=Clustering.Status.RETIRED)
        clustering.status = Clustering.Status.ACTIVE
        clustering.activated_at = timezone.now()
        clustering.save(update_fields=["status", "activated_at"])
        transaction.on_commit(
            lambda: clustering_activated.send(sender=Clustering, clustering=clustering)
        )


def _compute(
    embeddings: CatalogueEmbeddings, *, model_version: ModelVersion, clusters: int | None
) -> _Computed:
    seed = conf.get("SEED")
    try:
        fitted = fit_clusters(embeddings.vectors, clusters=clusters, seed=seed)
        classifier, report = learn_clusters(embeddings.vectors, fitted.assignments, seed=seed)
    except errors.LearningError as error:
        raise ClusteringError(str(error)) from error
    return _Computed(
        fitted=fitted,
        classifier=classifier,
        report=report,
        summaries=summarise_clusters(fitted, get_catalogue().labels(embeddings.product_ids)),
        profiles=profile_clusters(fitted, embeddings, model_version=model_version),
    )


def _put_in_force(
    model_version: ModelVersion,
    embeddings: CatalogueEmbeddings,
    computed: _Computed,
    head: StoredHead,
) -> Clustering:
    try:
        with transaction.atomic():
            clustering = _store(model_version, computed, head)
            rows = {cluster.number: cluster for cluster in clustering.clusters.all()}
            get_catalogue().assign(
                clustering,
                product_ids=embeddings.product_ids,
                clusters=[rows[int(place)] for place in computed.fitted.assignments],
            )
            activate_clustering(clustering)
    except BaseException:
        if head.prefix:
            artifacts.remove(head.prefix)
        raise
    # Photos embedded while k-means ran belong to no cluster of it yet.
    get_catalogue().assign_unassigned(clustering)
    return clustering


def _store(model_version: ModelVersion, computed: _Computed, head: StoredHead) -> Clustering:
    fitted = computed.fitted
    clustering = Clustering.objects.create(
        model_version=model_version,
        previous=Clustering.objects.active_for(model_version),
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
        },
    )
    Cluster.objects.bulk_create(
        Cluster(
            clustering=clustering,
            number=summary.number,
            name_ko=summary.name_ko,
            name_en=summary.name_en,
            size=summary.size,
            centroid=HalfVector(fitted.centroids[summary.number]),
            profile={
                "labels": labels,
                "styles": profile.styles,
                "product_types": profile.product_types,
            },
        )
        for (summary, labels), profile in zip(computed.summaries, computed.profiles, strict=True)
    )
    return clustering


def _moved(previous: Clustering, vectors: np.ndarray, fitted: ClusteringResult) -> int:
    """Count products whose nearest centroid had another number before."""
    rows = list(previous.clusters.order_by("number"))
    centroids = np.array([row.centroid for row in rows], np.float32)
    numbers = np.array([row.number for row in rows])
    before = numbers[np.argmax(vectors @ centroids.T, axis=1)]
    return int(np.count_nonzero(before != fitted.assignments))
