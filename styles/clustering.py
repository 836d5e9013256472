"""Door to k-means: the catalogue's embeddings in, Clustering and Cluster rows out.

Called by ``recluster`` and by the activation of a model version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from pgvector import HalfVector

from styles import conf
from styles.catalogue import Label, get_catalogue
from styles.exceptions import ClusteringError
from styles.ml import errors
from styles.ml.clustering import ClusteringResult, fit_clusters
from styles.models import Cluster, Clustering, ModelVersion
from styles.signals import clustering_activated

# A cluster is named after at most this many labels, each held by this share of it or more.
LABELS_IN_NAME = 2
SMALLEST_NAMED_SHARE = 0.12
UNNAMED = Label(name_ko="스타일 그룹", name_en="Style group")


@dataclass(frozen=True)
class ClusterSummary:
    """A cluster as commands print it; ``size`` counts products."""

    number: int
    name_ko: str
    name_en: str
    size: int


@dataclass(frozen=True)
class Reclustering:
    """What a run of k-means came to. ``clustering`` is None after a dry run.

    ``moved`` counts products that have another cluster number than before.
    """

    model_version: int
    clustering: int | None
    silhouette: float | None
    inertia: float
    products: int
    moved: int | None
    clusters: tuple[ClusterSummary, ...]
    curve: tuple[dict[str, Any], ...]


def recluster(
    model_version: ModelVersion, *, clusters: int | None = None, dry_run: bool = False
) -> Reclustering:
    """Cluster the embeddings of a model version, store the outcome and put it in force.

    Args:
        model_version: the version whose embeddings are clustered.
        clusters: k, or None to choose it by silhouette.
        dry_run: compute and report, store nothing.

    Raises:
        ClusteringError: there are too few embedded products, or fewer than ``clusters``.
    """
    catalogue = get_catalogue()
    embeddings = catalogue.embeddings(model_version)
    if len(embeddings.product_ids) == 0:
        raise ClusteringError(
            f"Model version {model_version.number} has embedded no product yet. Run "
            f"`manage.py embed_products --model-version {model_version.number}` first."
        )
    fitted = _fit(embeddings.vectors, clusters=clusters)
    previous = Clustering.objects.active_for(model_version)
    summaries = _summaries(fitted, catalogue.labels(embeddings.product_ids))
    clustering = None
    if not dry_run:
        with transaction.atomic():
            clustering = _store(model_version, fitted, summaries, previous)
            _assign(clustering, product_ids=embeddings.product_ids, places=fitted.assignments)
            activate_clustering(clustering)
        # Photos embedded while k-means ran belong to no cluster of it yet.
        catalogue.assign_unassigned(clustering)
    return Reclustering(
        model_version=model_version.number,
        clustering=clustering.pk if clustering else None,
        silhouette=fitted.silhouette,
        inertia=fitted.inertia,
        products=len(embeddings.product_ids),
        moved=_moved(previous, embeddings.vectors, fitted) if previous else None,
        clusters=tuple(summary for summary, _ in summaries),
        curve=tuple(asdict(point) for point in fitted.curve),
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


def _fit(vectors: np.ndarray, *, clusters: int | None) -> ClusteringResult:
    try:
        return fit_clusters(vectors, clusters=clusters, seed=conf.get("SEED"))
    except errors.ClusteringError as error:
        raise ClusteringError(str(error)) from error


def _assign(clustering: Clustering, *, product_ids: np.ndarray, places: np.ndarray) -> None:
    rows = {cluster.number: cluster for cluster in clustering.clusters.all()}
    get_catalogue().assign(
        clustering, product_ids=product_ids, clusters=[rows[int(place)] for place in places]
    )


def _store(
    model_version: ModelVersion,
    fitted: ClusteringResult,
    summaries: Sequence[tuple[ClusterSummary, dict[str, float]]],
    previous: Clustering | None,
) -> Clustering:
    clustering = Clustering.objects.create(
        model_version=model_version,
        previous=previous,
        inertia=fitted.inertia,
        silhouette=fitted.silhouette,
        curve=[asdict(point) for point in fitted.curve],
        sharpness=fitted.sharpness,
    )
    Cluster.objects.bulk_create(
        Cluster(
            clustering=clustering,
            number=summary.number,
            name_ko=summary.name_ko,
            name_en=summary.name_en,
            size=summary.size,
            centroid=HalfVector(fitted.centroids[summary.number]),
            profile={"labels": profile},
        )
        for summary, profile in summaries
    )
    return clustering


def _summaries(
    fitted: ClusteringResult, labels: Sequence[Label | None]
) -> list[tuple[ClusterSummary, dict[str, float]]]:
    """Name each cluster and return it with the shares of its labels."""
    overall = Counter(label for label in labels if label)
    summaries = []
    taken: Counter[str] = Counter()
    for number in range(len(fitted.centroids)):
        members = np.flatnonzero(fitted.assignments == number).tolist()
        inside = Counter(label for place in members if (label := labels[place]))
        named = _typical(inside, overall)
        name_ko = " · ".join(label.name_ko for label in named)
        name_en = " · ".join(label.name_en for label in named)
        taken[name_en] += 1
        suffix = f" {taken[name_en]}" if taken[name_en] > 1 else ""
        total = sum(inside.values()) or 1
        profile = {label.name_en: round(n / total, 3) for label, n in inside.most_common(8)}
        summaries.append(
            (
                ClusterSummary(number, name_ko + suffix, name_en + suffix, len(members)),
                profile,
            )
        )
    return summaries


def _typical(inside: Counter[Label], overall: Counter[Label]) -> list[Label]:
    """Return the labels that say most about a cluster.

    A label counts for more, the larger its share inside and the more of all its products lie
    inside: T-shirts are everywhere and name no cluster unless most T-shirts are there.
    """
    total = sum(inside.values())
    frequent = [label for label, n in inside.items() if n >= SMALLEST_NAMED_SHARE * total]
    ranked = sorted(
        frequent or inside,
        key=lambda label: (
            -(inside[label] / total) * (inside[label] / overall[label]),
            label.name_en,
        ),
    )
    return ranked[:LABELS_IN_NAME] or [UNNAMED]


def _moved(previous: Clustering, vectors: np.ndarray, fitted: ClusteringResult) -> int:
    """Count products whose nearest centroid had another number before."""
    rows = list(previous.clusters.order_by("number"))
    centroids = np.array([row.centroid for row in rows], np.float32)
    numbers = np.array([row.number for row in rows])
    before = numbers[np.argmax(vectors @ centroids.T, axis=1)]
    return int(np.count_nonzero(before != fitted.assignments))
