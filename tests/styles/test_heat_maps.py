from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from styles.heat_maps import HEAT_MAP_FORMATS, ImageError, overlay_heat_map
from tests.photos import draw_photo, encode

LEFT = [[100, 0], [100, 0]]


@pytest.mark.parametrize("format", sorted(set(HEAT_MAP_FORMATS.values())))
def test_heat_shines_where_the_model_looked(format: str) -> None:
    photo = encode(Image.new("RGB", (120, 120), "grey"))
    drawn = Image.open(io.BytesIO(overlay_heat_map(photo, LEFT, format=format)))
    assert (drawn.format, drawn.size) == (format, (120, 120))
    brightness = np.asarray(drawn.convert("L"), np.float32)
    assert brightness[:, :40].mean() > brightness[:, 80:].mean() + 40


def test_the_whole_photo_is_shown_at_640_pixels_at_most() -> None:
    drawn = Image.open(io.BytesIO(overlay_heat_map(encode(draw_photo(900, 1200)), LEFT)))
    assert drawn.size == (480, 640)


def test_what_is_no_photo_is_refused() -> None:
    with pytest.raises(ImageError):
        overlay_heat_map(b"no photo", LEFT)
