"""Computes clusters and what is known of them; called by the door to k-means, which stores them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from styles import conf
from styles.catalogue import CatalogueEmbeddings
from styles.cluster_lineage import Lineage, trace_lineage
from styles.cluster_names import ClusterSummary, count_labels, name_clusters, share_labels
from styles.cluster_profiles import ClusterProfile, profile_clusters
from styles.exceptions import ClusteringError
from styles.ml import errors
from styles.ml.cluster_classifier import (
    ClusterClassifier,
    ClusterReport,
    learn_clusters,
)
from styles.ml.clustering import ClusteringResult, draw_members, fit_clusters
from styles.ml.progress import OnStage
from styles.models import ModelVersion

# The planes between clusters are found with far fewer products.
LEARNT_FROM = 30_000


@dataclass(frozen=True)
class ComputedClusters:
    """New clusters in the order of their numbers, which is that of their class indices.

    Attributes:
        fitted: how they lie.
        product_ids: the products (N,) that the arrays of ``fitted`` tell of.
        lineage: where they come from.
        classifier: what tells them apart.
        report: how well it does; None where there are too few products to tell.
        summaries: their names and sizes.
        label_shares: of each the most frequent labels, by English name.
        profiles: what is in each.
    """

    fitted: ClusteringResult
    product_ids: np.ndarray
    lineage: Lineage
    classifier: ClusterClassifier
    report: ClusterReport | None
    summaries: Sequence[ClusterSummary]
    label_shares: Sequence[dict[str, float]]
    profiles: Sequence[ClusterProfile]


def compute_clusters(
    embeddings: CatalogueEmbeddings,
    *,
    model_version: ModelVersion,
    clusters: int | None,
    on_progress: OnStage,
) -> ComputedClusters:
    """Run k-means, match its clusters to those of before, name them and learn to tell them.

    Args:
        embeddings: of at least one product.
        model_version: they are of this version.
        clusters: k, or None to choose it by silhouette.
        on_progress: called with a stage's name, how many are done and how many there are.

    Raises:
        ClusteringError: the embeddings cannot be clustered as asked.
    """
    try:
        fitted = fit_clusters(
            embeddings, clusters=clusters, seed=conf.get("SEED"), on_progress=on_progress
        )
        product_ids = embeddings.product_ids[fitted.rows]
        lineage, fitted = trace_lineage(
            fitted, product_ids=product_ids, model_version=model_version
        )
        on_progress("learning", 0, 1)
        classifier, report = _learn(embeddings, fitted, lineage.numbers)
        on_progress("learning", 1, 1)
    except errors.LearningError as error:
        raise ClusteringError(str(error)) from error
    labels = count_labels(
        product_ids,
        fitted.assignments,
        count=len(lineage.numbers),
        on_progress=partial(on_progress, "naming"),
    )
    return ComputedClusters(
        fitted=fitted,
        product_ids=product_ids,
        lineage=lineage,
        classifier=classifier,
        report=report,
        summaries=name_clusters(
            labels,
            numbers=lineage.numbers,
            sizes=np.bincount(fitted.assignments, minlength=len(labels)).tolist(),
            ancestors=lineage.ancestors,
        ),
        label_shares=[share_labels(inside) for inside in labels],
        profiles=profile_clusters(
            fitted,
            product_ids=product_ids,
            numbers=lineage.numbers,
            model_version=model_version,
        ),
    )


def _learn(
    embeddings: CatalogueEmbeddings, fitted: ClusteringResult, numbers: Sequence[int]
) -> tuple[ClusterClassifier, ClusterReport | None]:
    """Learn to tell the classes, from some of each; the report calls them by their numbers."""
    seed = conf.get("SEED")
    drawn = draw_members(fitted.assignments, at_most=LEARNT_FROM, seed=seed)
    rows, vectors = embeddings.read(fitted.rows[drawn])
    classes = fitted.assignments[drawn][np.isin(fitted.rows[drawn], rows)]
    if len(np.unique(classes)) < len(numbers):
        raise ClusteringError(
            "All products of a new cluster were deleted while it was made. Run this again."
        )
    classifier, report = learn_clusters(vectors, classes, seed=seed)
    if report is not None:
        scores = [
            replace(score, code=str(number))
            for score, number in zip(report.clusters, numbers, strict=True)
        ]
        report = replace(report, clusters=tuple(scores))
    return classifier, report
