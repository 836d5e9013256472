"""Maximal marginal relevance: an order in which each product adds something; pure NumPy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def diversify(
    relevance: np.ndarray,
    vectors: np.ndarray,
    *,
    diversity: float,
    count: int,
    shown: Sequence[int] = (),
) -> list[int]:
    """Return the places of the next candidates to show, best first.

    Each is the one that is most relevant and least like any shown before it (Carbonell and
    Goldstein 1998): the largest ``(1 - diversity) * relevance - diversity * likeness``. Of equals,
    the more relevant comes first, then the one that stands first.

    Args:
        relevance: float (N,), 0 to 1.
        vectors: float32 (N, D), unit length.
        diversity: 0 orders by relevance alone, 1 by difference alone.
        count: at most this many.
        shown: places of candidates already shown; they are not returned.
    """
    nearest = np.zeros(len(relevance))
    for place in shown:
        nearest = np.maximum(nearest, vectors @ vectors[place])
    left = np.ones(len(relevance), bool)
    left[list(shown)] = False
    order = np.argsort(-relevance, kind="stable")
    chosen: list[int] = []
    while len(chosen) < count and left.any():
        gain = (1.0 - diversity) * relevance - diversity * nearest
        gain[~left] = -np.inf
        place = int(order[np.argmax(gain[order])])
        chosen.append(place)
        left[place] = False
        nearest = np.maximum(nearest, vectors @ vectors[place])
    return chosen
