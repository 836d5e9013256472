"""Placement prints on the front of a garment: numbers, letters, motifs, badges. `garments` adds them to the cloth."""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .canvas import Colour, Place
from .geometry import Point, band, box, ellipse, loop
from .motifs import MOTIFS, Shape, stamp
from .sewing import shift

Array = npt.NDArray[np.float32]

STROKES: dict[str, list[list[Point]]] = {
    "0": [[(0, 0.3), (0.3, 0), (0.7, 0), (1, 0.3), (1, 1.2), (0.7, 1.5), (0.3, 1.5), (0, 1.2), (0, 0.3)]],
    "1": [[(0.2, 0.3), (0.55, 0), (0.55, 1.5)], [(0.2, 1.5), (0.9, 1.5)]],
    "2": [[(0, 0.3), (0.3, 0), (0.7, 0), (1, 0.3), (1, 0.6), (0, 1.5), (1, 1.5)]],
    "3": [[(0, 0.15), (0.3, 0), (0.7, 0), (1, 0.3), (1, 0.5), (0.75, 0.72), (0.4, 0.72)], [(0.75, 0.72), (1, 0.95), (1, 1.2), (0.7, 1.5), (0.3, 1.5), (0, 1.3)]],
    "4": [[(0.75, 1.5), (0.75, 0), (0, 1.05), (1.05, 1.05)]],
    "5": [[(1, 0), (0.05, 0), (0.05, 0.62), (0.7, 0.62), (1, 0.9), (1, 1.2), (0.7, 1.5), (0.3, 1.5), (0, 1.3)]],
    "6": [[(0.95, 0.15), (0.7, 0), (0.3, 0), (0, 0.3), (0, 1.2), (0.3, 1.5), (0.7, 1.5), (1, 1.2), (1, 0.95), (0.7, 0.7), (0.02, 0.75)]],
    "7": [[(0, 0), (1, 0), (0.4, 1.5)]],
    "8": [[(0.3, 0.72), (0, 0.5), (0, 0.25), (0.3, 0), (0.7, 0), (1, 0.25), (1, 0.5), (0.7, 0.72), (0.3, 0.72), (0, 1), (0, 1.25), (0.3, 1.5), (0.7, 1.5), (1, 1.25), (1, 1), (0.7, 0.72)]],
    "9": [[(0.05, 1.35), (0.3, 1.5), (0.7, 1.5), (1, 1.2), (1, 0.3), (0.7, 0), (0.3, 0), (0, 0.3), (0, 0.55), (0.3, 0.8), (0.98, 0.75)]],
    "K": [[(0, 0), (0, 1.5)], [(1, 0), (0.05, 0.85)], [(0.4, 0.62), (1, 1.5)]],
    "F": [[(1, 0), (0, 0), (0, 1.5)], [(0, 0.72), (0.8, 0.72)]],
    "H": [[(0, 0), (0, 1.5)], [(1, 0), (1, 1.5)], [(0, 0.75), (1, 0.75)]],
    "A": [[(0, 1.5), (0.5, 0), (1, 1.5)], [(0.2, 0.98), (0.8, 0.98)]],
    "N": [[(0, 1.5), (0, 0), (1, 1.5), (1, 0)]],
    "O": [[(0, 0.3), (0.3, 0), (0.7, 0), (1, 0.3), (1, 1.2), (0.7, 1.5), (0.3, 1.5), (0, 1.2), (0, 0.3)]],
    "Y": [[(0, 0), (0.5, 0.75), (1, 0)], [(0.5, 0.75), (0.5, 1.5)]],
    "E": [[(1, 0), (0, 0), (0, 1.5), (1, 1.5)], [(0, 0.74), (0.8, 0.74)]],
    "S": [[(1, 0.25), (0.7, 0), (0.3, 0), (0, 0.25), (0, 0.5), (0.3, 0.72), (0.7, 0.78), (1, 1), (1, 1.25), (0.7, 1.5), (0.3, 1.5), (0, 1.25)]],
    "U": [[(0, 0), (0, 1.2), (0.3, 1.5), (0.7, 1.5), (1, 1.2), (1, 0)]],
    "L": [[(0, 0), (0, 1.5), (1, 1.5)]],
    "R": [[(0, 1.5), (0, 0), (0.7, 0), (1, 0.2), (1, 0.55), (0.7, 0.78), (0, 0.78)], [(0.5, 0.78), (1, 1.5)]],
    "T": [[(0, 0), (1, 0)], [(0.5, 0), (0.5, 1.5)]],
}
"""Glyphs as strokes, one wide and one and a half tall."""


