"""How a photo becomes square."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from styles.ml.framing import frame_square


def framed(width: int, height: int, *, size: int = 60) -> np.ndarray:
    """Frame a black photo."""
    return np.asarray(frame_square(Image.new("RGB", (width, height)), size=size))


@pytest.mark.parametrize("side", [30, 60, 400])
def test_a_square_photo_is_only_resized(side: int) -> None:
    assert framed(side, side).shape == (60, 60, 3)
    assert (framed(side, side) == 0).all()


def test_a_square_photo_of_the_right_size_stays_as_it_is() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    assert np.array_equal(np.asarray(frame_square(Image.fromarray(pixels), size=60)), pixels)


def test_an_upright_photo_is_half_cut_and_half_padded_with_white() -> None:
    # 100 x 400: a height of 200 is kept, 30 of 60 columns are the photo's.
    columns = framed(100, 400).mean(axis=(0, 2))
    assert columns.tolist() == [255.0] * 15 + [0.0] * 30 + [255.0] * 15


def test_a_wide_photo_is_framed_alike() -> None:
    assert np.array_equal(framed(400, 100), framed(100, 400).transpose(1, 0, 2))


def test_what_is_cut_off_comes_from_both_ends() -> None:
    photo = Image.new("RGB", (100, 400), "red")
    photo.paste("black", (0, 102, 100, 298))
    pixels = np.asarray(frame_square(photo, size=60))
    assert (pixels[3:-3, 17:-17] == 0).all()


def test_proportions_are_kept() -> None:
    photo = Image.new("RGB", (300, 400), "white")
    photo.paste("black", (100, 150, 200, 250))
    black = np.asarray(frame_square(photo, size=224))[:, :, 0] < 128
    assert black.any(axis=0).sum() == pytest.approx(black.any(axis=1).sum(), abs=1)


def test_the_thinnest_photo_keeps_a_column() -> None:
    assert (framed(1, 30_000, size=20) == 0).any()
