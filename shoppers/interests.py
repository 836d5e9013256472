"""Tells the interests in a taste apart: who likes coats and sandals wants no shoe-like coat.

Pure NumPy; called by ``shoppers.recommendations``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from products.search.examples import SHORTEST
from shoppers.taste import Item

MOST_INTERESTS: Final = 4
# Items at least so alike (cosine) are of one interest. Products of one type lie above, of different
# types mostly below it; see docs/shoppers.md.
ALIKE: Final = 0.6


@dataclass(frozen=True)
class Interest:
    """One direction of a taste.

    Attributes:
        vector: float32 (D,), unit length: the weighted mean of what belongs to it.
        share: of the whole taste, 0 to 1.
    """

    vector: np.ndarray
    share: float


def find_interests(items: Sequence[Item]) -> list[Interest]:
    """Return up to MOST_INTERESTS interests, the largest first; shares sum to 1, or there are none.

    The heaviest item leads the first interest. Each further one joins the interest it is most like,
    or leads one of its own while it is like none and there is room. What is no longer liked pushes
    the interest it is most like away, as a disliked example does.
    """
    seen = [(item.weight, item.vector) for item in items if item.vector is not None]
    # Stable: of equal weights, the latest comes first.
    seen.sort(key=lambda entry: -entry[0])
    sums: list[np.ndarray] = []
    weights: list[float] = []
    for weight, vector in seen:
        likenesses = [_cosine(vector, total) for total in sums]
        nearest = int(np.argmax(likenesses)) if likenesses else None
        is_alike = nearest is not None and likenesses[nearest] >= ALIKE
        if weight > 0 and not is_alike and len(sums) < MOST_INTERESTS:
            sums.append(weight * vector)
            weights.append(weight)
        elif nearest is not None and (weight > 0 or is_alike):
            sums[nearest] = sums[nearest] + weight * vector
            weights[nearest] += max(weight, 0.0)
    left = [
        (total / np.linalg.norm(total), weight)
        for total, weight in zip(sums, weights, strict=True)
        if np.linalg.norm(total) >= SHORTEST * weight
    ]
    whole = sum(weight for _, weight in left)
    interests = [Interest(vector.astype(np.float32), weight / whole) for vector, weight in left]
    return sorted(interests, key=lambda interest: -interest.share)


def _cosine(vector: np.ndarray, total: np.ndarray) -> float:
    length = float(np.linalg.norm(total))
    return float(vector @ total) / length if length else 0.0


def take_turns(lists: Sequence[Sequence[int]], shares: Sequence[float]) -> Iterator[int]:
    """Yield the members of lists, each list as often as its share says, until all are empty.

    The next is of the list with the largest ``share / (2 * taken + 1)`` (Webster, Sainte-Lague), so
    that every beginning of the order is as fair as it can be.
    """
    places = [0] * len(lists)
    while left := [number for number, place in enumerate(places) if place < len(lists[number])]:
        chosen = max(left, key=lambda number: (shares[number] / (2 * places[number] + 1), -number))
        yield lists[chosen][places[chosen]]
        places[chosen] += 1
