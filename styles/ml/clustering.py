"""Groups embeddings by k-means and tells how the groups lie; called by the door above.

Embeddings are unit vectors, so that distance and cosine order them alike. They are read a part at a
time: of very many, memory holds a sample and a few numbers each.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import ClusteringError
from styles.ml.k_means import (
    CurvePoint,
    explain_choice,
    fit_means,
    judge,
    list_candidates,
    refine_means,
)
from styles.ml.progress import OnStage, ignore_stage
from styles.ml.vector_source import HeldVectors, VectorSource, to_unit

# k is chosen on so many, drawn by the seed: a curve over 2 to 12 clusters takes 20 seconds of them.
CHOICE_SAMPLE = 8_000
# Above this, k-means goes through the embeddings in mini-batches, once, from where k-means on the
# sample ended, and no more than a part of them is in memory.
MINI_BATCHES_ABOVE = 50_000
PART = 8_000
# The median member holds its own cluster nine to one against the runner-up.
MEDIAN_ODDS = 9.0
MAX_SHARPNESS = 1_000.0
MIN_MARGIN = 1e-6


@dataclass(frozen=True)
class ClusteringResult:
    """K clusters of N embeddings, the largest first. A cluster's place is its class index.

    `rows` (N,) are the rows of the source that were found, ascending; the other arrays of N tell of
    them. `centroids` (K, D) are unit vectors, `assignments` (N,) class indices, `distances` (N,)
    cosine distances (0 to 2) to the own centroid. `runners_up` (N,) are the classes of the nearest
    other centroids and `margins` (N,) by how much the own cosine exceeds theirs, infinite for a
    single cluster. `inertia` is the sum of squared distances to the cluster means. `silhouette` is
    None where it says nothing: for one cluster, or for as many as embeddings. `curve` has a point
    for each k that was tried, and `choice` says in a sentence why this one was chosen. `sharpness`
    s makes softmax(s * cosine to the centroids) a probability of each cluster.
    """

    rows: NDArray[np.int64]
    centroids: NDArray[np.float32]
    assignments: NDArray[np.int64]
    distances: NDArray[np.float32]
    runners_up: NDArray[np.int64]
    margins: NDArray[np.float32]
    inertia: float
    silhouette: float | None
    curve: tuple[CurvePoint, ...]
    choice: str
    sharpness: float

    def reordered(self, order: NDArray[np.int64]) -> ClusteringResult:
        """Return the same clusters with class `order[i]` (K,) in place i."""
        places = np.argsort(order)
        return replace(
            self,
            centroids=self.centroids[order],
            assignments=places[self.assignments],
            runners_up=places[self.runners_up],
        )


@dataclass(frozen=True)
class ClusterShape:
    """How the members of a cluster lie, as places in the arrays of the result.

    `typical` are the nearest to the centroid, the nearest first; `borderline` those that prefer it
    least to the `runners_up`, the clusters they would fall to next. `sharpness` is that of these
    members alone: the lower, the clearer a cluster stands apart.
    """

    typical: NDArray[np.int64]
    borderline: NDArray[np.int64]
    runners_up: NDArray[np.int64]
    sharpness: float


def fit_clusters(
    embeddings: NDArray[np.float32] | VectorSource,
    *,
    clusters: int | None = None,
    seed: int = 0,
    on_progress: OnStage = ignore_stage,
) -> ClusteringResult:
    """Cluster unit embeddings (N, D) into `clusters`, or as many as fit best between 2 and 12.

    The same embeddings and seed give the same clusters. Too few different embeddings to choose
    from give a single cluster. Raises ClusteringError for no embeddings, vectors that are not of
    length 1, or more clusters than different embeddings (of a sample, where there are very many).
    """
    source = _hold(embeddings, on_progress)
    held = source.embeddings if isinstance(source, HeldVectors) else None
    order = np.random.default_rng(seed).permutation(len(source))
    sample = _read(source, np.sort(order[:CHOICE_SAMPLE]))[1]
    different = len(np.unique(sample if held is None else held, axis=0))
    candidates = list_candidates(clusters, different=different, is_sample=held is None)
    curve, best, means = _choose(sample, candidates, seed, on_progress)
    if held is None:
        means = refine_means(means, _batches(source, order, on_progress), seed=seed)
    elif len(held) > len(sample):
        means = fit_means(held, clusters=best.k, seed=seed).cluster_centers_
    asked = f"{clusters} clusters were asked for."
    return replace(
        _assign(source, means, on_progress),
        silhouette=best.silhouette,
        curve=curve,
        choice=explain_choice(curve, best, different=different) if clusters is None else asked,
    )


def shape_clusters(result: ClusteringResult, *, count: int) -> list[ClusterShape]:
    """Return the shape of each cluster of `result`.

    `typical` and `borderline` are at most `count` places each; a single cluster has no borderline.
    """
    shapes = []
    for number in range(len(result.centroids)):
        members = np.flatnonzero(result.assignments == number)
        border = members[np.argsort(result.margins[members], kind="stable")][:count]
        if len(result.centroids) == 1:
            border = border[:0]
        shapes.append(
            ClusterShape(
                typical=members[np.argsort(result.distances[members], kind="stable")][:count],
                borderline=border,
                runners_up=result.runners_up[border],
                sharpness=choose_sharpness(result.margins[members]),
            )
        )
    return shapes


def draw_members(
    assignments: NDArray[np.int64], *, at_most: int, seed: int = 0
) -> NDArray[np.int64]:
    """Return about `at_most` ascending places of assignments (N,): of each cluster its share.

    At least one of each cluster, and all of them where they are no more than that.
    """
    if len(assignments) <= at_most:
        return np.arange(len(assignments))
    random = np.random.default_rng(seed)
    drawn = []
    for cluster in range(int(assignments.max()) + 1):
        members = random.permutation(np.flatnonzero(assignments == cluster))
        drawn.append(members[: math.ceil(len(members) * at_most / len(assignments))])
    return np.sort(np.concatenate(drawn))


def choose_sharpness(margins: NDArray[np.float32]) -> float:
    """Return s so that softmax(s * cosines) gives the median of N margins (N,) 9:1 for its best.

    A median member that lies between two centroids would ask for an endless s; it ends at
    MAX_SHARPNESS. A single cluster, whose margins are infinite, needs none: 1.
    """
    margin = abs(float(np.median(margins)))
    if math.isinf(margin):
        return 1.0
    return min(math.log(MEDIAN_ODDS) / max(margin, MIN_MARGIN), MAX_SHARPNESS)


def _hold(
    embeddings: NDArray[np.float32] | VectorSource, on_progress: OnStage
) -> HeldVectors | VectorSource:
    """Return what is to be read, in memory unless there is too much of it."""
    if isinstance(embeddings, np.ndarray):
        return HeldVectors(embeddings)
    if len(embeddings) > MINI_BATCHES_ABOVE:
        return embeddings
    on_progress("embeddings", 0, len(embeddings))
    rows, vectors = embeddings.read(np.arange(len(embeddings)))
    on_progress("embeddings", len(embeddings), len(embeddings))
    return HeldVectors(vectors, rows=rows)


def _read(
    source: VectorSource, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    found, vectors = source.read(rows)
    return found, vectors if isinstance(source, HeldVectors) else to_unit(vectors)


def _choose(
    sample: NDArray[np.float32], candidates: list[int], seed: int, on_progress: OnStage
) -> tuple[tuple[CurvePoint, ...], CurvePoint, NDArray[np.float32]]:
    """Try each k on a sample (M, D); return the curve, its best point and the means there."""
    curve, tried = [], []
    on_progress("choosing k", 0, len(candidates))
    for k in candidates:
        fit = fit_means(sample, clusters=k, seed=seed)
        curve.append(judge(sample, fit, seed=seed))
        tried.append(fit.cluster_centers_)
        on_progress("choosing k", len(curve), len(candidates))
    best = max(range(len(curve)), key=lambda place: curve[place].silhouette or 0.0)
    return tuple(curve), curve[best], tried[best]


def _batches(
    source: VectorSource, order: NDArray[np.int64], on_progress: OnStage
) -> Iterator[NDArray[np.float32]]:
    """Yield all embeddings in a random order, a part at a time."""
    for start in range(0, len(order), PART):
        yield _read(source, np.sort(order[start : start + PART]))[1]
        on_progress("grouping", min(start + PART, len(order)), len(order))


def _assign(
    source: VectorSource, means: NDArray[np.float32], on_progress: OnStage
) -> ClusteringResult:
    """Give each embedding the nearest mean (K, D), and number the clusters by falling size."""
    lengths = np.linalg.norm(means, axis=1).astype(np.float32)
    if not (lengths > np.finfo(np.float32).eps).all():
        raise ClusteringError(
            "Expected clusters that lean in some direction, received embeddings that cancel out."
        )
    centroids = (means / lengths[:, np.newaxis]).astype(np.float32)
    parts, inertia = [], 0.0
    for start in range(0, len(source), PART):
        stop = min(start + PART, len(source))
        rows, vectors = _read(source, np.arange(start, stop))
        part, squares = _place(vectors, centroids, lengths)
        parts.append((rows, *part))
        inertia += squares
        on_progress("assigning", stop, len(source))
    rows, assignments, distances, runners_up, margins = map(
        np.concatenate, zip(*parts, strict=True)
    )
    result = ClusteringResult(
        rows=rows,
        centroids=centroids,
        assignments=assignments,
        distances=distances,
        runners_up=runners_up,
        margins=margins,
        inertia=inertia,
        silhouette=None,
        curve=(),
        choice="",
        sharpness=choose_sharpness(margins),
    )
    sizes = np.bincount(assignments, minlength=len(centroids))
    return result.reordered(np.argsort(-sizes, kind="stable"))


def _place(
    vectors: NDArray[np.float32], centroids: NDArray[np.float32], lengths: NDArray[np.float32]
) -> tuple[tuple[NDArray[np.generic], ...], float]:
    """Return assignments, distances, runners-up and margins (M,) of vectors (M, D), and inertia."""
    cosines = vectors @ centroids.T
    # The squared distance to a mean, which is shorter than 1, is 1 - nearness.
    nearness = 2.0 * lengths * cosines - lengths**2
    places = np.arange(len(vectors))
    nearest = nearness.argmax(axis=1)
    inertia = float(np.sum(1.0 - nearness[places, nearest], dtype=np.float64))
    own = cosines[places, nearest]
    cosines[places, nearest] = -np.inf
    runners_up = cosines.argmax(axis=1)
    margins = own - cosines[places, runners_up]
    return (nearest, (1.0 - own).astype(np.float32), runners_up, margins), inertia
