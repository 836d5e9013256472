"""Finds what many different people photographed, among vectors and owners alone. No rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Clump:
    """Vectors around one centre.

    Attributes:
        centroid: float32 (D,), unit length: the mean of those nearest to each other.
        members: places of the vectors within the radius of it.
    """

    centroid: np.ndarray
    members: tuple[int, ...]


def find_clumps(
    vectors: np.ndarray, *, owners: Sequence[str], radius: float, least: int
) -> list[Clump]:
    """Return the clumps that at least so many different owners belong to, the largest first.

    A vector is tried as a centre by how many owners lie around it; the centre moves once to their
    mean, as in mean shift (Fukunaga and Hostetler 1975), and what lies within the radius of the
    mean is the clump. None belongs to two.

    Args:
        vectors: float32 (N, D), unit length.
        owners: N texts; equal for one person.
        radius: cosine distance.
        least: different owners.
    """
    is_near = vectors @ vectors.T >= 1.0 - radius
    is_left = np.ones(len(vectors), bool)
    may_lead = np.ones(len(vectors), bool)
    clumps: list[Clump] = []
    while True:
        counts = [
            len({owners[other] for other in _places(is_near[place] & is_left)})
            if is_left[place] and may_lead[place]
            else 0
            for place in range(len(vectors))
        ]
        if not counts or max(counts) < least:
            return clumps
        leader = int(np.argmax(counts))
        around = _places(is_near[leader] & is_left)
        centroid = vectors[around].mean(axis=0)
        centroid /= np.linalg.norm(centroid)
        members = _places((vectors @ centroid >= 1.0 - radius) & is_left)
        if len({owners[place] for place in members}) < least:
            may_lead[leader] = False
            continue
        clumps.append(Clump(centroid.astype(np.float32), tuple(members)))
        is_left[members] = False


def nearest_centres(vectors: np.ndarray, centres: np.ndarray, *, radius: float) -> np.ndarray:
    """Return for each vector the place of its nearest centre; -1 where none is within the radius.

    Args:
        vectors: float32 (N, D), unit length.
        centres: float32 (C, D), unit length.
    """
    if not len(centres) or not len(vectors):
        return np.full(len(vectors), -1)
    likeness = vectors @ centres.T
    nearest = likeness.argmax(axis=1)
    return np.where(likeness.max(axis=1) >= 1.0 - radius, nearest, -1)


def _places(is_chosen: np.ndarray) -> list[int]:
    places: list[int] = np.flatnonzero(is_chosen).tolist()
    return places
