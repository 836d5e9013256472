"""Runs scikit-learn's k-means and chooses how many groups there are; called by ``clustering``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import ClusteringError, MissingTrainingExtraError

if TYPE_CHECKING:
    from sklearn.cluster import KMeans

MIN_CLUSTERS = 2
MAX_CLUSTERS = 12
STARTS = 4
SILHOUETTE_SAMPLE = 2_000


@dataclass(frozen=True)
class CurvePoint:
    """One k that was tried; the higher its silhouette (-1 to 1), the clearer the groups.

    `inertia` is the sum of squared distances to the means over the embeddings it was tried on: a
    sample, where there are very many.
    """

    k: int
    inertia: float
    silhouette: float | None


def list_candidates(clusters: int | None, *, different: int, is_sample: bool) -> list[int]:
    """Return each k to try: the one asked for, or 2 to 12.

    `different` counts the different embeddings, of a sample if `is_sample`. Too few to choose from
    leave a single cluster. Raises ClusteringError for more clusters than different embeddings.
    """
    if clusters is None:
        # With as many clusters as embeddings there is nothing left to group.
        return list(range(MIN_CLUSTERS, min(MAX_CLUSTERS, different - 1) + 1)) or [1]
    if not 1 <= clusters <= different:
        place = " in the sample that k-means starts from" if is_sample else ""
        raise ClusteringError(
            f"Expected between 1 and {different} clusters for {different} different "
            f"embeddings{place}, received {clusters}."
        )
    return [clusters]


def explain_choice(curve: tuple[CurvePoint, ...], best: CurvePoint, *, different: int) -> str:
    """Return in a sentence why the best point of a curve over 2 to 12 clusters was chosen."""
    if best.silhouette is None:
        return f"There are too few different embeddings ({different}) to choose from."
    tried = f"{curve[0].k} to {curve[-1].k}"
    more = " Still more might fit better." if best.k == MAX_CLUSTERS else ""
    return (
        f"Of {tried} clusters, {best.k} have the highest silhouette ({best.silhouette:.4f}): their "
        f"members lie nearest to their own and farthest from the next.{more}"
    )


def fit_means(embeddings: NDArray[np.float32], *, clusters: int, seed: int) -> KMeans:
    """Fit k-means on unit embeddings (N, D). Raises MissingTrainingExtraError."""
    try:
        from sklearn.cluster import KMeans
    except ImportError as error:
        raise MissingTrainingExtraError("scikit-learn") from error
    return KMeans(n_clusters=clusters, n_init=STARTS, random_state=seed).fit(embeddings)


def judge(embeddings: NDArray[np.float32], fit: KMeans, *, seed: int) -> CurvePoint:
    """Return how clear the groups of a fit are among the embeddings (N, D) it was made of."""
    from sklearn.metrics import silhouette_score

    silhouette = None
    if 1 < fit.n_clusters < len(embeddings):
        silhouette = float(
            silhouette_score(
                embeddings,
                fit.labels_,
                sample_size=min(SILHOUETTE_SAMPLE, len(embeddings)),
                random_state=seed,
            )
        )
    return CurvePoint(fit.n_clusters, float(fit.inertia_), silhouette)


def refine_means(
    means: NDArray[np.float32], batches: Iterator[NDArray[np.float32]], *, seed: int
) -> NDArray[np.float32]:
    """Return means (K, D) after one pass of mini-batch k-means over batches in random order.

    Small clusters stay: scikit-learn's reassignment would give those below a hundredth of the
    largest to a part of it.
    """
    from sklearn.cluster import MiniBatchKMeans

    fit = MiniBatchKMeans(
        n_clusters=len(means), init=means, n_init=1, reassignment_ratio=0.0, random_state=seed
    )
    for batch in batches:
        fit.partial_fit(batch)
    refined: NDArray[np.float32] = fit.cluster_centers_
    return refined
