"""Heat maps on photos: right where the model looked, whatever the photo's shape."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from styles.ml.framing import frame_square
from styles.ml.heat_map import MAX_SIDE, draw_heat_map, unframe
from styles.ml.image_screening import ImageError


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


@pytest.mark.parametrize("size", [(320, 320), (300, 400), (400, 300), (240, 480), (480, 240)])
def test_heat_lies_where_the_framed_photo_showed_the_thing(size: tuple[int, int]) -> None:
    width, height = size
    photo = Image.new("RGB", size, "black")
    left, top = round(width * 0.55), round(height * 0.35)
    photo.paste("red", (left, top, left + 60, top + 60))
    framed = np.asarray(frame_square(photo, size=320), np.float32)
    redness = (framed[..., 0] - framed[..., 1]) / 255.0  # the frame's own borders are white
    heat_map = np.asarray(Image.fromarray(redness).resize((40, 40), Image.Resampling.BOX))
    heat = unframe(heat_map, width=width, height=height)
    assert heat.shape == (height, width)
    rows, columns = np.mgrid[0:height, 0:width]
    weights = heat * (heat > 0.5)
    assert float((rows * weights).sum() / weights.sum()) == pytest.approx(top + 30, abs=6)
    assert float((columns * weights).sum() / weights.sum()) == pytest.approx(left + 30, abs=6)


def test_what_the_model_was_not_shown_has_no_heat() -> None:
    heat = unframe(np.ones((7, 7), np.float32), width=300, height=400)
    shown = round(np.sqrt(300 * 400))
    cut = (400 - shown) // 2
    assert heat[: cut - 1].max() == heat[cut + shown + 1 :].max() == 0.0
    assert heat[cut + 2 : cut + shown - 2].min() > 0.99


def test_the_drawing_is_a_webp_of_the_photos_shape() -> None:
    photo = encoded(Image.new("RGB", (900, 1200), (200, 40, 40)), "JPEG")
    drawn = Image.open(io.BytesIO(draw_heat_map(photo, np.eye(7, dtype=np.float32))))
    assert drawn.format == "WEBP"
    assert drawn.size == (MAX_SIDE * 3 // 4, MAX_SIDE)


def test_hot_places_are_brighter_than_cold_ones_and_the_photo_shines_through() -> None:
    heat_map = np.zeros((7, 7), np.float32)
    heat_map[0, 0] = 1.0
    grey = Image.new("L", (140, 140), 128)
    grey.paste(60, (100, 100, 140, 140))
    drawn = Image.open(io.BytesIO(draw_heat_map(encoded(grey.convert("RGB")), heat_map)))
    brightness = np.asarray(drawn.convert("L"), np.float32)
    assert brightness[5:15, 5:15].mean() > brightness[60:80, 60:80].mean() + 40
    assert brightness[60:80, 60:80].mean() > brightness[110:130, 110:130].mean() + 20


def test_a_photo_that_is_none_is_refused() -> None:
    with pytest.raises(ImageError):
        draw_heat_map(b"not a photo", np.ones((7, 7), np.float32))
