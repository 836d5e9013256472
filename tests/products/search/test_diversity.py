from __future__ import annotations

import numpy as np

from products.search.diversity import diversify
from tests.shop import direction

RELEVANCE = np.array([0.9, 0.8, 0.7, 0.6])
# Two twins, then two that are like nothing else.
VECTORS = np.stack([direction(a=1), direction(a=1), direction(b=1), direction(c=1)])


def test_without_diversity_the_order_is_that_of_relevance() -> None:
    assert diversify(RELEVANCE, VECTORS, diversity=0, count=4) == [0, 1, 2, 3]


def test_a_twin_of_what_is_shown_moves_behind_others() -> None:
    assert diversify(RELEVANCE, VECTORS, diversity=0.5, count=4) == [0, 2, 3, 1]


def test_full_diversity_begins_with_the_most_relevant_and_ends_with_the_twin() -> None:
    order = diversify(RELEVANCE[::-1].copy(), VECTORS[::-1].copy(), diversity=1, count=4)
    assert order == [3, 1, 0, 2]


def test_what_was_shown_counts_but_is_not_shown_again() -> None:
    first = diversify(RELEVANCE, VECTORS, diversity=0.5, count=2)
    rest = diversify(RELEVANCE, VECTORS, diversity=0.5, count=9, shown=first)
    assert [*first, *rest] == [0, 2, 3, 1]


def test_equals_keep_their_order() -> None:
    same = np.full(3, 0.5)
    assert diversify(same, VECTORS[[0, 0, 0]], diversity=0.7, count=3) == [0, 1, 2]
    assert diversify(np.empty(0), np.empty((0, 256), np.float32), diversity=0.5, count=3) == []
