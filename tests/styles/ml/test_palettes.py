from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from styles.ml.images import decode_image
from styles.ml.palettes import extract_palette, find_foreground, to_lab

RED_TEE, BLUE_TEE = "10009", "10343"


def picture(background: str, *shapes: tuple[tuple[int, int, int, int], str]) -> np.ndarray:
    image = Image.new("RGB", (224, 224), background)
    for box, colour in shapes:
        ImageDraw.Draw(image).rectangle(box, fill=colour)
    return np.asarray(image)


def rgb(code: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(code[1:]), np.uint8).astype(int)


def test_lab_of_known_colours() -> None:
    lab = to_lab(np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0]], np.uint8))
    # Values of CIE L*a*b* under D65, as colour calculators give them.
    assert lab == pytest.approx(np.array([[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.2]]), abs=0.1)


def test_the_white_of_the_studio_is_left_out() -> None:
    (colour,) = extract_palette(picture("white", ((70, 60, 150, 170), "#b01030")))
    assert np.abs(rgb(colour.hex) - rgb("#b01030")).max() <= 3
    assert colour.share == 1.0


def test_white_inside_a_product_belongs_to_it() -> None:
    pixels = picture("white", ((40, 40, 184, 184), "#101080"), ((80, 80, 144, 144), "white"))
    assert [rgb(colour.hex).min() > 200 for colour in extract_palette(pixels)] == [False, True]


def test_a_floor_of_one_colour_is_left_out_within_the_white_that_framing_adds() -> None:
    floor = (20, 0, 203, 223)
    pixels = picture("white", (floor, "#8a6a4a"), ((80, 60, 150, 180), "#1040b0"))
    (colour,) = extract_palette(pixels)
    assert np.abs(rgb(colour.hex) - rgb("#1040b0")).max() <= 4


def test_shares_follow_the_areas_and_sum_to_one() -> None:
    halves = (((60, 60, 164, 111), "#c02020"), ((60, 112, 164, 164), "#2020c0"))
    palette = extract_palette(picture("white", *halves))
    assert [colour.share for colour in palette] == pytest.approx([0.5, 0.5], abs=0.06)
    assert sum(colour.share for colour in palette) == pytest.approx(1, abs=2e-3)


def test_a_photo_of_one_colour_is_that_colour() -> None:
    (colour,) = extract_palette(picture("#336655"))
    assert np.abs(rgb(colour.hex) - rgb("#336655")).max() <= 3
    (white,) = extract_palette(picture("white"))
    assert rgb(white.hex).min() >= 252


def test_light_and_shade_of_one_cloth_are_one_colour() -> None:
    ramp = np.linspace(90, 110, 224).astype(np.uint8)
    pixels = np.full((224, 224, 3), 255, np.uint8)
    pixels[50:180, 50:180] = (ramp[50:180, None, None] * (0.3, 0.5, 1.0)).astype(np.uint8)
    assert len(extract_palette(pixels)) == 1


def test_the_foreground_is_where_the_product_is() -> None:
    mask = find_foreground(picture("white", ((0, 112, 111, 223), "#b01030")))
    assert mask[36, 12]
    assert not mask[12, 36]
    assert mask.mean() == pytest.approx(0.25, abs=0.05)


def test_real_photos_have_the_colours_people_name(shared_data: Path) -> None:
    folder = shared_data / "catalogue" / "images"
    (red, *_), (blue, *_) = (
        extract_palette(decode_image((folder / f"{sku}.jpg").read_bytes(), size=224))
        for sku in (RED_TEE, BLUE_TEE)
    )
    assert rgb(red.hex)[0] > 1.5 * rgb(red.hex)[1:].max()
    assert rgb(blue.hex)[2] > 1.2 * rgb(blue.hex)[:2].max()
