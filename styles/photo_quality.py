"""Door to what can be told of how well a photo was taken; ``products.photo_coach`` asks here."""

from __future__ import annotations

import numpy as np
from PIL import Image

from styles import conf
from styles.images import ImageError
from styles.ml.images import open_image
from styles.ml.photo_quality import SIDE, PhotoQuality, measure_quality

__all__ = ["ImageError", "PhotoQuality", "measure_photo"]


def measure_photo(photo: bytes) -> PhotoQuality:
    """Decode a photo and measure it, its proportions kept.

    Raises:
        ImageError: the photo cannot be decoded.
    """
    image = open_image(photo, limits=conf.image_limits(), draft_side=SIDE)
    image.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC)
    return measure_quality(np.asarray(image.convert("RGB")))
