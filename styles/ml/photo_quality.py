"""How sharp a photo is, and how much goes on at its edges; called by ``styles.photo_quality``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIDE: Final = 224
"""Photos are judged at this length of their longer side: as large as cards show them."""
_BORDER: Final = 0.12
_STRONG: Final = 0.95
# A step of so many grey values from a pixel to the next is an edge, less is noise of a JPEG.
_EDGE: Final = 12.0


@dataclass(frozen=True)
class PhotoQuality:
    """Measures of a photo.

    Attributes:
        sharpness: how abrupt its strongest edges are: the Laplacian by the gradient there. Its
            contrast and pattern have no part in it: a plain shirt is as sharp as a striped one.
        clutter: share of edges in [0, 1] in a frame of an eighth of its side.
    """

    sharpness: float
    clutter: float


def measure_quality(pixels: NDArray[np.uint8]) -> PhotoQuality:
    """Measure a photo of uint8 RGB (H, W, 3), whose longer side is about ``SIDE``."""
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    if min(grey.shape) < 3:
        return PhotoQuality(sharpness=0.0, clutter=0.0)
    steps_down, steps_right = np.gradient(grey)
    gradient = np.hypot(steps_right, steps_down)
    return PhotoQuality(sharpness=_sharpness(grey, gradient), clutter=_clutter(gradient))


def _sharpness(grey: NDArray[np.float32], gradient: NDArray[np.float32]) -> float:
    laplacian = (
        grey[1:-1, :-2] + grey[1:-1, 2:] + grey[:-2, 1:-1] + grey[2:, 1:-1] - 4 * grey[1:-1, 1:-1]
    )
    inner = gradient[1:-1, 1:-1]
    strong = inner >= np.quantile(inner, _STRONG)
    return float(np.abs(laplacian[strong]).mean() / (inner[strong].mean() + 1))


def _clutter(gradient: NDArray[np.float32]) -> float:
    border = max(2, round(_BORDER * min(gradient.shape)))
    frame = np.ones(gradient.shape, np.bool_)
    frame[border:-border, border:-border] = False
    # The outermost line has no neighbour on one side.
    frame[[0, -1], :] = False
    frame[:, [0, -1]] = False
    return float((gradient[frame] > _EDGE).mean()) if frame.any() else 0.0
