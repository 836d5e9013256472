"""Metal and damage: studs, chains, pins, rips, straps, pearls; `trims` looks them up."""

import math

from .cuts import NECK_Y, Top, neck_width, neckline
from .geometry import along, band, box, curve, ellipse, flip
from .sewing import Sewing, blend, shift

PEARL = (246, 240, 228)


GOLD = (214, 172, 84)


BRASS = (188, 148, 72)


STEEL = (190, 194, 200)


def studs(sewing: Sewing, top: Top) -> None:
    """Rows of studs on the shoulders."""
    for side in (-1, 1):
        for row in range(3):
            start, end = (
                (side * (neck_width(top) + 12), NECK_Y + 18 + 11 * row),
                (
                    side * (top.shoulder - (32 if top.sleeve == "none" else 8)),
                    NECK_Y + 34 + 11 * row,
                ),
            )
            for x, y, _ in along([start, end], 11):
                sewing.stud(x, y, radius=3.6)


def stud_hem(sewing: Sewing, top: Top) -> None:
    """A row of studs above the hem."""
    for x, y, _ in along(
        [(-top.hem + 8, top.length - 16), (0, top.length - 11), (top.hem - 8, top.length - 16)], 13
    ):
        sewing.stud(x, y, radius=3.8)


def pearls(sewing: Sewing, top: Top) -> None:
    """Two rows of pearls along the neckline."""
    half = neckline(top)
    line = curve([*flip(reversed(half)), *half[1:]])
    for ring, spread in ((0, 1.06), (1, 1.16)):
        for x, y, _ in along([(a * spread, b + 7 + 9 * ring) for a, b in line], 10.5):
            sewing.button(x, y, radius=3.3, colour=PEARL)


def chain(sewing: Sewing, top: Top) -> None:
    """Two chains around the neck, one with a disc."""
    y = NECK_Y
    for drop, colour in ((150, GOLD), (116, shift(GOLD, -16))):
        line = curve(
            [
                (-46, y + 14),
                (-34, y + drop * 0.72),
                (0, y + drop),
                (34, y + drop * 0.72),
                (46, y + 14),
            ]
        )
        for x, h, turn in along(line, 8):
            link = sewing.canvas.patch(
                ellipse(x, h, 5.6, 3.6, turn=turn), holes=[ellipse(x, h, 2.8, 1.3, turn=turn)]
            )
            sewing.canvas.darken(link, 0.4, spread=2, drop=1)
            sewing.canvas.fill(link, colour)
    sewing.button(0, y + 160, radius=12, colour=GOLD)


def pins(sewing: Sewing, top: Top) -> None:
    """Safety pins."""
    for x, y, turn in (
        (-52, NECK_Y + 92, 0.4),
        (46, NECK_Y + 128, -0.5),
        (-30, top.length - 88, 0.15),
        (58, top.length - 126, 1.0),
    ):
        cos, sin = math.cos(turn), math.sin(turn)
        wire = [
            (px * cos - py * sin + x, px * sin + py * cos + y)
            for px, py in ((-17, 4), (-20, 0), (-17, -4), (14, -4), (18, 0), (14, 3), (-17, 4))
        ]
        sewing.canvas.darken(sewing.canvas.patch(box(x, y + 2, 34, 6, turn=turn)), 0.35, spread=2)
        sewing.canvas.line(wire, (92, 94, 102), width=3.6)
        sewing.canvas.line(wire, STEEL, width=1.9)
        sewing.canvas.fill(
            sewing.canvas.patch(ellipse(x + 16 * cos, y + 16 * sin, 4.4, 4.4)), shift(STEEL, 20)
        )


def rips(sewing: Sewing, top: Top) -> None:
    """Torn slits across the front."""
    for x, y, width in (
        (-44, NECK_Y + 190, 58),
        (40, NECK_Y + 236, 66),
        (-16, top.length - 60, 50),
    ):
        rip(sewing, x, y, width=width)


def rip(sewing: Sewing, x: float, y: float, *, width: float, turn: float = 0.0) -> None:
    """A torn slit with loose threads across it."""
    rng, canvas = sewing.rng, sewing.canvas
    upper = [
        (x - width / 2 + width * i / 8, y - (0 if i in (0, 8) else rng.uniform(4, 9)) + turn * i)
        for i in range(9)
    ]
    lower = [
        (
            x + width / 2 - width * i / 8,
            y + (0 if i in (0, 8) else rng.uniform(4, 9)) + turn * (8 - i),
        )
        for i in range(9)
    ]
    ground = sewing.cloth.colours[0]
    canvas.fill(
        canvas.patch([*upper, *lower]),
        blend(ground, (40, 34, 36), 0.42) if sum(ground) > 240 else (104, 98, 98),
    )
    pale = shift(ground, 96)
    for index in range(7):
        at = upper[1 + index][0] + rng.uniform(-2, 2)
        canvas.line(
            [(at, upper[1 + index][1] - 2), (at + rng.uniform(-4, 4), lower[7 - index][1] + 3)],
            pale,
            width=1.5,
        )
    canvas.line(list(upper), pale, width=1.8)
    canvas.line(list(lower), pale, width=1.8)


def straps(sewing: Sewing, top: Top) -> None:
    """Two buckled straps around the body."""
    for y in (NECK_Y + 168, NECK_Y + 214):
        strip = band([(-top.chest + 8, y - 10), (top.chest - 8, y + 8)], 12)
        sewing.canvas.paint(
            sewing.canvas.patch(strip), sewing.cloth.of("leather", (34, 32, 34)), shadow=0.5
        )
        sewing.canvas.fill(
            sewing.canvas.patch(box(18, y, 17, 19), holes=[box(18, y, 9, 11)]), STEEL
        )
