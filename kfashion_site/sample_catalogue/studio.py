"""The studio: a soft ground, the shadows on it, a little grain. `grammar` hands canvases in."""

import random
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from .canvas import HEIGHT, WIDTH, Canvas, Colour, soften

Array = npt.NDArray[np.floating[Any]]

GROUNDS: tuple[Colour, ...] = (
    (238, 235, 230),
    (232, 228, 221),
    (229, 231, 233),
    (236, 229, 224),
    (226, 229, 222),
    (231, 228, 234),
    (240, 236, 226),
    (222, 226, 229),
    (234, 224, 217),
    (243, 241, 238),
    (226, 211, 204),
    (207, 214, 205),
    (206, 213, 221),
    (218, 208, 196),
)
"""Warm and cool off-whites: quiet enough for every palette, different enough for a lively grid."""
PALE = 570
"""Sum of sRGB channels from which a garment gets only the grounds farthest from its colour."""


def photograph(
    canvas: Canvas, *, ground: Colour, rng: random.Random, generator: np.random.Generator
) -> Image.Image:
    """The garment on a studio ground that sets its main colour off."""
    choices = sorted(
        GROUNDS, key=lambda tint: -sum((a - b) ** 2 for a, b in zip(tint, ground, strict=True))
    )
    backdrop = _backdrop(rng.choice(choices[:5] if sum(ground) > PALE else choices), rng)
    alpha = canvas.alpha
    far, near = _blurred(alpha, step=4, radius=6), _blurred(alpha, step=2, radius=2)
    shadow = np.roll(far, (20, 12), axis=(0, 1)) * 0.26 + np.roll(near, (5, 3), axis=(0, 1)) * 0.24
    backdrop *= 1 - np.clip(shadow, 0, 0.6)[..., None] * np.array([1.0, 0.98, 0.92], np.float32)
    picture = backdrop + (canvas.rgb - backdrop) * alpha[..., None]
    picture += generator.standard_normal((HEIGHT, WIDTH, 1), dtype=np.float32) * 0.8
    return Image.fromarray(np.clip(picture + 0.5, 0, 255).astype(np.uint8))


def _blurred(alpha: Array, *, step: int, radius: int) -> Array:
    size = (WIDTH // step, HEIGHT // step)
    coarse = np.asarray(Image.fromarray(alpha).resize(size, Image.Resampling.BOX), dtype=np.float32)
    grown = Image.fromarray(soften(coarse, radius)).resize(
        (WIDTH, HEIGHT), Image.Resampling.BILINEAR
    )
    return np.asarray(grown, dtype=np.float32)


def _backdrop(tint: Colour, rng: random.Random) -> Array:
    y, x = np.arange(HEIGHT, dtype=np.float32), np.arange(WIDTH, dtype=np.float32)
    cx, cy = WIDTH * rng.uniform(0.32, 0.48), HEIGHT * rng.uniform(0.26, 0.4)
    glow = np.outer(np.exp(-(((y - cy) / 430) ** 2)), np.exp(-(((x - cx) / 360) ** 2)))
    fall = 0.915 + 0.105 * glow - 0.035 * ((y / HEIGHT) ** 2)[:, None]
    return np.array(tint, np.float32) * fall[..., None].astype(np.float32)
