"""Which labels of one label set mean a label of another."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.bridges import bridge_label_sets, find_bridges, match_names, read_meanings
from styles.ml.datasets import NO_LABEL

LABEL_SETS = {
    "garment": ("hat", "pants", "t-shirt"),
    "product_type": ("Hats", "Jeans", "Tops", "Tshirts"),
}
# Six photos of each product type, then three of each garment.
TYPES = np.array([0] * 6 + [1] * 6 + [2] * 6 + [3] * 6 + [NO_LABEL] * 9)
GARMENTS = np.array([NO_LABEL] * 24 + [0] * 3 + [1] * 3 + [2] * 3)
CLASS_INDEXES = {"garment": GARMENTS, "product_type": TYPES}


def readings(**types: list[float]) -> dict[str, NDArray[np.float32]]:
    """Return what a head reads in each type's photos: the odds of hat, pants and t-shirt."""
    garment = np.full((33, 3), 1 / 3, dtype=np.float32)
    for name, odds in types.items():
        index = LABEL_SETS["product_type"].index(name)
        garment[index == TYPES] = odds
    return {"garment": garment, "product_type": np.full((33, 4), 1 / 4, dtype=np.float32)}


def bridged_garments(**types: list[float]) -> dict[str, int]:
    """Return the garment that the photos of each product type were given."""
    bridged = bridge_label_sets(
        CLASS_INDEXES, label_sets=LABEL_SETS, probabilities=readings(**types)
    )
    assert np.array_equal(bridged["product_type"], TYPES)
    assert np.array_equal(bridged["garment"][24:], GARMENTS[24:])
    garments = bridged["garment"][:24].reshape(4, 6)
    assert (garments == garments[:, :1]).all()
    return dict(zip(LABEL_SETS["product_type"], garments[:, 0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("finer", "coarser"),
    [
        ("Tshirts", "t-shirt"),
        ("Dresses", "dress"),
        ("SHORTS", "shorts"),
        ("Track Pants", "track_pants"),
        ("Watches", "watch"),
        ("셔츠", "셔츠"),
    ],
)
def test_codes_that_read_alike_are_matched(finer: str, coarser: str) -> None:
    assert match_names(["other", finer], ["something", coarser]) == {1: 1}


@pytest.mark.parametrize(("finer", "coarser"), [("Shirts", "t-shirt"), ("Jeans", "pants")])
def test_codes_that_read_otherwise_are_not_matched(finer: str, coarser: str) -> None:
    assert match_names([finer], [coarser]) == {}


def test_label_sets_that_share_words_are_bridged() -> None:
    assert find_bridges(CLASS_INDEXES, label_sets=LABEL_SETS) == [("product_type", "garment")]


def test_label_sets_that_some_photo_has_both_of_are_not_bridged() -> None:
    shared = {**CLASS_INDEXES, "garment": np.zeros(33, dtype=np.int64)}
    assert find_bridges(shared, label_sets=LABEL_SETS) == []


def test_label_sets_that_share_one_word_are_not_bridged() -> None:
    label_sets = {**LABEL_SETS, "garment": ("hat", "pants", "jumper")}
    assert find_bridges(CLASS_INDEXES, label_sets=label_sets) == []


def test_types_without_a_clear_reading_get_no_label_unless_their_name_has_one() -> None:
    garments = bridged_garments()
    assert garments == {"Hats": 0, "Jeans": NO_LABEL, "Tops": NO_LABEL, "Tshirts": 2}


def test_a_type_that_a_head_reads_as_one_garment_gets_its_label() -> None:
    assert bridged_garments(Jeans=[0.2, 0.7, 0.1])["Jeans"] == 1


def test_a_name_counts_for_more_than_a_reading() -> None:
    assert bridged_garments(Tshirts=[0.0, 1.0, 0.0])["Tshirts"] == 2


def test_a_garment_with_a_type_of_its_own_takes_no_other() -> None:
    assert bridged_garments(Tops=[0.1, 0.1, 0.8])["Tops"] == NO_LABEL


def test_a_type_with_few_photos_is_not_read() -> None:
    finer = np.array([0] * 4 + [NO_LABEL] * 4)
    coarser = np.array([NO_LABEL] * 4 + [0, 1, 1, 1])
    assert read_meanings(finer, coarser, np.tile([1.0, 0.0], (8, 1)).astype(np.float32)) == {}
