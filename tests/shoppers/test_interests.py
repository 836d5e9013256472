from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoppers.interests import MOST_INTERESTS, find_interests, take_turns
from shoppers.taste import Item
from tests.shop import direction

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def items(*weighed: tuple[float, dict[str, float]]) -> list[Item]:
    return [
        Item("like", number, weight, NOW, number, vector=direction(**axes))
        for number, (weight, axes) in enumerate(weighed)
    ]


def test_things_far_apart_are_interests_of_their_own() -> None:
    found = find_interests(items((3, {"a": 1}), (1, {"b": 1}), (2, {"a": 10, "c": 1})))
    assert [interest.share for interest in found] == pytest.approx([5 / 6, 1 / 6])
    assert found[0].vector[0] > 0.99
    assert found[1].vector == pytest.approx(direction(b=1))


def test_what_is_no_longer_liked_pushes_the_interest_it_belonged_to_away() -> None:
    (found,) = find_interests(items((2, {"a": 1}), (-1, {"a": 4, "b": 3})))
    assert found.vector[1] < 0
    assert find_interests(items((1, {"a": 1}), (-1, {"b": 1})))[0].vector[1] == 0


def test_opinions_that_cancel_each_other_out_are_no_interest() -> None:
    assert find_interests(items((1, {"a": 1}), (-1, {"a": 1}))) == []
    assert find_interests(items((1, {"a": 1}), (-1, {"a": 1}), (-1, {"a": 1}))) == []
    assert find_interests(items((-1, {"a": 1}))) == []
    assert find_interests([]) == []


@given(st.lists(st.tuples(st.floats(0.1, 9), st.sampled_from("abcdefgh")), min_size=1))
def test_there_are_few_interests_and_they_make_up_the_whole_taste(
    weighed: list[tuple[float, str]],
) -> None:
    found = find_interests(items(*((weight, {axis: 1.0}) for weight, axis in weighed)))
    assert 1 <= len(found) <= MOST_INTERESTS
    assert sum(interest.share for interest in found) == pytest.approx(1)
    for interest in found:
        assert np.linalg.norm(interest.vector) == pytest.approx(1, abs=1e-4)


def test_lists_take_turns_as_their_shares_say() -> None:
    lists = [[1, 2, 3, 4], [10, 20, 30]]
    assert list(islice(take_turns(lists, [0.75, 0.25]), 4)) == [1, 2, 10, 3]
    assert sorted(take_turns(lists, [0.75, 0.25])) == [1, 2, 3, 4, 10, 20, 30]
    assert list(take_turns([[], []], [0.5, 0.5])) == []
