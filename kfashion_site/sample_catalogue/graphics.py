"""Placement prints on the front of a garment: numbers, letters, motifs, badges; `grammar` adds them to the cloth."""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .canvas import Colour, Place
from .geometry import box, ellipse, loop
from .lettering import lettering
from .motifs import MOTIFS, stamp
from .sewing import shift
from .shapes import Shape

Array = npt.NDArray[np.float32]


def graphic(
    kind: str,
    *,
    colours: Sequence[Colour],
    ink: Colour,
    rng: random.Random,
    place: Place,
    y: float = 250,
) -> Array:
    """A page layer with one placement print; `kind` is a motif or one of the compositions below."""
    placed: list[tuple[Sequence[Shape], float, float, float, float]] = []
    if kind == "number":
        text = f"{rng.randint(1, 9)}{rng.randint(0, 9)}"
        placed.append(
            (
                lettering(
                    text, x=0, y=y + 10, height=106, colour=ink, outline=colours[0], weight=0.32
                ),
                0,
                0,
                1,
                0,
            )
        )
    elif kind == "letters":
        text = rng.choice(("SEOUL", "HANOK", "KOREA", "NORTH", "SOUTH"))
        placed.append(
            (lettering(text, x=0, y=y - 20, height=42, colour=ink, outline=colours[0]), 0, 0, 1, 0)
        )
        placed.append(([(box(0, y + 18, 150, 5), colours[0])], 0, 0, 1, 0))
    elif kind == "box_logo":
        placed.append(
            (
                [
                    (box(0, y - 24, 118, 38), colours[0]),
                    *lettering("KF", x=0, y=y - 24, height=22, colour=(255, 255, 255), weight=0.3),
                ],
                0,
                0,
                1,
                0,
            )
        )
    elif kind == "monogram":
        placed.append(
            (
                lettering(
                    "K", x=54, y=y - 36, height=44, colour=ink, outline=colours[0], weight=0.3
                ),
                0,
                0,
                1,
                0,
            )
        )
    elif kind == "spray":
        for _ in range(5):
            placed.append(
                (
                    MOTIFS["splash"](colours, rng),
                    rng.uniform(-58, 58),
                    y + rng.uniform(-36, 92),
                    rng.uniform(30, 62),
                    rng.uniform(0, 6),
                )
            )
        placed.append(
            (
                lettering(
                    rng.choice(("SEOUL", "NORTH", "SOUTH", "HANOK")),
                    x=0,
                    y=y + 14,
                    height=50,
                    colour=ink,
                    weight=0.22,
                ),
                0,
                0,
                1,
                -0.12,
            )
        )
    elif kind == "crest":
        placed.append((_crest(colours, ink), 50, y - 18, 25, 0))
    elif kind == "sunset":
        placed.append((_sunset(colours), 0, y + 10, 62, 0))
    else:
        placed.append((MOTIFS[kind](colours, rng), 0, y + 14, 58, rng.uniform(-0.08, 0.08)))
        if kind in ("heart", "bolt", "star"):
            for side in (-1, 1):
                placed.append(
                    (MOTIFS[kind](colours[1:] or colours, rng), side * 58, y + 66, 20, side * 0.3)
                )
    return stamp(placed, place)


def _crest(colours: Sequence[Colour], ink: Colour) -> list[Shape]:
    outer = loop(
        [(-0.8, -0.9, 1), (0, -0.78), (0.8, -0.9, 1), (0.76, 0.2), (0, 1.0, 1), (-0.76, 0.2)]
    )
    inner = [(x * 0.84, y * 0.84) for x, y in outer]
    stripe = loop([(-0.62, -0.16, 1), (0.62, -0.5, 1), (0.62, -0.16, 1), (-0.62, 0.2, 1)])
    return [
        (outer, ink),
        (inner, colours[0]),
        (stripe, ink),
        (ellipse(-0.24, -0.44, 0.15, 0.15), ink),
        (ellipse(0.2, 0.36, 0.17, 0.17), ink),
    ]


def _sunset(colours: Sequence[Colour]) -> list[Shape]:
    tints = [colours[i % len(colours)] for i in range(4)]
    shapes: list[Shape] = [
        (ellipse(0, 0, 1 - 0.2 * i, 1 - 0.2 * i), tint) for i, tint in enumerate(tints)
    ]
    shapes += [
        (box(0, 0.28 + 0.24 * i, 2.1, 0.07 + 0.03 * i), shift(tints[-1], -70)) for i in range(3)
    ]
    return shapes
