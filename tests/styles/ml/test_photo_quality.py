from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from styles.ml.photo_quality import measure_quality
from styles.photo_quality import measure_photo

SIDE = 224


def drawn(*, stripes: int = 0, clutter: bool = False) -> Image.Image:
    """Return a garment before a plain background, or before many things."""
    image = Image.new("RGB", (SIDE, SIDE), (235, 235, 230))
    draw = ImageDraw.Draw(image)
    if clutter:
        chance = random.Random(0)
        for _ in range(600):
            x, y = chance.randrange(SIDE), chance.randrange(SIDE)
            colour = tuple(chance.randrange(256) for _ in range(3))
            draw.rectangle((x, y, x + 9, y + 9), fill=colour)
    draw.rectangle((60, 50, 164, 180), fill=(40, 60, 120))
    for number in range(stripes):
        draw.rectangle((60, 60 + 16 * number, 164, 66 + 16 * number), fill=(240, 240, 240))
    return image


def pixels(image: Image.Image, *, blur: float = 0) -> np.ndarray:
    return np.asarray(image.filter(ImageFilter.GaussianBlur(blur)) if blur else image)


@pytest.mark.parametrize("stripes", [0, 7])
def test_blur_makes_edges_less_abrupt_whatever_the_pattern(stripes: int) -> None:
    measured = [
        measure_quality(pixels(drawn(stripes=stripes), blur=blur)).sharpness
        for blur in (0, 1, 2, 4)
    ]
    assert measured[0] > measured[1] > measured[2]
    assert measured[0] > 0.45 > max(measured[2:])


def test_clutter_is_what_goes_on_at_the_edges_of_a_photo() -> None:
    assert measure_quality(pixels(drawn(stripes=7))).clutter == 0
    assert measure_quality(pixels(drawn(clutter=True))).clutter > 0.2


@pytest.mark.parametrize("shape", [(1, 1), (2, 40), (3, 3), (224, 20)])
def test_photos_of_any_shape_are_measured(shape: tuple[int, int]) -> None:
    quality = measure_quality(np.full((*shape, 3), 90, np.uint8))
    assert (quality.sharpness, quality.clutter) == (0.0, 0.0)


def test_real_photos_are_sharp_until_they_are_blurred(shared_data: Path) -> None:
    files = sorted((shared_data / "catalogue" / "images").rglob("*.jpg"))[::400]
    sharp = [measure_photo(file.read_bytes()).sharpness for file in files]
    assert len(files) > 10
    assert min(sharp) > 0.45
    assert max(measure_photo(blurred(file)).sharpness for file in files) < 0.45


def blurred(file: Path) -> bytes:
    buffer = BytesIO()
    with Image.open(file) as photo:
        photo.convert("RGB").filter(ImageFilter.GaussianBlur(2)).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
