"""Drawn motifs (flowers, hearts, skulls, letters) as coloured polygons in a unit square; prints and graphics stamp them."""

import math
import random
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from .canvas import HEIGHT, WIDTH, Colour, Place
from .geometry import Knot, Point, band, box, curve, ellipse, loop
from .sewing import blend, shift

Array = npt.NDArray[np.float32]
Shape = tuple[Sequence[Point], Colour]
Motif = Callable[[Sequence[Colour], random.Random], list[Shape]]
"""(colours after the ground, chance) -> polygons from back to front within about -1 to 1."""


def _petals(count: int, length: float, width: float, *, notch: float = 0.0, phase: float = 0.0) -> list[list[Point]]:
    found = []
    for index in range(count):
        a = math.tau * index / count + phase
        cos, sin = math.cos(a), math.sin(a)
        knots: list[Knot] = [(0.05, 0), (length * 0.55, -width), (length, -width * 0.45), (length * (1 - notch), 0), (length, width * 0.45), (length * 0.55, width)]
        found.append([(x * cos - y * sin, x * sin + y * cos) for x, y in loop(knots)])
    return found


def _leaf(angle: float, reach: float, colour: Colour) -> list[Shape]:
    cos, sin = math.cos(angle), math.sin(angle)
    shape = loop([(0.3, 0, 1), (reach * 0.65, -0.2), (reach, 0, 1), (reach * 0.65, 0.2)])
    vein = band([(0.35, 0), (reach * 0.9, 0)], 0.035)
    return [([(x * cos - y * sin, x * sin + y * cos) for x, y in part], tint) for part, tint in ((shape, colour), (vein, shift(colour, 30)))]


