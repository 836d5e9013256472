"""Drawn hearts, stars, faces, skulls, cranes and splashes; `motifs` looks them up."""

import math
import random
from collections.abc import Sequence

from .canvas import Colour
from .geometry import Knot, band, box, curve, ellipse, loop
from .sewing import shift
from .shapes import Shape


def rosette(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A leopard rosette."""
    shapes: list[Shape] = [(ellipse(0, 0, 0.62, 0.5, turn=rng.uniform(0, 3)), colours[0])]
    start = rng.uniform(0, math.tau)
    for index in range(3):
        a = start + index * math.tau / 3
        arc = [
            (0.72 * math.cos(a + t), 0.62 * math.sin(a + t)) for t in (0, 0.3, 0.6, 0.9, 1.2, 1.5)
        ]
        shapes.append((band(arc, rng.uniform(0.26, 0.44), end_width=0.2), colours[-1]))
    return shapes


def heart(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A heart with a highlight."""
    tint = rng.choice(colours)
    half: list[Knot] = [
        (0, -0.45, 1),
        (0.3, -0.85),
        (0.82, -0.72),
        (0.88, -0.15),
        (0.5, 0.42),
        (0, 0.95, 1),
    ]
    shape = curve([*half, *[(-k[0], *k[1:]) for k in reversed(half[1:-1])]], closed=True)
    return [(shape, tint), (ellipse(-0.42, -0.42, 0.17, 0.11, turn=-0.7), shift(tint, 70))]


def star(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A five-pointed star."""
    points = [
        (r * math.sin(a), -r * math.cos(a))
        for i in range(10)
        for r, a in [(1.0 if i % 2 == 0 else 0.44, math.pi * i / 5)]
    ]
    return [(points, rng.choice(colours))]


def cherry(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A pair of cherries on their stems."""
    stem, red = (70, 130, 70), (222, 40, 62)
    shapes: list[Shape] = [
        (band(curve([(0.1, -0.9), (-0.2, -0.2), (-0.45, 0.3)]), 0.08), stem),
        (band(curve([(0.1, -0.9), (0.4, -0.3), (0.45, 0.3)]), 0.08), stem),
    ]
    shapes.append(
        (loop([(0.1, -0.9, 1), (0.45, -1.0), (0.85, -0.72, 1), (0.45, -0.66)]), (96, 168, 84))
    )
    for x in (-0.45, 0.45):
        shapes += [
            (ellipse(x, 0.5, 0.42, 0.42), red),
            (ellipse(x - 0.13, 0.36, 0.12, 0.09), (255, 190, 196)),
        ]
    return shapes


def smiley(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A smiling face."""
    face, ink = (255, 214, 52), (46, 36, 40)
    smile = curve([(-0.52, 0.18), (0, 0.6), (0.52, 0.18)])
    return [
        (ellipse(0, 0, 1, 1), ink),
        (ellipse(0, 0, 0.93, 0.93), face),
        (ellipse(-0.32, -0.26, 0.11, 0.2), ink),
        (ellipse(0.32, -0.26, 0.11, 0.2), ink),
        (band(smile, 0.12), ink),
    ]


def cat(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A cartoon cat's face."""
    fur, ink = colours[0], (46, 40, 48)
    shapes: list[Shape] = []
    for side in (-1, 1):
        shapes += [
            ([(side * 0.92, -0.95), (side * 0.2, -0.62), (side * 0.9, -0.1)], ink),
            ([(side * 0.84, -0.8), (side * 0.34, -0.58), (side * 0.82, -0.2)], shift(fur, -10)),
        ]
    shapes += [(ellipse(0, 0.08, 1.0, 0.82), ink), (ellipse(0, 0.08, 0.93, 0.75), fur)]
    for side in (-1, 1):
        shapes += [
            (ellipse(side * 0.4, 0.0, 0.13, 0.18), ink),
            (ellipse(side * 0.4 - 0.04, -0.06, 0.05, 0.06), (255, 255, 255)),
            (ellipse(side * 0.58, 0.32, 0.16, 0.09), (255, 160, 176)),
        ]
    return [
        *shapes,
        ([(-0.09, 0.2), (0.09, 0.2), (0, 0.32)], (236, 110, 130)),
        (band(curve([(-0.24, 0.36), (-0.12, 0.45), (0, 0.36)]), 0.05), ink),
        (band(curve([(0.24, 0.36), (0.12, 0.45), (0, 0.36)]), 0.05), ink),
    ]


def skull(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A skull, inked to show on its bone colour."""
    bone = colours[0]
    ink = (30, 28, 30) if sum(bone) > 300 else (240, 238, 230)
    cranium = loop(
        [
            (0, -1),
            (0.72, -0.72),
            (0.86, -0.05),
            (0.5, 0.42, 1),
            (0.44, 0.86),
            (0, 0.95),
            (-0.44, 0.86),
            (-0.5, 0.42, 1),
            (-0.86, -0.05),
            (-0.72, -0.72),
        ]
    )
    shapes: list[Shape] = [(cranium, bone)]
    shapes += [(ellipse(side * 0.36, -0.06, 0.24, 0.27, turn=side * 0.4), ink) for side in (-1, 1)]
    shapes.append(([(0, 0.2), (0.13, 0.45), (-0.13, 0.45)], ink))
    return [*shapes, *[(box(x, 0.74, 0.06, 0.34), ink) for x in (-0.24, -0.08, 0.08, 0.24)]]


def bolt(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A flash of lightning."""
    return [
        (
            [
                (0.15, -1),
                (-0.6, 0.12),
                (-0.08, 0.12),
                (-0.25, 1),
                (0.6, -0.28),
                (0.08, -0.28),
                (0.42, -1),
            ],
            rng.choice(colours),
        )
    ]


def crane(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A crane in flight."""
    white, ink, red = (250, 248, 240), (40, 44, 60), (206, 52, 52)
    body = loop([(-0.2, 0.1), (0.2, -0.12), (0.5, -0.5), (0.56, -0.56), (0.34, 0.05), (0.0, 0.32)])
    wing = loop([(-0.1, 0.1, 1), (-0.75, -0.85, 1), (0.05, -0.5), (0.24, 0.0, 1)])
    back = loop([(0.0, 0.2, 1), (-1.0, 0.25, 1), (-0.62, 0.55), (0.08, 0.32, 1)])
    neck = band(curve([(0.44, -0.4), (0.66, -0.72), (0.94, -0.74)]), 0.08, end_width=0.04)
    legs = band([(-0.05, 0.28), (-0.5, 0.82)], 0.05)
    return [
        (legs, ink),
        (back, white),
        (loop([(-0.6, 0.32, 1), (-1.0, 0.25, 1), (-0.72, 0.48)]), ink),
        (wing, white),
        (loop([(-0.5, -0.5, 1), (-0.75, -0.85, 1), (-0.25, -0.62)]), ink),
        (body, white),
        (neck, white),
        (ellipse(0.8, -0.79, 0.07, 0.05), red),
    ]


def cloud(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A curled cloud as on old brocades."""
    tint = rng.choice(colours)
    return [
        (
            band(
                curve(
                    [
                        (-1.0, 0.3),
                        (-0.5, 0.3),
                        (0.1, 0.28),
                        (0.5, 0.0),
                        (0.2, -0.3),
                        (-0.12, -0.1),
                        (0.1, 0.06),
                    ]
                ),
                0.14,
            ),
            tint,
        ),
        (band(curve([(1.0, 0.46), (0.2, 0.46), (-0.4, 0.5)]), 0.1), tint),
    ]


def splash(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A splash of paint with its drops."""
    tint = rng.choice(colours)
    shapes: list[Shape] = []
    knots: list[Knot] = [
        (r * math.cos(a), r * math.sin(a))
        for a, r in ((math.tau * i / 16, rng.uniform(0.28, 0.62)) for i in range(16))
    ]
    shapes.append((loop(knots), tint))
    for _ in range(9):
        a, r = rng.uniform(0, math.tau), rng.uniform(0.6, 1.25)
        size = rng.uniform(0.03, 0.12)
        shapes.append((ellipse(r * math.cos(a), r * math.sin(a), size, size), tint))
    return shapes
