"""Door to the drawing of heat maps: where a model looked, over the photo it was shown.

Only pixels are touched: unlike ``styles.inference``, a process that answers requests may load this.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from styles import conf
from styles.images import ImageError
from styles.ml.heat_map import draw_heat_map

__all__ = ["HEAT_MAP_FORMATS", "ImageError", "overlay_heat_map"]

HEAT_MAP_FORMATS = {".webp": "WEBP", ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def overlay_heat_map(
    photo: bytes, heat_map: Sequence[Sequence[int]], *, format: str = "WEBP"
) -> bytes:
    """Return the photo under its heat, at most 640 pixels wide and high.

    Args:
        photo: what the model was shown.
        heat_map: rows of 0 to 100 over the square that the photo was framed in.
        format: a value of ``HEAT_MAP_FORMATS``.

    Raises:
        ImageError: the photo cannot be decoded.
    """
    heat = (np.asarray(heat_map) / 100).astype(np.float32)
    drawn = draw_heat_map(photo, heat, limits=conf.image_limits())
    if format == "WEBP":
        return drawn
    content = io.BytesIO()
    Image.open(io.BytesIO(drawn)).convert("RGB").save(content, format)
    return content.getvalue()
