"""What is held out of a training, and what must never be: relatives of what is trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.datasets import NO_LABEL, Example
from styles.ml.duplicates import HASH_WORDS
from styles.ml.errors import TrainingError
from styles.ml.features import Features
from styles.ml.parting import Parts, part_photos, take

PHOTOS = 40


def features_of(
    examples: Sequence[Example],
    *,
    digests: list[str] | None = None,
    hashes: NDArray[np.uint64] | None = None,
) -> Features:
    """Return features of photos that have nothing in common unless it is given."""
    count = len(examples)
    drawn = np.random.default_rng(0).integers(1, 2**63, (count, HASH_WORDS), dtype=np.uint64)
    return Features(
        examples=list(examples),
        digests=digests or [str(number) for number in range(count)],
        vectors=np.zeros((count, 4), np.float32),
        skipped=[],
        hashes=drawn if hashes is None else hashes,
        reused=0,
    )


def styled(number: int, *, shoot: str = "") -> Example:
    return Example(str(number), bytes, {"style": "ab"[number % 2]}, shoot=shoot)


def part(features: Features, *, fraction: float = 0.25, seed: int = 0) -> Parts:
    return part_photos(features, held_out_fraction=fraction, seed=seed)


def assert_together(parts: Parts, families: Sequence[object]) -> None:
    """Check that no family has members on both sides, and that both sides have some."""
    trained = {families[row] for row in parts.trained}
    held_out = {families[row] for row in parts.held_out}
    assert held_out
    assert trained.isdisjoint(held_out)
    assert sorted([*parts.trained, *parts.held_out]) == list(range(len(families)))


def test_a_share_of_each_class_is_held_out() -> None:
    parts = part(features_of([styled(number) for number in range(PHOTOS)]))
    assert_together(parts, range(PHOTOS))
    assert len(parts.held_out) == PHOTOS // 4
    assert np.bincount(parts.class_indexes["style"][parts.held_out]).tolist() == [5, 5]
    assert (parts.relatives.duplicates, parts.relatives.near_duplicates) == (0, 0)


def test_copies_stay_on_one_side() -> None:
    digests = [str(number // 5) for number in range(PHOTOS)]
    parts = part(features_of([styled(number) for number in range(PHOTOS)], digests=digests))
    assert_together(parts, digests)
    assert parts.relatives.duplicates == PHOTOS - PHOTOS // 5


def test_near_copies_stay_on_one_side() -> None:
    examples = [styled(number) for number in range(PHOTOS)]
    hashes = features_of(examples).hashes.copy()
    # The second half shows what the first half shows; ten bits differ.
    hashes[PHOTOS // 2 :] = hashes[: PHOTOS // 2]
    hashes[PHOTOS // 2 :, 0] ^= np.uint64(0b1111111111)
    parts = part(features_of(examples, hashes=hashes))
    assert_together(parts, [number % (PHOTOS // 2) for number in range(PHOTOS)])
    assert parts.relatives.near_duplicates == PHOTOS // 2
    assert parts.relatives.duplicates == 0


def test_shoots_stay_on_one_side() -> None:
    shoots = [f"shoot {number // 4}" for number in range(PHOTOS)]
    parts = part(features_of([styled(n, shoot=shoot) for n, shoot in enumerate(shoots)]))
    assert_together(parts, shoots)
    assert parts.relatives.shoots == PHOTOS // 4


def test_the_seed_draws_what_is_held_out() -> None:
    features = features_of([styled(number) for number in range(PHOTOS)])
    one, again, other = (part(features, seed=seed).held_out.tolist() for seed in (0, 0, 1))
    assert one == again
    assert one != other


def test_nothing_is_held_out_where_nothing_is_asked_for() -> None:
    parts = part(features_of([styled(number) for number in range(4)]), fraction=0.0)
    assert parts.trained.tolist() == [0, 1, 2, 3]
    assert parts.held_out.tolist() == []


@pytest.mark.parametrize(
    ("labels", "received"),
    [
        ([{"style": "a"}] * 3, r"{'style': \['a'\]}"),
        ([{"style": "a", "garment": "x"}] * 2, r"{'garment': \['x'\], 'style': \['a'\]}"),
        ([{}, {}], r"{}"),
    ],
    ids=["one class", "one class in each label set", "no label"],
)
def test_where_there_is_nothing_to_tell_apart_it_is_said_in_a_sentence(
    labels: list[dict[str, str]], received: str
) -> None:
    examples = [Example(str(number), bytes, label) for number, label in enumerate(labels)]
    with pytest.raises(TrainingError, match=rf"two different labels, received {received}\."):
        part(features_of(examples))


def test_label_sets_with_a_single_class_are_left_out() -> None:
    examples = [Example(str(n), bytes, {"garment": "x", "style": "ab"[n % 2]}) for n in range(8)]
    parts = part(features_of(examples))
    assert parts.label_sets == {"style": ("a", "b")}
    assert set(parts.class_indexes) == {"style"}


def test_class_indexes_of_some_rows_are_taken_from_each_label_set() -> None:
    indexes = {"style": np.array([0, 1, NO_LABEL]), "garment": np.array([2, 3, 4])}
    taken = take(indexes, np.array([2, 0]))
    assert {name: rows.tolist() for name, rows in taken.items()} == {
        "style": [NO_LABEL, 0],
        "garment": [4, 2],
    }
