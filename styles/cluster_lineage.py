"""Which cluster goes on from which, and what number it has so; called by the door to k-means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Max

from styles.catalogue import get_catalogue
from styles.ml.cluster_matching import (
    NO_ANCESTOR,
    count_shared,
    match_clusters,
)
from styles.ml.clustering import ClusteringResult
from styles.models import Cluster, Clustering, ModelVersion


@dataclass(frozen=True)
class Lineage:
    """Where clusters come from. New clusters stand in the order of their numbers.

    Attributes:
        before: the clustering they were matched to, of this model version or of the one that
            serves; None for the first one of all.
        old: its clusters, by number, and ``old_sizes``, how many products each holds now.
        shared: int64, shape (len(old), K): products of each that are in each of the new ones.
        ancestors: for each new cluster the one it goes on from.
        numbers: for each new cluster.
        next_number: which no cluster has had yet.
    """

    before: Clustering | None
    old: tuple[Cluster, ...]
    old_sizes: tuple[int, ...]
    shared: np.ndarray
    ancestors: tuple[Cluster | None, ...]
    numbers: tuple[int, ...]
    next_number: int


def trace_lineage(
    fitted: ClusteringResult, *, product_ids: np.ndarray, model_version: ModelVersion
) -> tuple[Lineage, ClusteringResult]:
    """Match clusters to those in force; return their lineage, and them by number.

    Args:
        fitted: the clusters.
        product_ids: the products (N,) that its arrays tell of, ascending.
        model_version: they are of this version. Its own clustering in force is what they are
            matched to, else what shoppers see.
    """
    before = (
        Clustering.objects.active_for(model_version)
        or Clustering.objects.filter(
            status=Clustering.Status.ACTIVE, model_version__status=ModelVersion.Status.ACTIVE
        ).first()
    )
    old = tuple(before.clusters.order_by("number")) if before else ()
    shape = (len(old), len(fitted.centroids))
    shared, sizes = np.zeros(shape, np.int64), np.zeros(len(old), np.int64)
    matched = np.full(shape[1], NO_ANCESTOR)
    if before and old:
        ids, classes = _old_classes(before, old)
        sizes = np.bincount(classes, minlength=len(old))
        shared = count_shared(ids, classes, product_ids, fitted.assignments, shape=shape)
        similarity = None
        if before.model_version_id == model_version.pk:
            centroids = np.array([cluster.centroid for cluster in old], np.float32)
            similarity = centroids @ fitted.centroids.T
        matched = match_clusters(shared, similarity=similarity)
    numbers, next_number = _number(matched, old)
    order = np.argsort(numbers)
    lineage = Lineage(
        before=before,
        old=old,
        old_sizes=tuple(sizes.tolist()),
        shared=shared[:, order],
        ancestors=tuple(
            old[place] if place != NO_ANCESTOR else None for place in matched[order].tolist()
        ),
        numbers=tuple(numbers[order].tolist()),
        next_number=next_number,
    )
    return lineage, fitted.reordered(order)


def _old_classes(before: Clustering, old: Sequence[Cluster]) -> tuple[np.ndarray, np.ndarray]:
    """Return the products of a clustering, and the places of their clusters in `old`."""
    ids, keys = get_catalogue().assignments(before)
    known = np.array([cluster.pk for cluster in old])
    by_key = np.argsort(known)
    return ids, by_key[np.searchsorted(known, keys, sorter=by_key)]


def _number(matched: np.ndarray, old: Sequence[Cluster]) -> tuple[np.ndarray, int]:
    """Return the number of each new cluster, and the first that is still free."""
    # Clusters that had the largest numbers may be gone by now: later clusterings remember.
    remembered = Clustering.objects.aggregate(number=Max("next_number"))["number"]
    largest = Cluster.objects.aggregate(number=Max("number"))["number"]
    free = max(remembered or 0, 0 if largest is None else largest + 1)
    numbers = np.zeros(len(matched), np.int64)
    for place, ancestor in enumerate(matched.tolist()):
        if ancestor == NO_ANCESTOR:
            numbers[place] = free
            free += 1
        else:
            numbers[place] = old[ancestor].number
    return numbers, free
