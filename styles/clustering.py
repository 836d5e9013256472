"""Door to k-means: the catalogue's embeddings in, Clustering and Cluster rows out.

Called by jobs of the kind ``recluster`` and by the activation of a model version.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from styles.catalogue import get_catalogue
from styles.cluster_changes import Changes, describe_changes
from styles.cluster_computing import ComputedClusters, compute_clusters
from styles.cluster_heads import store_head
from styles.cluster_names import ClusterSummary
from styles.cluster_profiles import ClusterProfile
from styles.cluster_storing import clear_left_over, discard_clustering, store_clustering
from styles.exceptions import ClusteringError
from styles.ml.cluster_classifier import ClusterReport
from styles.ml.progress import OnStage, ignore_stage
from styles.models import Clustering, Job, ModelVersion
from styles.signals import clustering_activated


@dataclass(frozen=True)
class Reclustering:
    """What a run of k-means came to. ``clustering`` is None after a dry run.

    ``moved`` counts products that have another cluster number than before, and ``changes`` says
    which; both are None for the first clusters of a shop. ``choice`` says why there are this many
    clusters, ``report`` how well they are recognised on products that were held out (None where
    there are too few), and ``head`` what recognises them; it is empty after a dry run.
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
    changes: Changes | None


def recluster(
    model_version: ModelVersion,
    *,
    clusters: int | None = None,
    dry_run: bool = False,
    job: Job | None = None,
    on_progress: OnStage = ignore_stage,
    on_stored: Callable[[Reclustering], None] | None = None,
) -> Reclustering:
    """Cluster the embeddings of a model version, learn to tell the clusters, put them in force.

    Clusters that go on from one of before keep its number, and its name where staff gave it.
    Interrupted, nothing has changed for shoppers, and the next run starts over.

    Args:
        model_version: the version whose embeddings are clustered.
        clusters: k, or None to choose it by silhouette.
        dry_run: compute and report, store nothing.
        job: what runs this, if it is a job of its own.
        on_progress: called with a stage's name, how many are done and how many there are, outside
            of transactions.
        on_stored: called with the result within the transaction that puts the clusters in force:
            if it raises, the clusters of before stay.

    Raises:
        ClusteringError: there are too few embedded products, or fewer than ``clusters``.
        ArtifactStorageError: there is no room for the new head. Nothing has changed then.
    """
    embeddings = get_catalogue().embeddings(model_version)
    if len(embeddings) == 0:
        raise ClusteringError(
            f"Model version {model_version.number} has embedded no product yet. Run "
            f"`manage.py embed_products --model-version {model_version.number}` first."
        )
    computed = compute_clusters(
        embeddings, model_version=model_version, clusters=clusters, on_progress=on_progress
    )
    result = _describe(model_version, computed)
    if dry_run:
        return result
    clear_left_over(model_version, job=job)
    head = store_head(model_version, computed.classifier)
    clustering = store_clustering(model_version, computed, head=head, job=job)
    result = replace(result, clustering=clustering.pk, head=head.description)
    _put_in_force(
        clustering,
        computed,
        on_progress=on_progress,
        on_stored=partial(on_stored or _ignore_result, result),
    )
    return result


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


def _ignore_result(result: Reclustering) -> None:
    """Stand in for a callback where nobody waits."""


def _describe(model_version: ModelVersion, computed: ComputedClusters) -> Reclustering:
    fitted = computed.fitted
    changes = describe_changes(computed.lineage, computed.summaries)
    return Reclustering(
        model_version=model_version.number,
        clustering=None,
        silhouette=fitted.silhouette,
        inertia=fitted.inertia,
        products=len(computed.product_ids),
        moved=changes.moved if changes else None,
        clusters=tuple(computed.summaries),
        curve=tuple(asdict(point) for point in fitted.curve),
        choice=fitted.choice,
        report=computed.report,
        profiles=tuple(computed.profiles),
        head="",
        changes=changes,
    )


def _put_in_force(
    clustering: Clustering,
    computed: ComputedClusters,
    *,
    on_progress: OnStage,
    on_stored: Callable[[], None],
) -> None:
    """Assign the products to a clustering that was just stored and flip to it, or remove it."""
    catalogue = get_catalogue()
    keys = np.array(clustering.clusters.order_by("class_index").values_list("pk", flat=True))
    try:
        catalogue.assign(
            clustering,
            product_ids=computed.product_ids,
            cluster_ids=keys[computed.fitted.assignments],
            on_progress=partial(on_progress, "storing"),
        )
        # Those embedded while k-means ran belong to no cluster of it yet.
        catalogue.assign_unassigned(clustering)
        with transaction.atomic():
            activate_clustering(clustering)
            on_stored()
    except BaseException:
        discard_clustering(clustering)
        raise
    # And those that workers assigned under the clusters of before until the very end.
    catalogue.assign_unassigned(clustering)