def lettering(text: str, *, x: float, y: float, height: float, colour: Colour, outline: Colour | None = None, weight: float = 0.3) -> list[Shape]:
    """Block letters around the middle (x, y)."""
    size, gap = height / 1.5, 0.62
    left = x - (len(text) * (1 + gap) - gap) * size / 2
    shapes: list[Shape] = []
    passes = [(outline, weight + 0.2)] if outline else []
    for tint, thick in [*passes, (colour, weight)]:
        for index, letter in enumerate(text):
            for stroke in STROKES[letter]:
                points = [(left + (index * (1 + gap) + px) * size, y - height / 2 + py * size) for px, py in stroke]
                shapes += [(band([a, b], thick * size), tint) for a, b in zip(points, points[1:], strict=False) if tint]
                shapes += [(ellipse(px, py, thick * size / 2, thick * size / 2), tint) for px, py in points if tint]
    return shapes


def graphic(kind: str, *, colours: Sequence[Colour], ink: Colour, rng: random.Random, place: Place, y: float = 250) -> Array:
    """A page layer with one placement print; `kind` is a motif or one of the compositions below."""
    placed: list[tuple[Sequence[Shape], float, float, float, float]] = []
    if kind == "number":
        text = f"{rng.randint(1, 9)}{rng.randint(0, 9)}"
        placed.append((lettering(text, x=0, y=y + 10, height=106, colour=ink, outline=colours[0], weight=0.32), 0, 0, 1, 0))
    elif kind == "letters":
        text = rng.choice(("SEOUL", "HANOK", "KOREA", "NORTH", "SOUTH"))
        placed.append((lettering(text, x=0, y=y - 20, height=42, colour=ink, outline=colours[0]), 0, 0, 1, 0))
        placed.append(([(box(0, y + 18, 150, 5), colours[0])], 0, 0, 1, 0))
    elif kind == "box_logo":
        placed.append(([(box(0, y - 24, 118, 38), colours[0]), *lettering("KF", x=0, y=y - 24, height=22, colour=(255, 255, 255), weight=0.3)], 0, 0, 1, 0))
    elif kind == "monogram":
        placed.append((lettering("K", x=54, y=y - 36, height=44, colour=ink, outline=colours[0], weight=0.3), 0, 0, 1, 0))
    elif kind == "spray":
        for _ in range(5):
            placed.append((MOTIFS["splash"](colours, rng), rng.uniform(-58, 58), y + rng.uniform(-36, 92), rng.uniform(30, 62), rng.uniform(0, 6)))
        placed.append((lettering(rng.choice(("SEOUL", "TORN", "LOUR")), x=0, y=y + 14, height=50, colour=ink, weight=0.22), 0, 0, 1, -0.12))
    elif kind == "crest":
        placed.append((_crest(colours, ink), 50, y - 18, 25, 0))
    elif kind == "sunset":
        placed.append((_sunset(colours), 0, y + 10, 62, 0))
    else:
        placed.append((MOTIFS[kind](colours, rng), 0, y + 14, 58, rng.uniform(-0.08, 0.08)))
        if kind in ("heart", "bolt", "star"):
            for side in (-1, 1):
                placed.append((MOTIFS[kind](colours[1:] or colours, rng), side * 58, y + 66, 20, side * 0.3))
    return stamp(placed, place)


def _crest(colours: Sequence[Colour], ink: Colour) -> list[Shape]:
    outer = loop([(-0.8, -0.9, 1), (0, -0.78), (0.8, -0.9, 1), (0.76, 0.2), (0, 1.0, 1), (-0.76, 0.2)])
    inner = [(x * 0.84, y * 0.84) for x, y in outer]
    stripe = loop([(-0.62, -0.16, 1), (0.62, -0.5, 1), (0.62, -0.16, 1), (-0.62, 0.2, 1)])
    return [(outer, ink), (inner, colours[0]), (stripe, ink), (ellipse(-0.24, -0.44, 0.15, 0.15), ink), (ellipse(0.2, 0.36, 0.17, 0.17), ink)]


def _sunset(colours: Sequence[Colour]) -> list[Shape]:
    tints = [colours[i % len(colours)] for i in range(4)]
    shapes: list[Shape] = [(ellipse(0, 0, 1 - 0.2 * i, 1 - 0.2 * i), tint) for i, tint in enumerate(tints)]
    shapes += [(box(0, 0.28 + 0.24 * i, 2.1, 0.07 + 0.03 * i), shift(tints[-1], -70)) for i in range(3)]
    return shapes
