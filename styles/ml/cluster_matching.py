"""Finds out which new cluster goes on from which old one; called by the door to k-means.

Clusters are matched by the members that both groupings hold, so that it does not matter whether
the two were made in the same space.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import MissingTrainingExtraError

# A new cluster goes on from an old one if half of the one went into it or half of it came from
# there. Below that, chance alone would explain it: three clusters drawn at random share a third.
KIN_SHARE = 0.5
NO_ANCESTOR = -1


@dataclass(frozen=True)
class Split:
    """An old cluster that went into several new ones; `members` of it are in each of `into`."""

    cluster: int
    into: tuple[int, ...]
    members: tuple[int, ...]


@dataclass(frozen=True)
class Merge:
    """A new cluster that came from several old ones; `members` of it are from each of `sources`."""

    cluster: int
    sources: tuple[int, ...]
    members: tuple[int, ...]


def count_shared(
    old_members: NDArray[np.int64],
    old_classes: NDArray[np.int64],
    new_members: NDArray[np.int64],
    new_classes: NDArray[np.int64],
    *,
    shape: tuple[int, int],
) -> NDArray[np.int64]:
    """Return how many members each old and new cluster share, of `shape` (K old, K new).

    Members are ids, ascending and without repetition; classes are from 0.
    """
    shared = np.zeros(shape, np.int64)
    if not len(old_members):
        return shared
    places = np.minimum(np.searchsorted(old_members, new_members), len(old_members) - 1)
    both = old_members[places] == new_members
    cells = old_classes[places[both]] * shape[1] + new_classes[both]
    return shared + np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def match_clusters(
    shared: NDArray[np.int64], *, similarity: NDArray[np.float32] | None = None
) -> NDArray[np.int64]:
    """Return the old cluster (K new,) that each new one goes on from, or NO_ANCESTOR.

    Of all ways to pair kin (see KIN_SHARE), the one that keeps most members where they were. A
    split so goes on in its larger part, and a merge goes on from the larger cluster. `similarity`
    (K old, K new), cosines between centroids of one space, decides between ways that keep as many.
    Raises MissingTrainingExtraError.
    """
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError as error:
        raise MissingTrainingExtraError("scipy") from error
    kin = _kin(shared)
    gain = np.where(kin, shared, 0).astype(np.float64)
    if similarity is not None:
        # All of them together weigh less than one member.
        gain += np.where(kin, (1.0 + similarity) / (4.0 * max(shared.shape)), 0.0)
    ancestors = np.full(shared.shape[1], NO_ANCESTOR)
    for old, new in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
        if kin[old, new]:
            ancestors[new] = old
    return ancestors


def find_splits(shared: NDArray[np.int64]) -> list[Split]:
    """Return the old clusters of which two new ones or more consist by half, larger parts first."""
    is_part = _share(shared, axis=0) >= KIN_SHARE
    return [
        Split(old, new := _by_size(shared[old], parts), tuple(shared[old, list(new)].tolist()))
        for old, parts in enumerate(is_part)
        if np.count_nonzero(parts) > 1
    ]


def find_merges(shared: NDArray[np.int64]) -> list[Merge]:
    """Return the new clusters into which half or more of two old ones went, larger ones first."""
    is_source = _share(shared, axis=1) >= KIN_SHARE
    return [
        Merge(new, old := _by_size(shared[:, new], sources), tuple(shared[list(old), new].tolist()))
        for new, sources in enumerate(is_source.T)
        if np.count_nonzero(sources) > 1
    ]


def _kin(shared: NDArray[np.int64]) -> NDArray[np.bool_]:
    kin: NDArray[np.bool_] = np.maximum(_share(shared, axis=0), _share(shared, axis=1)) >= KIN_SHARE
    return kin


def _share(shared: NDArray[np.int64], *, axis: int) -> NDArray[np.float64]:
    """Return the counts as shares of the new clusters (axis 0) or of the old ones (axis 1)."""
    shares: NDArray[np.float64] = shared / np.maximum(shared.sum(axis=axis, keepdims=True), 1)
    return shares


def _by_size(counts: NDArray[np.int64], chosen: NDArray[np.bool_]) -> tuple[int, ...]:
    places = np.flatnonzero(chosen)
    return tuple(places[np.argsort(-counts[places], kind="stable")].tolist())
