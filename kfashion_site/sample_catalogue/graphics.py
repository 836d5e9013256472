"""Placement prints on the front of a garment; `grammar` adds them to the cloth."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .canvas import Colour, Place
from .geometry import box, ellipse, loop
from .lettering import lettering
from .motifs import MOTIFS, Placed, stamp
from .shapes import Shape

Array = npt.NDArray[np.floating[Any]]
Composition = Callable[[Sequence[Colour], Colour, random.Random, float], list[Placed]]
"""(colours, ink, chance, height of the chest) -> what is stamped where."""

WORDS = ("SEOUL", "NORTH", "SOUTH", "HANOK", "KOREA", "YEOUL", "NORU", "HARU", "ONLY", "SOFT")


def graphic(
    kind: str,
    *,
    colours: Sequence[Colour],
    ink: Colour,
    rng: random.Random,
    place: Place,
    y: float = 250,
) -> Array:
    """A page layer with one placement print; `kind` is a composition below or a motif's name."""
    if kind in COMPOSITIONS:
        return stamp(COMPOSITIONS[kind](colours, ink, rng, y), place)
    placed: list[Placed] = [(MOTIFS[kind](colours, rng), 0, y + 14, 58, rng.uniform(-0.08, 0.08))]
    if kind in ("heart", "bolt", "star"):
        others = colours[1:] or colours
        placed += [
            (MOTIFS[kind](others, rng), side * 58, y + 66, 20, side * 0.3) for side in (-1, 1)
        ]
    return stamp(placed, place)


def _number(colours: Sequence[Colour], ink: Colour, rng: random.Random, y: float) -> list[Placed]:
    text = f"{rng.randint(1, 9)}{rng.randint(0, 9)}"
    shapes = lettering(text, x=0, y=y + 10, height=106, colour=ink, outline=colours[0], weight=0.32)
    return [(shapes, 0, 0, 1, 0)]


def _letters(colours: Sequence[Colour], ink: Colour, rng: random.Random, y: float) -> list[Placed]:
    shapes = lettering(rng.choice(WORDS), x=0, y=y - 20, height=42, colour=ink, outline=colours[0])
    return [([*shapes, (box(0, y + 18, 150, 5), colours[0])], 0, 0, 1, 0)]


def _box_logo(colours: Sequence[Colour], ink: Colour, rng: random.Random, y: float) -> list[Placed]:
    word = lettering("KF", x=0, y=y - 24, height=22, colour=(255, 255, 255))
    return [([(box(0, y - 24, 118, 38), colours[0]), *word], 0, 0, 1, 0)]


def _monogram(colours: Sequence[Colour], ink: Colour, rng: random.Random, y: float) -> list[Placed]:
    letter = rng.choice("KHSNY")
    shapes = lettering(letter, x=54, y=y - 36, height=44, colour=ink, outline=colours[0])
    return [(shapes, 0, 0, 1, 0)]


def _spray(colours: Sequence[Colour], ink: Colour, rng: random.Random, y: float) -> list[Placed]:
    placed: list[Placed] = [
        (
            MOTIFS["splash"](colours, rng),
            rng.uniform(-58, 58),
            y + rng.uniform(-36, 92),
            rng.uniform(30, 62),
            rng.uniform(0, 6),
        )
        for _ in range(5)
    ]
    word = lettering(rng.choice(WORDS), x=0, y=14, height=50, colour=ink, weight=0.22)
    return [*placed, (word, 0, y, 1, -0.12)]


def _crest(colours: Sequence[Colour], ink: Colour, rng: random.Random, y: float) -> list[Placed]:
    outer = loop(
        [(-0.8, -0.9, 1), (0, -0.78), (0.8, -0.9, 1), (0.76, 0.2), (0, 1.0, 1), (-0.76, 0.2)]
    )
    shapes: list[Shape] = [
        (outer, ink),
        ([(px * 0.84, py * 0.84) for px, py in outer], colours[0]),
        ([(-0.62, -0.16), (0.62, -0.5), (0.62, -0.16), (-0.62, 0.2)], ink),
        (ellipse(-0.24, -0.44, 0.15, 0.15), ink),
        (ellipse(0.2, 0.36, 0.17, 0.17), ink),
    ]
    return [(shapes, 50, y - 18, 25, 0)]


COMPOSITIONS: dict[str, Composition] = {
    "number": _number,
    "letters": _letters,
    "box_logo": _box_logo,
    "monogram": _monogram,
    "spray": _spray,
    "crest": _crest,
}
