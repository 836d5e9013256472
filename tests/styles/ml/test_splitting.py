"""How examples are parted into what is trained on and what is held out."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from styles.ml.splitting import split_examples


def split(labels: list[dict[str, str]], digests: list[str]) -> tuple[list[int], list[int]]:
    return split_examples(labels, digests=digests, held_out_fraction=0.2, seed=3)


def test_every_label_gives_up_its_share() -> None:
    labels = [{"style": "punk"}] * 40 + [{"style": "modern"}] * 10 + [{"style": "rare"}] * 2
    kept, held_out = split(labels, [str(number) for number in range(52)])
    assert sorted(kept + held_out) == list(range(52))
    assert np.bincount(np.searchsorted([40, 50], held_out, side="right")).tolist() == [8, 2, 1]


def test_a_single_photo_of_its_kind_is_trained_on() -> None:
    kept, held_out = split([{"style": "punk"}, {"style": "modern"}], ["a", "b"])
    assert (kept, held_out) == ([0, 1], [])


def test_labels_of_several_sets_give_up_no_more_than_their_share() -> None:
    labels = [
        {"style": f"style {number % 20}", "product_type": f"type {number % 31}"}
        for number in range(620)
    ]
    _, held_out = split(labels, [str(number) for number in range(620)])
    assert 0.15 * 620 <= len(held_out) <= 0.2 * 620
    for name in ("style", "product_type"):
        shares = Counter(labels[index][name] for index in held_out)
        everything = Counter(label[name] for label in labels)
        assert all(count <= round(0.2 * everything[code]) for code, count in shares.items())


def test_a_photo_without_labels_is_not_held_out() -> None:
    assert split([{}, {}, {}], ["a", "b", "c"]) == ([0, 1, 2], [])


def test_copies_stay_on_one_side() -> None:
    digests = [f"{number // 4}" for number in range(80)]
    kept, held_out = split([{"style": "punk"}] * 80, digests)
    assert {digests[index] for index in kept}.isdisjoint(digests[index] for index in held_out)
    assert len(held_out) == 16


def test_the_same_seed_gives_the_same_split() -> None:
    labels = [{"style": "punk"}] * 30
    digests = [str(number) for number in range(30)]
    assert split(labels, digests) == split(labels, digests)
    other = split_examples(labels, digests=digests, held_out_fraction=0.2, seed=4)
    assert split(labels, digests) != other


def test_nothing_is_held_out_where_nothing_is_asked_for() -> None:
    labels = [{"style": "punk"}] * 3
    kept, held_out = split_examples(labels, digests=["a", "b", "c"], held_out_fraction=0.0, seed=0)
    assert (kept, held_out) == ([0, 1, 2], [])


def test_groups_of_several_labels_stay_whole_and_every_label_gives_its_share() -> None:
    groups = np.random.default_rng(0).integers(0, 120, 1000).tolist()
    labels = [{"style": f"{(group + number) % 4}"} for number, group in enumerate(groups)]
    kept, held_out = split(labels, groups)
    assert {groups[index] for index in kept}.isdisjoint(groups[index] for index in held_out)
    shares = Counter(labels[index]["style"] for index in held_out)
    everything = Counter(label["style"] for label in labels)
    for style, count in shares.items():
        assert 0.15 <= count / everything[style] <= 0.2 + 1 / everything[style]


def test_a_label_of_two_unequal_groups_gives_up_the_smaller_one() -> None:
    groups = ["large"] * 30 + ["small"] * 10 + [f"{number}" for number in range(40)]
    labels = [{"style": "punk"}] * 40 + [{"style": "modern"}] * 40
    _, held_out = split(labels, groups)
    assert {groups[index] for index in held_out if index < 40} == {"small"}
    assert sum(index >= 40 for index in held_out) == 8


def test_a_label_in_one_group_stays_in_training() -> None:
    groups = ["shoot"] * 10 + [f"{number}" for number in range(10)]
    labels = [{"style": "punk"}] * 10 + [{"style": "modern"}] * 10
    _, held_out = split(labels, groups)
    assert len(held_out) == 2
    assert min(held_out) >= 10


def test_three_photos_can_be_split() -> None:
    kept, held_out = split([{"style": "punk"}] * 3, ["a", "b", "c"])
    assert (len(kept), len(held_out)) == (2, 1)
    assert split([], []) == ([], [])


def test_a_hundred_thousand_photos_are_split_in_seconds() -> None:
    count = 100_000
    labels = [{"style": f"{number % 23}", "garment": f"{number % 40}"} for number in range(count)]
    _, held_out = split(labels, [f"{number // 3}" for number in range(count)])
    assert len(held_out) > 0.1 * count


PHOTOS = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.dictionaries(st.sampled_from(["style", "colour"]), st.sampled_from("abc")),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(PHOTOS, st.sampled_from([0.1, 0.25, 0.5]), st.integers(0, 3))
def test_no_split_tears_a_group_apart_or_leaves_a_label_without_training(
    photos: list[tuple[int, dict[str, str]]], fraction: float, seed: int
) -> None:
    groups = [group for group, _ in photos]
    labels = [label for _, label in photos]
    kept, held_out = split_examples(labels, digests=groups, held_out_fraction=fraction, seed=seed)
    assert sorted([*kept, *held_out]) == list(range(len(photos)))
    assert {groups[index] for index in kept}.isdisjoint(groups[index] for index in held_out)
    learnt = {label for index in kept for label in labels[index].items()}
    assert all(label in learnt for index in held_out for label in labels[index].items())
