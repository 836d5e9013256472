"""Draws where a model looked on the photo it was shown; called by the door to inference."""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from styles.ml.images import ImageLimits, open_image

MAX_SIDE = 640
QUALITY = 82
# Perceptually uniform, from dark to bright: five colours of matplotlib's viridis (CC0), which looks
# even in grey and to the colour-blind as well.
COLOURS = np.array(
    [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]], dtype=np.float32
)
# Where the model did not look, the photo stays visible and fades; where it did, it shines through.
LEAST_OPACITY, MOST_OPACITY = 0.30, 0.60


def draw_heat_map(
    photo: bytes, heat_map: NDArray[np.float32], *, limits: ImageLimits | None = None
) -> bytes:
    """Return the photo under its heat map (rows, columns), 0 to 1, as a WebP of at most 640 pixels.

    The map lies on the square that the model was shown; it is put back on the whole photo, and what
    was cut off has no heat. Raises ImageError for a photo that cannot be decoded.
    """
    image = open_image(photo, limits=limits or ImageLimits(), draft_side=MAX_SIDE)
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    heat = unframe(heat_map, width=image.width, height=image.height)[..., np.newaxis]
    position = heat[..., 0] * (len(COLOURS) - 1)
    steps = np.arange(len(COLOURS))
    shades = np.stack([np.interp(position, steps, channel) for channel in COLOURS.T], axis=-1)
    opacity = LEAST_OPACITY + (MOST_OPACITY - LEAST_OPACITY) * heat
    blended = np.asarray(image, np.float32) * (1.0 - opacity) + shades * opacity
    content = io.BytesIO()
    Image.fromarray(blended.round().astype(np.uint8)).save(content, "WEBP", quality=QUALITY)
    return content.getvalue()


def unframe(heat_map: NDArray[np.float32], *, width: int, height: int) -> NDArray[np.float32]:
    """Return the heat (height, width) on a photo that `frame_square` made a square of.

    Of a photo that is longer than wide, the square shows the middle of its length, and white at its
    sides. Heat on that white is dropped; what the square left out is 0.
    """
    side = math.sqrt(width * height)
    shown_width, shown_height = min(width, side), min(height, side)
    # The square's side in pixels of the photo: the shown part touches two of its borders.
    square = max(shown_width, shown_height)
    rows, columns = heat_map.shape
    fitted = Image.fromarray(heat_map.astype(np.float32)).resize(
        (max(1, round(shown_width)), max(1, round(shown_height))),
        Image.Resampling.BICUBIC,
        box=(
            columns * (square - shown_width) / (2 * square),
            rows * (square - shown_height) / (2 * square),
            columns * (square + shown_width) / (2 * square),
            rows * (square + shown_height) / (2 * square),
        ),
    )
    whole = Image.new("F", (width, height), 0.0)
    whole.paste(fitted, ((width - fitted.width) // 2, (height - fitted.height) // 2))
    return np.clip(np.asarray(whole, np.float32), 0.0, 1.0)
