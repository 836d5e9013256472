"""Which new cluster goes on from which old one, on groupings that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from styles.ml.cluster_matching import (
    NO_ANCESTOR,
    Merge,
    Split,
    count_shared,
    find_merges,
    find_splits,
    match_clusters,
)


def matched(*rows: list[int]) -> list[int]:
    found: list[int] = match_clusters(np.array(rows)).tolist()
    return found


def test_shared_members_are_counted_whatever_else_each_grouping_holds() -> None:
    shared = count_shared(
        np.array([1, 2, 3, 5, 8]),
        np.array([0, 0, 1, 1, 1]),
        np.array([2, 3, 4, 5, 9]),
        np.array([2, 0, 0, 0, 1]),
        shape=(2, 3),
    )
    assert shared.tolist() == [[0, 0, 1], [2, 0, 0]]


def test_groupings_without_a_common_member_share_nothing() -> None:
    none = np.empty(0, np.int64)
    one = np.array([7])
    assert count_shared(none, none, one, one * 0, shape=(2, 1)).tolist() == [[0], [0]]
    assert count_shared(one + 1, one * 0, one, one * 0, shape=(1, 1)).tolist() == [[0]]


def test_clusters_that_only_change_places_keep_their_ancestors() -> None:
    assert matched([0, 90, 2], [5, 0, 80], [70, 1, 0]) == [2, 0, 1]


def test_a_split_goes_on_in_its_larger_part() -> None:
    assert matched([820, 410, 0], [0, 0, 300]) == [0, NO_ANCESTOR, 1]


def test_a_merge_goes_on_from_the_larger_cluster() -> None:
    assert matched([400, 0], [600, 0], [0, 50]) == [1, 2]


def test_as_many_members_as_possible_stay_over_all() -> None:
    # Taking the largest overlap first (60) would leave the second old cluster with nothing.
    assert matched([60, 50], [55, 0]) == [1, 0]


def test_a_cluster_that_shares_but_a_few_members_is_new() -> None:
    assert matched([100, 5], [100, 5], [101, 5]) == [2, NO_ANCESTOR]
    assert matched([40, 30, 30], [30, 40, 30], [30, 30, 40]) == [NO_ANCESTOR] * 3


def test_centroids_decide_between_ways_that_keep_as_many() -> None:
    shared = np.array([[50, 50]])
    for similarity, expected in (
        ([[0.1, 0.9]], [NO_ANCESTOR, 0]),
        ([[0.9, 0.1]], [0, NO_ANCESTOR]),
    ):
        found = match_clusters(shared, similarity=np.array(similarity, np.float32))
        assert found.tolist() == expected


def test_one_member_weighs_more_than_all_centroids() -> None:
    shared = np.array([[51, 50]])
    similarity = np.array([[-1.0, 1.0]], np.float32)
    assert match_clusters(shared, similarity=similarity).tolist() == [0, NO_ANCESTOR]


def test_without_old_clusters_all_are_new() -> None:
    assert match_clusters(np.zeros((0, 3), np.int64)).tolist() == [NO_ANCESTOR] * 3


def test_splits_and_merges_are_found_with_their_parts_the_largest_first() -> None:
    shared = np.array([[410, 820, 10], [0, 0, 200], [0, 3, 500]])
    assert find_splits(shared) == [Split(0, (1, 0), (820, 410))]
    assert find_merges(shared) == [Merge(2, (2, 1), (500, 200))]


def test_a_few_members_that_change_sides_are_neither_split_nor_merge() -> None:
    shared = np.array([[90, 10], [15, 85]])
    assert find_splits(shared) == []
    assert find_merges(shared) == []


@given(
    arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.integers(0, 9))
)
def test_no_ancestor_is_given_twice_and_renaming_old_clusters_renames_ancestors(
    shared: np.ndarray,
) -> None:
    ancestors = match_clusters(shared)
    given_once = ancestors[ancestors != NO_ANCESTOR]
    assert len(set(given_once.tolist())) == len(given_once)
    kept = sum(int(shared[old, new]) for new, old in enumerate(ancestors) if old != NO_ANCESTOR)
    turned = match_clusters(shared[::-1])
    assert kept == sum(
        int(shared[::-1][old, new]) for new, old in enumerate(turned) if old != NO_ANCESTOR
    )


def test_scipy_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from styles.ml.errors import MissingTrainingExtraError

    monkeypatch.setitem(__import__("sys").modules, "scipy.optimize", None)
    with pytest.raises(MissingTrainingExtraError, match="scipy is needed"):
        match_clusters(np.ones((1, 1), np.int64))
