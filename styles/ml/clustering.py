"""Groups embeddings by k-means and chooses how many groups there are; called by the door above.

Embeddings are unit vectors, so that distance and cosine order them alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import ClusteringError, MissingTrainingExtraError

if TYPE_CHECKING:
    from sklearn.cluster import KMeans, MiniBatchKMeans

MIN_CLUSTERS = 2
MAX_CLUSTERS = 12
STARTS = 4
SILHOUETTE_SAMPLE = 2_000
# Above this, k-means goes through the embeddings in mini-batches. For 3 and 8 clusters of 60,000:
# 7 and 9 seconds instead of 18 and 41, the inertia 9 % higher and 2 % lower.
MINI_BATCHES_ABOVE = 50_000
MINI_BATCH = 4_096
UNIT_TOLERANCE = 1e-2
# The median member holds its own cluster nine to one against the runner-up.
MEDIAN_ODDS = 9.0
MAX_SHARPNESS = 1_000.0
MIN_MARGIN = 1e-6


@dataclass(frozen=True)
class CurvePoint:
    """One k that was tried; the higher its silhouette (-1 to 1), the clearer the groups."""

    k: int
    inertia: float
    silhouette: float | None


@dataclass(frozen=True)
class ClusteringResult:
    """Clusters, the largest first.

    `centroids` (K, D) are unit vectors, `assignments` (N,) cluster numbers from 0, `distances` (N,)
    cosine distances (0 to 2) to the own centroid; `inertia` is the sum of squared distances to the
    cluster means. `silhouette` is None where it says nothing: for one cluster, or for as many as
    embeddings. `curve` has a point for each k that was tried, and `choice` says in a sentence why
    this one was chosen. `sharpness` s makes softmax(s * cosine to the centroids) a probability of
    each cluster.
    """

    centroids: NDArray[np.float32]
    assignments: NDArray[np.int64]
    distances: NDArray[np.float32]
    inertia: float
    silhouette: float | None
    curve: tuple[CurvePoint, ...]
    choice: str
    sharpness: float


@dataclass(frozen=True)
class ClusterShape:
    """How the members of a cluster lie, as rows of the embeddings.

    `typical` are the nearest to the centroid, the nearest first; `borderline` those that prefer it
    least to the `runners_up`, the clusters they would fall to next. `sharpness` is that of these
    members alone: the lower, the clearer a cluster stands apart.
    """

    typical: NDArray[np.int64]
    borderline: NDArray[np.int64]
    runners_up: NDArray[np.int64]
    sharpness: float


def fit_clusters(
    embeddings: NDArray[np.float32], *, clusters: int | None = None, seed: int = 0
) -> ClusteringResult:
    """Cluster unit embeddings (N, D) into `clusters`, or as many as fit best between 2 and 12.

    The same embeddings and seed give the same clusters. Too few different embeddings to choose
    from give a single cluster. Raises ClusteringError for no embeddings, vectors that are not of
    length 1, or more clusters than different embeddings.
    """
    embeddings = _check_embeddings(embeddings)
    # Of very many, the first stand for all: there are more than anybody asks clusters for.
    different = len(np.unique(embeddings[:MINI_BATCHES_ABOVE], axis=0))
    if clusters is not None:
        if not 1 <= clusters <= different:
            raise ClusteringError(
                f"Expected between 1 and {different} clusters for {different} different "
                f"embeddings, received {clusters}."
            )
        candidates = [clusters]
        choice = f"{clusters} clusters were asked for."
    else:
        # With as many clusters as embeddings there is nothing left to group.
        candidates = list(range(MIN_CLUSTERS, min(MAX_CLUSTERS, different - 1) + 1)) or [1]
        choice = ""
    fits = [_fit(embeddings, k, seed) for k in candidates]
    curve = tuple(_judge(embeddings, fit, seed) for fit in fits)
    best = max(range(len(fits)), key=lambda number: curve[number].silhouette or 0.0)
    centroids, assignments = _largest_first(fits[best])
    cosines = embeddings @ centroids.T
    own = cosines[np.arange(len(embeddings)), assignments]
    return ClusteringResult(
        centroids=centroids,
        assignments=assignments,
        distances=(1.0 - own).astype(np.float32),
        inertia=curve[best].inertia,
        silhouette=curve[best].silhouette,
        curve=curve,
        choice=choice or _explain(curve, curve[best], different),
        sharpness=choose_sharpness(cosines),
    )


def shape_clusters(
    embeddings: NDArray[np.float32], result: ClusteringResult, *, count: int
) -> list[ClusterShape]:
    """Return the shape of each cluster of `result` over the embeddings (N, D) it was made of.

    `typical` and `borderline` are at most `count` rows each; a single cluster has no borderline.
    """
    cosines = embeddings @ result.centroids.T
    rows = np.arange(len(embeddings))
    own = cosines[rows, result.assignments]
    others = cosines.copy()
    others[rows, result.assignments] = -np.inf
    margins, runners_up = own - others.max(axis=1), others.argmax(axis=1)
    shapes = []
    for number in range(len(result.centroids)):
        members = np.flatnonzero(result.assignments == number)
        border = members[np.argsort(margins[members], kind="stable")][:count]
        if len(result.centroids) == 1:
            border = border[:0]
        shapes.append(
            ClusterShape(
                typical=members[np.argsort(-own[members], kind="stable")][:count],
                borderline=border,
                runners_up=runners_up[border],
                sharpness=choose_sharpness(cosines[members]),
            )
        )
    return shapes


def choose_sharpness(cosines: NDArray[np.float32]) -> float:
    """Return s so that softmax(s * cosines) gives the median of N rows (N, K) 9:1 for its best.

    A median member that lies between two centroids would ask for an endless s; it ends at
    MAX_SHARPNESS. A single cluster needs none: 1.
    """
    if cosines.shape[1] < 2:
        return 1.0
    runner_up, best = np.partition(cosines, -2, axis=1)[:, -2:].T
    margin = float(np.median(best - runner_up))
    return min(math.log(MEDIAN_ODDS) / max(margin, MIN_MARGIN), MAX_SHARPNESS)


def _check_embeddings(embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    if embeddings.ndim != 2 or len(embeddings) == 0:
        raise ClusteringError(
            f"Expected at least one embedding of shape (N, D), received {embeddings.shape}."
        )
    lengths = np.linalg.norm(embeddings.astype(np.float32), axis=1)
    # Written so that NaN is refused as well.
    if not (np.abs(lengths - 1.0) <= UNIT_TOLERANCE).all():
        raise ClusteringError(
            "Expected embeddings of length 1, received lengths from "
            f"{lengths.min():.3f} to {lengths.max():.3f}."
        )
    unit: NDArray[np.float32] = (embeddings / lengths[:, np.newaxis]).astype(np.float32)
    return unit


def _explain(curve: tuple[CurvePoint, ...], best: CurvePoint, different: int) -> str:
    if best.silhouette is None:
        return f"There are too few different embeddings ({different}) to choose from."
    tried = f"{curve[0].k} to {curve[-1].k}"
    more = " Still more might fit better." if best.k == MAX_CLUSTERS else ""
    return (
        f"Of {tried} clusters, {best.k} have the highest silhouette ({best.silhouette:.4f}): their "
        f"members lie nearest to their own and farthest from the next.{more}"
    )


def _fit(embeddings: NDArray[np.float32], k: int, seed: int) -> KMeans | MiniBatchKMeans:
    try:
        from sklearn.cluster import KMeans, MiniBatchKMeans
    except ImportError as error:
        raise MissingTrainingExtraError("scikit-learn") from error
    if len(embeddings) > MINI_BATCHES_ABOVE:
        batches = MiniBatchKMeans(
            n_clusters=k, n_init=STARTS, batch_size=MINI_BATCH, random_state=seed
        )
        return batches.fit(embeddings)
    return KMeans(n_clusters=k, n_init=STARTS, random_state=seed).fit(embeddings)


def _judge(embeddings: NDArray[np.float32], fit: KMeans | MiniBatchKMeans, seed: int) -> CurvePoint:
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


def _largest_first(fit: KMeans | MiniBatchKMeans) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return unit centroids (K, D) and assignments (N,), renumbered by falling size."""
    sizes = np.bincount(fit.labels_, minlength=fit.n_clusters)
    order = np.argsort(-sizes, kind="stable")
    means = fit.cluster_centers_[order]
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    if not (lengths > np.finfo(np.float32).eps).all():
        raise ClusteringError(
            "Expected clusters that lean in some direction, received embeddings that cancel out."
        )
    return (means / lengths).astype(np.float32), np.argsort(order)[fit.labels_].astype(np.int64)
