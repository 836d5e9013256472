from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from styles.ml.stand_ins import KINDS, draw_nothing, stage_at_home

SIDE = 64


def studio_photo() -> np.ndarray:
    image = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(image).rectangle((20, 16, 44, 48), fill="#b01030")
    return np.asarray(image)


def test_the_same_seed_stages_alike_and_another_otherwise() -> None:
    first, again, other = (stage_at_home(studio_photo(), seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
    assert first.shape == (SIDE, SIDE, 3)
    assert first.dtype == np.uint8


def test_a_staged_product_stands_in_a_room_and_not_on_white() -> None:
    for seed in range(20):
        staged = stage_at_home(studio_photo(), seed=seed).astype(int)
        assert (staged.min(axis=-1) > 235).mean() < 0.15
        # What was red is still there, and still the reddest.
        redness = staged[..., 0] - staged[..., 1:].mean(axis=-1)
        assert (redness > redness.mean()).mean() > 0.02


@pytest.mark.parametrize("seed", range(len(KINDS)))
def test_pictures_of_nothing_are_pictures(seed: int) -> None:
    picture = draw_nothing(SIDE, seed=seed)
    assert picture.shape == (SIDE, SIDE, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 1
    assert (picture == draw_nothing(SIDE, seed=seed)).all()


def test_no_two_pictures_of_nothing_are_the_same() -> None:
    drawn = [draw_nothing(SIDE, seed=seed) for seed in range(2 * len(KINDS))]
    assert all((one != other).any() for one, other in combinations(drawn, 2))
