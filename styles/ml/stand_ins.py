"""Stand-ins for what shoppers send: products as if photographed at home, and pictures of nothing.

Called by ``styles.stand_ins``, to learn at what distance a shop has nothing like a photo.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from styles.ml.palettes import find_foreground

# What makes a studio photo one from home, each drawn evenly within its bounds.
TURN_DEGREES = 25.0
SHOWN_SHARE = (0.55, 1.0)
LIGHT = (0.55, 1.15)
SATURATION = (0.6, 1.1)
TINT = 0.12
BLUR_SHARE = 0.006
TEXTURE_LEVELS = 45.0
CELLS = (3, 40)


def stage_at_home(pixels: NDArray[np.uint8], *, seed: int) -> NDArray[np.uint8]:
    """Return a product's photo, uint8 RGB (S, S, 3), as a shopper might have taken it.

    Its background becomes a room, and it is turned, cut, lit, tinted and blurred. Such photos lie
    as far from the products as real ones from phones do, give or take; see docs/matches.md.
    """
    random = np.random.default_rng(seed)
    side = pixels.shape[0]
    product = Image.fromarray(pixels)
    mask = Image.fromarray(find_foreground(pixels).astype(np.uint8) * 255).resize((side, side))
    angle = random.uniform(-TURN_DEGREES, TURN_DEGREES)
    turned = product.rotate(angle, Image.Resampling.BILINEAR, fillcolor="white")
    room: Image.Image = Image.fromarray(_room(random, side=side))
    room.paste(turned, mask=mask.rotate(angle, Image.Resampling.BILINEAR))
    width, height = (side * random.uniform(*SHOWN_SHARE) for _ in range(2))
    left, top = random.uniform(0, side - width), random.uniform(0, side - height)
    shown: Image.Image = room.resize(
        (side, side), Image.Resampling.BILINEAR, box=(left, top, left + width, top + height)
    )
    shown = ImageEnhance.Color(shown).enhance(random.uniform(*SATURATION))
    shown = shown.filter(ImageFilter.GaussianBlur(random.uniform(0, BLUR_SHARE) * side))
    light = random.uniform(*LIGHT) * (1 + random.uniform(-TINT, TINT, 3))
    lit: NDArray[np.uint8] = np.clip(np.asarray(shown) * light, 0, 255).astype(np.uint8)
    return lit


def draw_nothing(side: int, *, seed: int) -> NDArray[np.uint8]:
    """Return a picture without a product, uint8 RGB (side, side, 3); ``KINDS`` alternate."""
    random = np.random.default_rng(seed)
    levels = KINDS[seed % len(KINDS)](random, side)
    picture: NDArray[np.uint8] = np.clip(levels, 0, 255).astype(np.uint8)
    return picture


def _room(random: np.random.Generator, *, side: int) -> NDArray[np.uint8]:
    """Return a wall or floor of one colour under soft shadows and a texture."""
    colour = random.uniform(50, 225, 3)
    shadows = _smooth(random, side, cells=CELLS[0]) * random.uniform(0, TEXTURE_LEVELS)
    texture = _smooth(random, side, cells=CELLS[1]) * random.uniform(0, TEXTURE_LEVELS)
    room: NDArray[np.uint8] = np.clip(colour + shadows + texture, 0, 255).astype(np.uint8)
    return room


def _smooth(random: np.random.Generator, side: int, *, cells: int) -> NDArray[np.float32]:
    """Return noise between -1 and 1, (side, side, 1), that changes over so many cells."""
    coarse = Image.fromarray(random.uniform(-1, 1, (cells, cells)).astype(np.float32))
    return np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))[..., np.newaxis]


def _grain(random: np.random.Generator, side: int) -> NDArray[np.float64]:
    return random.uniform(30, 225, 3) + random.normal(0, random.uniform(5, 90), (side, side, 3))


def _clouds(random: np.random.Generator, side: int) -> NDArray[np.float64]:
    frequencies = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None])
    frequencies[0, 0] = np.inf
    waves = np.fft.fft2(random.normal(size=(3, side, side))) / frequencies ** random.uniform(0.7, 2)
    levels = np.real(np.fft.ifft2(waves)).transpose(1, 2, 0)
    clouds: NDArray[np.float64] = 128 + 60 * levels / (levels.std(axis=(0, 1)) + 1e-9)
    return clouds


def _slope(random: np.random.Generator, side: int) -> NDArray[np.float64]:
    angle = random.uniform(0, math.tau)
    x, y = np.meshgrid(*(np.linspace(-1, 1, side),) * 2)
    along = ((x * math.cos(angle) + y * math.sin(angle)) / 2 + 0.5)[..., np.newaxis]
    start, end = random.uniform(0, 255, (2, 3))
    return np.asarray(start * along + end * (1 - along), np.float64)


def _tiles(random: np.random.Generator, side: int) -> NDArray[np.float64]:
    size = int(random.integers(max(2, side // 40), max(3, side // 4)))
    across = np.arange(side) // size
    is_dark = ((across[:, None] + across[None]) % 2)[..., np.newaxis]
    one, other = random.uniform(0, 255, (2, 3))
    return np.asarray(np.where(is_dark, one, other), np.float64)


def _blots(random: np.random.Generator, side: int) -> NDArray[np.float64]:
    levels = np.full((side, side, 3), random.uniform(60, 255, 3))
    x, y = np.meshgrid(*(np.arange(side),) * 2)
    for _ in range(int(random.integers(4, 25))):
        centre, radius = random.uniform(0, side, 2), random.uniform(0.03, 0.2) * side
        levels[np.hypot(x - centre[0], y - centre[1]) < radius] = random.uniform(0, 255, 3)
    return levels


KINDS: tuple[Callable[[np.random.Generator, int], NDArray[np.float64]], ...] = (
    _grain,
    _clouds,
    _slope,
    _tiles,
    _blots,
)
