"""Drawn flowers, leaves and paisleys; `motifs` looks them up."""

import math
import random
from collections.abc import Sequence

from .canvas import Colour
from .geometry import Knot, Point, band, ellipse, loop
from .sewing import shift
from .shapes import Shape


def petals(
    count: int, length: float, width: float, *, notch: float = 0.0, phase: float = 0.0
) -> list[list[Point]]:
    """A ring of petals around the middle."""
    found = []
    for index in range(count):
        a = math.tau * index / count + phase
        cos, sin = math.cos(a), math.sin(a)
        knots: list[Knot] = [
            (0.05, 0),
            (length * 0.55, -width),
            (length, -width * 0.45),
            (length * (1 - notch), 0),
            (length, width * 0.45),
            (length * 0.55, width),
        ]
        found.append([(x * cos - y * sin, x * sin + y * cos) for x, y in loop(knots)])
    return found


def leaf_at(angle: float, reach: float, colour: Colour) -> list[Shape]:
    """A leaf with its vein, pointing away from the middle."""
    cos, sin = math.cos(angle), math.sin(angle)
    shape = loop([(0.3, 0, 1), (reach * 0.65, -0.2), (reach, 0, 1), (reach * 0.65, 0.2)])
    vein = band([(0.35, 0), (reach * 0.9, 0)], 0.035)
    return [
        ([(x * cos - y * sin, x * sin + y * cos) for x, y in part], tint)
        for part, tint in ((shape, colour), (vein, shift(colour, 30)))
    ]


def blossom(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """An open blossom with two leaves."""
    petal, heart, leaf = rng.choice(colours[:-1] or colours), (246, 206, 96), colours[-1]
    shapes: list[Shape] = []
    for _ in range(2):
        shapes += leaf_at(rng.uniform(0, math.tau), 1.25, leaf)
    shapes += [(p, shift(petal, -16)) for p in petals(5, 0.86, 0.42, notch=0.12)]
    shapes += [(p, shift(petal, 16)) for p in petals(5, 0.55, 0.22, phase=0.1)]
    return [
        *shapes,
        (ellipse(0, 0, 0.2, 0.2), heart),
        (ellipse(0.03, 0.03, 0.1, 0.1), shift(heart, -50)),
    ]


def rose(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A rose of curled rings with leaves."""
    petal, leaf = rng.choice(colours[:-1] or colours), colours[-1]
    shapes = [
        *leaf_at(0.5, 1.4, leaf),
        *leaf_at(2.7, 1.4, leaf),
        *leaf_at(4.5, 1.3, shift(leaf, -18)),
    ]
    for ring, (size, tone) in enumerate(
        ((0.92, -34), (0.72, -10), (0.5, 14), (0.3, -22), (0.16, 24))
    ):
        knots: list[Knot] = [
            (
                size * (1 + 0.09 * math.cos(5 * a + ring)) * math.cos(a),
                size * (1 + 0.09 * math.cos(5 * a + ring)) * math.sin(a),
            )
            for a in (math.tau * i / 14 for i in range(14))
        ]
        shapes.append(
            ([(x + 0.05 * ring, y - 0.03 * ring) for x, y in loop(knots)], shift(petal, tone))
        )
    return shapes


def daisy(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A daisy in one colour."""
    petal = rng.choice(colours[:-1] or colours)
    return [*[(p, petal) for p in petals(9, 0.9, 0.2)], (ellipse(0, 0, 0.3, 0.3), colours[-1])]


def hibiscus(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A hibiscus with its long stamen."""
    petal, leaf = rng.choice(colours[:-1] or colours), colours[-1]
    shapes = [*leaf_at(1.2, 1.7, leaf), *leaf_at(3.6, 1.6, shift(leaf, -20))]
    for p, q in zip(petals(5, 1.0, 0.56, notch=0.06), petals(5, 0.5, 0.16), strict=True):
        shapes += [(p, petal), (q, shift(petal, -55))]
    return [
        *shapes,
        (band([(0, 0), (0.35, -0.4), (0.62, -0.9)], 0.09), (250, 214, 120)),
        (ellipse(0.62, -0.9, 0.11, 0.11), (244, 180, 60)),
    ]


def palm(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A palm leaf."""
    tint = rng.choice(colours)
    shapes: list[Shape] = []
    for index in range(11):
        t = index / 10
        x = -0.9 + 1.8 * t
        reach = 0.75 * math.sin(math.pi * (0.12 + 0.85 * t)) + 0.12
        for sign in (-1, 1):
            tip = (x + 0.5, sign * reach - 0.1)
            shapes.append(
                (
                    loop(
                        [
                            (x, 0, 1),
                            ((x + tip[0]) / 2 + 0.05, tip[1] * 0.5),
                            (*tip, 1),
                            ((x + tip[0]) / 2 - 0.08, tip[1] * 0.55),
                        ]
                    ),
                    shift(tint, -14 if sign > 0 else 8),
                )
            )
    return [*shapes, (band([(-1.15, 0.12), (0, 0), (1.1, -0.05)], 0.05), shift(tint, -40))]


def paisley(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A paisley drop within dots."""
    body = [
        (-0.1, -1.0, 1.0),
        (0.42, -0.55),
        (0.62, 0.2),
        (0.2, 0.85),
        (-0.42, 0.7),
        (-0.56, 0.15),
        (-0.2, -0.35),
    ]
    shapes: list[Shape] = []
    for index, scale in enumerate((1.0, 0.78, 0.56, 0.34)):
        tint = colours[index % len(colours)]
        shapes.append(
            (loop([(k[0] * scale, k[1] * scale + 0.28 * (1 - scale), *k[2:]) for k in body]), tint)
        )
    dots = [
        ellipse(0.82 * math.cos(a) * 0.86, 0.15 + 1.0 * math.sin(a) * 0.9, 0.06, 0.06)
        for a in (0.1 + 0.42 * i for i in range(8))
    ]
    return [
        *shapes,
        *[(d, colours[1 % len(colours)]) for d in dots],
        (ellipse(0, 0.34, 0.12, 0.12), colours[0]),
    ]


def flower_power(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    """A flower of six round petals."""
    tint = rng.choice(colours)
    return [
        *[
            (ellipse(0.55 * math.cos(a), 0.55 * math.sin(a), 0.4, 0.4), tint)
            for a in (math.tau * i / 6 for i in range(6))
        ],
        (
            ellipse(0, 0, 0.34, 0.34),
            rng.choice([c for c in colours if c != tint] or [shift(tint, 60)]),
        ),
    ]
