from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoppers.insights.clumps import find_clumps, nearest_centres
from tests.shop import direction


def around(axis: str, count: int) -> list[np.ndarray]:
    return [direction(**{axis: 1, "z": 0.02 * number}) for number in range(count)]


def test_each_thing_that_enough_people_photographed_is_a_clump_the_largest_first() -> None:
    vectors = np.stack([*around("a", 5), *around("b", 7), *around("c", 4)])
    owners = [f"person {number}" for number in range(16)]
    first, second = find_clumps(vectors, owners=owners, radius=0.2, least=5)
    assert first.members == tuple(range(5, 12))
    assert second.members == tuple(range(5))
    assert float(first.centroid @ direction(b=1)) > 0.99


def test_one_person_with_many_photos_is_no_clump() -> None:
    vectors = np.stack(around("a", 20))
    assert find_clumps(vectors, owners=["one"] * 20, radius=0.2, least=2) == []


def test_photos_far_from_each_other_are_no_clump() -> None:
    vectors = np.stack([direction(**{axis: 1}) for axis in "abcdefgh"])
    owners = [str(number) for number in range(8)]
    assert find_clumps(vectors, owners=owners, radius=0.2, least=2) == []


def test_of_nothing_there_is_no_clump() -> None:
    nothing = np.zeros((0, 4), np.float32)
    assert find_clumps(nothing, owners=[], radius=0.2, least=2) == []
    assert nearest_centres(nothing, np.zeros((0, 4)), radius=0.2).tolist() == []


def test_a_vector_belongs_to_its_nearest_centre_within_the_radius() -> None:
    vectors = np.stack([direction(a=1, b=0.3), direction(b=1), direction(c=1)])
    centres = np.stack([direction(b=1), direction(a=1)])
    assert nearest_centres(vectors, centres, radius=0.2).tolist() == [1, 0, -1]


@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.floats(0.05, 0.9))
def test_no_clump_has_fewer_owners_and_none_share_a_member(
    seed: int, least: int, radius: float
) -> None:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(40, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = [str(number) for number in random.integers(0, 12, 40)]
    clumps = find_clumps(vectors, owners=owners, radius=radius, least=least)
    members = [place for clump in clumps for place in clump.members]
    assert len(members) == len(set(members))
    for clump in clumps:
        assert len({owners[place] for place in clump.members}) >= least
        assert float(np.linalg.norm(clump.centroid)) == pytest.approx(1, abs=1e-5)
        assert (vectors[list(clump.members)] @ clump.centroid >= 1 - radius - 1e-5).all()