def _blossom(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    petal, heart, leaf = rng.choice(colours[:-1] or colours), (246, 206, 96), colours[-1]
    shapes: list[Shape] = []
    for _ in range(2):
        shapes += _leaf(rng.uniform(0, math.tau), 1.25, leaf)
    shapes += [(p, shift(petal, -16)) for p in _petals(5, 0.86, 0.42, notch=0.12)]
    shapes += [(p, shift(petal, 16)) for p in _petals(5, 0.55, 0.22, phase=0.1)]
    return [*shapes, (ellipse(0, 0, 0.2, 0.2), heart), (ellipse(0.03, 0.03, 0.1, 0.1), shift(heart, -50))]


def _rose(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    petal, leaf = rng.choice(colours[:-1] or colours), colours[-1]
    shapes = [*_leaf(0.5, 1.4, leaf), *_leaf(2.7, 1.4, leaf), *_leaf(4.5, 1.3, shift(leaf, -18))]
    for ring, (size, tone) in enumerate(((0.92, -34), (0.72, -10), (0.5, 14), (0.3, -22), (0.16, 24))):
        knots: list[Knot] = [(size * (1 + 0.09 * math.cos(5 * a + ring)) * math.cos(a), size * (1 + 0.09 * math.cos(5 * a + ring)) * math.sin(a)) for a in (math.tau * i / 14 for i in range(14))]
        shapes.append(([(x + 0.05 * ring, y - 0.03 * ring) for x, y in loop(knots)], shift(petal, tone)))
    return shapes


def _daisy(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    petal = rng.choice(colours[:-1] or colours)
    return [*[(p, petal) for p in _petals(9, 0.9, 0.2)], (ellipse(0, 0, 0.3, 0.3), colours[-1])]


def _hibiscus(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    petal, leaf = rng.choice(colours[:-1] or colours), colours[-1]
    shapes = [*_leaf(1.2, 1.7, leaf), *_leaf(3.6, 1.6, shift(leaf, -20))]
    for p, q in zip(_petals(5, 1.0, 0.56, notch=0.06), _petals(5, 0.5, 0.16), strict=True):
        shapes += [(p, petal), (q, shift(petal, -55))]
    return [*shapes, (band([(0, 0), (0.35, -0.4), (0.62, -0.9)], 0.09), (250, 214, 120)), (ellipse(0.62, -0.9, 0.11, 0.11), (244, 180, 60))]


def _palm(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    tint = rng.choice(colours)
    shapes: list[Shape] = []
    for index in range(11):
        t = index / 10
        x = -0.9 + 1.8 * t
        reach = 0.75 * math.sin(math.pi * (0.12 + 0.85 * t)) + 0.12
        for sign in (-1, 1):
            tip = (x + 0.5, sign * reach - 0.1)
            shapes.append((loop([(x, 0, 1), ((x + tip[0]) / 2 + 0.05, tip[1] * 0.5), (*tip, 1), ((x + tip[0]) / 2 - 0.08, tip[1] * 0.55)]), shift(tint, -14 if sign > 0 else 8)))
    return [*shapes, (band([(-1.15, 0.12), (0, 0), (1.1, -0.05)], 0.05), shift(tint, -40))]


def _paisley(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    body = [(-0.1, -1.0, 1.0), (0.42, -0.55), (0.62, 0.2), (0.2, 0.85), (-0.42, 0.7), (-0.56, 0.15), (-0.2, -0.35)]
    shapes: list[Shape] = []
    for index, scale in enumerate((1.0, 0.78, 0.56, 0.34)):
        tint = colours[index % len(colours)]
        shapes.append((loop([(k[0] * scale, k[1] * scale + 0.28 * (1 - scale), *k[2:]) for k in body]), tint))
    dots = [ellipse(0.82 * math.cos(a) * 0.86, 0.15 + 1.0 * math.sin(a) * 0.9, 0.06, 0.06) for a in (0.1 + 0.42 * i for i in range(8))]
    return [*shapes, *[(d, colours[1 % len(colours)]) for d in dots], (ellipse(0, 0.34, 0.12, 0.12), colours[0])]


def _rosette(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    shapes: list[Shape] = [(ellipse(0, 0, 0.62, 0.5, turn=rng.uniform(0, 3)), colours[0])]
    start = rng.uniform(0, math.tau)
    for index in range(3):
        a = start + index * math.tau / 3
        arc = [(0.72 * math.cos(a + t), 0.62 * math.sin(a + t)) for t in (0, 0.3, 0.6, 0.9, 1.2, 1.5)]
        shapes.append((band(arc, rng.uniform(0.26, 0.44), end_width=0.2), colours[-1]))
    return shapes


def _heart(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    tint = rng.choice(colours)
    half: list[Knot] = [(0, -0.45, 1), (0.3, -0.85), (0.82, -0.72), (0.88, -0.15), (0.5, 0.42), (0, 0.95, 1)]
    shape = curve([*half, *[(-k[0], *k[1:]) for k in reversed(half[1:-1])]], closed=True)
    return [(shape, tint), (ellipse(-0.42, -0.42, 0.17, 0.11, turn=-0.7), shift(tint, 70))]


def _star(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    points = [(r * math.sin(a), -r * math.cos(a)) for i in range(10) for r, a in [(1.0 if i % 2 == 0 else 0.44, math.pi * i / 5)]]
    return [(points, rng.choice(colours))]


def _cherry(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    stem, red = (70, 130, 70), (222, 40, 62)
    shapes: list[Shape] = [(band(curve([(0.1, -0.9), (-0.2, -0.2), (-0.45, 0.3)]), 0.08), stem), (band(curve([(0.1, -0.9), (0.4, -0.3), (0.45, 0.3)]), 0.08), stem)]
    shapes.append((loop([(0.1, -0.9, 1), (0.45, -1.0), (0.85, -0.72, 1), (0.45, -0.66)]), (96, 168, 84)))
    for x in (-0.45, 0.45):
        shapes += [(ellipse(x, 0.5, 0.42, 0.42), red), (ellipse(x - 0.13, 0.36, 0.12, 0.09), (255, 190, 196))]
    return shapes


def _smiley(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    face, ink = (255, 214, 52), (46, 36, 40)
    smile = curve([(-0.52, 0.18), (0, 0.6), (0.52, 0.18)])
    return [(ellipse(0, 0, 1, 1), ink), (ellipse(0, 0, 0.93, 0.93), face), (ellipse(-0.32, -0.26, 0.11, 0.2), ink), (ellipse(0.32, -0.26, 0.11, 0.2), ink), (band(smile, 0.12), ink)]


def _cat(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    fur, ink = colours[0], (46, 40, 48)
    shapes: list[Shape] = []
    for side in (-1, 1):
        shapes += [([(side * 0.92, -0.95), (side * 0.2, -0.62), (side * 0.9, -0.1)], ink), ([(side * 0.84, -0.8), (side * 0.34, -0.58), (side * 0.82, -0.2)], shift(fur, -10))]
    shapes += [(ellipse(0, 0.08, 1.0, 0.82), ink), (ellipse(0, 0.08, 0.93, 0.75), fur)]
    for side in (-1, 1):
        shapes += [(ellipse(side * 0.4, 0.0, 0.13, 0.18), ink), (ellipse(side * 0.4 - 0.04, -0.06, 0.05, 0.06), (255, 255, 255)), (ellipse(side * 0.58, 0.32, 0.16, 0.09), (255, 160, 176))]
    return [*shapes, ([(-0.09, 0.2), (0.09, 0.2), (0, 0.32)], (236, 110, 130)), (band(curve([(-0.2, 0.42), (0, 0.34), (0.2, 0.42)]), 0.05), ink)]


def _skull(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    bone, ink = colours[0], colours[-1]
    cranium = loop([(0, -1), (0.72, -0.72), (0.86, -0.05), (0.5, 0.42, 1), (0.44, 0.86), (0, 0.95), (-0.44, 0.86), (-0.5, 0.42, 1), (-0.86, -0.05), (-0.72, -0.72)])
    shapes: list[Shape] = [(cranium, bone)]
    for side in (-1, 1):
        shapes.append((ellipse(side * 0.36, -0.06, 0.24, 0.27, turn=side * 0.4), ink))
    shapes.append(([(0, 0.2), (0.13, 0.45), (-0.13, 0.45)], ink))
    return [*shapes, *[(box(x, 0.74, 0.06, 0.34), ink) for x in (-0.24, -0.08, 0.08, 0.24)]]


def _bolt(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    return [([(0.15, -1), (-0.6, 0.12), (-0.08, 0.12), (-0.25, 1), (0.6, -0.28), (0.08, -0.28), (0.42, -1)], rng.choice(colours))]


def _crane(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    white, ink, red = (250, 248, 240), (40, 44, 60), (206, 52, 52)
    body = loop([(-0.2, 0.1), (0.2, -0.12), (0.5, -0.5), (0.56, -0.56), (0.34, 0.05), (0.0, 0.32)])
    wing = loop([(-0.1, 0.1, 1), (-0.75, -0.85, 1), (0.05, -0.5), (0.24, 0.0, 1)])
    back = loop([(0.0, 0.2, 1), (-1.0, 0.25, 1), (-0.62, 0.55), (0.08, 0.32, 1)])
    neck = band(curve([(0.44, -0.4), (0.66, -0.72), (0.94, -0.74)]), 0.08, end_width=0.04)
    legs = band([(-0.05, 0.28), (-0.5, 0.82)], 0.05)
    return [(legs, ink), (back, white), (loop([(-0.6, 0.32, 1), (-1.0, 0.25, 1), (-0.72, 0.48)]), ink), (wing, white), (loop([(-0.5, -0.5, 1), (-0.75, -0.85, 1), (-0.25, -0.62)]), ink), (body, white), (neck, white), (ellipse(0.8, -0.79, 0.07, 0.05), red)]


def _cloud(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    tint = rng.choice(colours)
    return [(band(curve([(-1.0, 0.3), (-0.5, 0.3), (0.1, 0.28), (0.5, 0.0), (0.2, -0.3), (-0.12, -0.1), (0.1, 0.06)]), 0.14), tint), (band(curve([(1.0, 0.46), (0.2, 0.46), (-0.4, 0.5)]), 0.1), tint)]


def _splash(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    tint, shapes = rng.choice(colours), []
    knots: list[Knot] = [(r * math.cos(a), r * math.sin(a)) for a, r in ((math.tau * i / 16, rng.uniform(0.28, 0.62)) for i in range(16))]
    shapes.append((loop(knots), tint))
    for _ in range(9):
        a, r = rng.uniform(0, math.tau), rng.uniform(0.6, 1.25)
        size = rng.uniform(0.03, 0.12)
        shapes.append((ellipse(r * math.cos(a), r * math.sin(a), size, size), tint))
    return shapes


def _flower_power(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    tint = rng.choice(colours)
    return [*[(ellipse(0.55 * math.cos(a), 0.55 * math.sin(a), 0.4, 0.4), tint) for a in (math.tau * i / 6 for i in range(6))], (ellipse(0, 0, 0.34, 0.34), rng.choice([c for c in colours if c != tint] or [shift(tint, 60)]))]


def _gem(colours: Sequence[Colour], rng: random.Random) -> list[Shape]:
    tint = rng.choice(colours)
    return [(ellipse(0, 0, 0.5, 0.5), tint), (ellipse(-0.15, -0.18, 0.16, 0.12), blend(tint, (255, 255, 255), 0.7))]


MOTIFS: dict[str, Motif] = {
    "blossom": _blossom, "rose": _rose, "daisy": _daisy, "hibiscus": _hibiscus, "palm": _palm, "paisley": _paisley, "leopard": _rosette,
    "heart": _heart, "star": _star, "cherry": _cherry, "smiley": _smiley, "cat": _cat, "skull": _skull, "bolt": _bolt, "crane": _crane,
    "cloud": _cloud, "splash": _splash, "flower_power": _flower_power, "gem": _gem,
}


def stamp(placed: Sequence[tuple[Sequence[Shape], float, float, float, float]], place: Place) -> Array:
    """Shapes at (x, y, size, turn) in garment coordinates as a page layer (H, W, 4), alpha 0 to 1."""
    image = Image.new("RGBA", (WIDTH * 2, HEIGHT * 2), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for shapes, x, y, size, turn in placed:
        cos, sin = math.cos(turn) * size, math.sin(turn) * size
        for points, colour in shapes:
            page = [place.page((x + px * cos - py * sin, y + px * sin + py * cos)) for px, py in points]
            pen.polygon([(px * 2, py * 2) for px, py in page], fill=(*colour, 255))
    large = np.asarray(image, dtype=np.float32)
    alpha = large[..., 3:] / 255
    summed = np.concatenate([large[..., :3] * alpha, alpha], axis=2).reshape(HEIGHT, 2, WIDTH, 2, 4).mean(axis=(1, 3))
    summed[..., :3] /= np.maximum(summed[..., 3:], 1e-3)
    return summed.astype(np.float32)


def scatter(motifs: Sequence[str], colours: Sequence[Colour], *, spacing: float, size: float, turning: float, rng: random.Random, place: Place) -> Array:
    """A page full of motifs on a jittered half-drop grid."""
    placed = []
    rows, columns = int(HEIGHT * 1.25 / spacing) + 2, int(WIDTH * 1.25 / spacing) + 2
    for column in range(columns):
        for row in range(rows):
            x = (column - columns / 2) * spacing + rng.uniform(-0.16, 0.16) * spacing
            y = (row + 0.5 * (column % 2)) * spacing - 40 + rng.uniform(-0.16, 0.16) * spacing
            shapes = MOTIFS[rng.choice(motifs)](colours, rng)
            placed.append((shapes, x, y, size * rng.uniform(0.8, 1.15), rng.uniform(-turning, turning)))
    return stamp(placed, place)
