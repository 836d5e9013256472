"""Photos made in memory; the tests of everything that takes one draw them here."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image


def draw_photo(width: int = 400, height: int = 533) -> Image.Image:
    """Return an RGB photo whose left half is a red ramp and whose right half is a blue one."""
    ramp = np.linspace(40, 250, height).astype(np.uint8)[:, None]
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[:, : width // 2, 0] = ramp
    pixels[:, width // 2 :, 2] = ramp
    return Image.fromarray(pixels)


def encode(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    """Return an image as a file of the given Pillow format."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def side_by_side(left: str, right: str) -> bytes:
    """Return a PNG whose halves, 40 pixels wide, are photos of the tiny version's colours."""
    from tests.styles.ml.tiny import photo

    halves = [Image.open(io.BytesIO(photo(colour))) for colour in (left, right)]
    both = Image.new("RGB", (80, 40))
    for number, half in enumerate(halves):
        both.paste(half, (40 * number, 0))
    return encode(both, "PNG")
