"""The colour histogram: known L*a*b* values, what counts as background, and what lies near what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from styles.ml.colour import HISTOGRAM_WIDTH, ColourHistogram, to_lab
from styles.ml.export import export_head
from styles.ml.outputs import EMBEDDING_OUTPUT, FEATURE_MAP, PHOTOS
from styles.ml.quiet_tensorflow import keras

RED, DARK_RED = (200, 30, 40), (140, 20, 30)
GREEN, BLUE, GREY = (30, 150, 50), (30, 50, 190), (120, 120, 120)
WHITE = (255, 255, 255)


def plain(colour: tuple[int, ...], *, side: int = 224) -> NDArray[np.uint8]:
    return np.full((side, side, 3), colour, np.uint8)


def product(
    colour: tuple[int, ...], *, background: tuple[int, ...] = WHITE, corner: bool = False
) -> NDArray[np.uint8]:
    """Return a photo of 224 pixels whose middle, or left top corner, has the colour."""
    pixels = plain(background)
    start = 0 if corner else 56
    pixels[start : start + 112, start : start + 112] = colour
    return pixels


def histograms(*photos: NDArray[np.uint8]) -> NDArray[np.float32]:
    counted: NDArray[np.float32] = np.asarray(ColourHistogram()(np.stack(photos)))
    return counted


def similarity(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Return the cosine of two photos' histograms."""
    first, second = histograms(one, other)
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


@pytest.mark.parametrize(
    ("srgb", "lab"),
    [
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((128, 128, 128), (53.59, 0, 0)),
        ((8, 8, 8), (2.19, 0, 0)),
    ],
    ids=["white", "black", "red", "green", "blue", "grey", "nearly black"],
)
def test_colours_have_their_published_lab_values(
    srgb: tuple[int, ...], lab: tuple[float, ...]
) -> None:
    values = np.asarray(to_lab(np.array([srgb], np.float32) / 255))
    assert values[0].tolist() == pytest.approx(lab, abs=0.05)


def test_the_white_behind_a_product_is_not_its_colour() -> None:
    assert similarity(product(RED), plain(RED)) > 0.95
    assert similarity(product(RED), plain(WHITE)) < 0.3


def test_another_background_is_part_of_the_photo() -> None:
    assert similarity(product(RED, background=BLUE), plain(RED)) < 0.9


def test_a_white_photo_still_has_a_colour() -> None:
    (white,) = histograms(plain(WHITE))
    assert np.isfinite(white).all()
    assert white.sum() > 0.5


def test_a_histogram_holds_shares_of_the_photo() -> None:
    (whole,) = histograms(product(RED, background=GREY))
    everywhere, middle = (whole[: HISTOGRAM_WIDTH // 2], whole[HISTOGRAM_WIDTH // 2 :])
    assert (everywhere**2).sum() == pytest.approx(1.0, abs=1e-3)
    assert (middle**2).sum() == pytest.approx(1.0, abs=1e-3)


def test_the_middle_counts_for_more_in_the_second_half() -> None:
    middle, corner, red = histograms(
        product(RED, background=GREY), product(RED, background=GREY, corner=True), plain(RED)
    )
    first, second = slice(0, HISTOGRAM_WIDTH // 2), slice(HISTOGRAM_WIDTH // 2, None)
    assert middle[first] == pytest.approx(corner[first], abs=1e-5)
    assert middle[second] @ red[second] > corner[second] @ red[second] + 0.1


@pytest.mark.parametrize("other", [GREEN, BLUE, GREY])
def test_two_shades_of_a_hue_are_nearer_than_two_hues(other: tuple[int, ...]) -> None:
    assert similarity(product(RED), product(DARK_RED)) > similarity(product(RED), product(other))


def test_a_small_patch_is_not_drowned() -> None:
    patched = plain(GREY)
    patched[100:120, 100:120] = RED
    assert similarity(patched, plain(RED)) > similarity(plain(GREY), plain(RED)) + 0.05


@pytest.mark.parametrize("side", [32, 224, 240, 260, 56])
def test_a_colour_is_the_same_at_every_input_size(side: int) -> None:
    (counted,) = histograms(plain(GREEN, side=side))
    (expected,) = histograms(plain(GREEN))
    assert counted.shape == (HISTOGRAM_WIDTH,)
    assert counted == pytest.approx(expected, abs=1e-3)


def test_a_photo_does_not_change_its_neighbours_in_the_batch() -> None:
    together = histograms(product(RED), product(BLUE))
    assert together[1] == pytest.approx(histograms(product(BLUE))[0], abs=1e-6)


def build_model() -> Any:
    photos = keras.Input((64, 64, 3), dtype="uint8", name=PHOTOS)
    return keras.Model(photos, ColourHistogram()(photos))


def test_the_layer_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    photos = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
    model = build_model()
    assert model.output_shape == (None, HISTOGRAM_WIDTH)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert np.array_equal(again.predict(photos, verbose=0), model.predict(photos, verbose=0))


def test_what_is_served_counts_the_same_colours() -> None:
    photos = keras.Input((64, 64, 3), dtype="uint8", name=PHOTOS)
    feature_map = keras.Input((2, 2, 4), name=FEATURE_MAP)
    pooled = keras.layers.GlobalAveragePooling2D()(feature_map)
    both = keras.layers.Concatenate()([pooled, ColourHistogram()(photos)])
    head = keras.Model({PHOTOS: photos, FEATURE_MAP: feature_map}, {EMBEDDING_OUTPUT: both})
    interpreter: Any = Interpreter(model_content=export_head(head))
    shown = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3), dtype=np.uint8)
    served = interpreter.get_signature_runner()(
        **{PHOTOS: shown, FEATURE_MAP: np.zeros((1, 2, 2, 4), np.float32)}
    )[EMBEDDING_OUTPUT]
    expected = build_model().predict(shown, verbose=0)
    assert served[:, 4:] == pytest.approx(expected, abs=1e-4)
