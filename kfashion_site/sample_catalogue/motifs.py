"""Motifs by name, and how they are stamped on cloth; `grammar` and `graphics` call it."""

import math
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from .canvas import HEIGHT, WIDTH, Colour, Place
from .emblems import (
    bolt,
    cat,
    cherry,
    cloud,
    crane,
    heart,
    rosette,
    skull,
    smiley,
    splash,
    star,
)
from .flora import blossom, daisy, flower_power, hibiscus, paisley, palm, rose
from .shapes import Motif, Shape

Array = npt.NDArray[np.floating[Any]]


MOTIFS: dict[str, Motif] = {
    "blossom": blossom,
    "rose": rose,
    "daisy": daisy,
    "hibiscus": hibiscus,
    "palm": palm,
    "paisley": paisley,
    "leopard": rosette,
    "heart": heart,
    "star": star,
    "cherry": cherry,
    "smiley": smiley,
    "cat": cat,
    "skull": skull,
    "bolt": bolt,
    "crane": crane,
    "cloud": cloud,
    "splash": splash,
    "flower_power": flower_power,
}


VARIANTS = 6
"""How many drawings of each motif a print repeats."""
Placed = tuple[Sequence[Shape], float, float, float, float]
"""Shapes, where their middle lies, their size and turn, in garment coordinates."""


def stamp(placed: Sequence[Placed], place: Place) -> Array:
    """Placed shapes as a page layer (H, W, 4): sRGB 0 to 255, alpha 0 to 1."""
    image = Image.new("RGBA", (WIDTH * 2, HEIGHT * 2), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for shapes, x, y, size, turn in placed:
        middle = place.page((x, y))
        grown = 2 * size * place.scale
        cos, sin = math.cos(turn + place.tilt) * grown, math.sin(turn + place.tilt) * grown
        left, top = middle[0] * 2, middle[1] * 2
        for points, colour in shapes:
            page = [(left + px * cos - py * sin, top + px * sin + py * cos) for px, py in points]
            pen.polygon(page, fill=(*colour, 255))
    layer = np.asarray(image.reduce(2), dtype=np.float32).copy()
    layer[..., 3] /= 255
    return layer


def scatter(
    motifs: Sequence[str],
    colours: Sequence[Colour],
    *,
    spacing: float,
    size: float,
    turning: float,
    rng: random.Random,
    place: Place,
) -> Array:
    """A page full of motifs on a jittered half-drop grid."""
    variants = [MOTIFS[name](colours, rng) for name in motifs for _ in range(VARIANTS)]
    placed: list[Placed] = []
    rows, columns = int(HEIGHT * 1.25 / spacing) + 2, int(WIDTH * 1.25 / spacing) + 2
    for column in range(columns):
        for row in range(rows):
            x = (column - columns / 2) * spacing + rng.uniform(-0.16, 0.16) * spacing
            y = (row + 0.5 * (column % 2)) * spacing - 40 + rng.uniform(-0.16, 0.16) * spacing
            grown, turn = size * rng.uniform(0.8, 1.15), rng.uniform(-turning, turning)
            placed.append((rng.choice(variants), x, y, grown, turn))
    return stamp(placed, place)
