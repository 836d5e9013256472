"""Trims of skirts and trousers: buttons, studs, rips, straps, embroidery; `garments` draws them."""

from collections.abc import Callable

from .geometry import Point
from .hardware import PEARL, rip
from .motifs import MOTIFS
from .sewing import Sewing
from .skirts import Skirt
from .trousers import LEGS, Trousers, leg_centre


def draw_skirt_trims(sewing: Sewing, skirt: Skirt, *, top_y: float = 96.0) -> None:
    """Trims of a skirt that starts at height top_y."""
    for name in skirt.trims:
        if name in SKIRT_TRIMS:
            SKIRT_TRIMS[name](sewing, skirt, top_y)


def draw_trouser_trims(sewing: Sewing, trousers: Trousers, *, top_y: float = 96.0) -> None:
    """Trims of trousers that start at height top_y."""
    for name in trousers.trims:
        if name in TROUSER_TRIMS:
            TROUSER_TRIMS[name](sewing, trousers, top_y)


def _buttons(sewing: Sewing, skirt: Skirt, top_y: float) -> None:
    sewing.canvas.seam([(10, top_y + 12), (14, top_y + skirt.length - 4)], depth=0.3)
    for index in range(int(skirt.length / 44)):
        sewing.button(1, top_y + 28 + 44 * index, radius=4.6)


def _zip(sewing: Sewing, skirt: Skirt, top_y: float) -> None:
    sewing.zip([(44, top_y + 20), (58, top_y + skirt.length - 14)], width=6)


def _studs(sewing: Sewing, skirt: Skirt, top_y: float) -> None:
    bottom = top_y + skirt.length - 24
    for row in range(2):
        for index in range(11):
            share = index / 5 - 1
            y = bottom - 13 * row + 9 * (1 - share * share)
            sewing.stud(share * skirt.hem * 0.92, y, radius=3.8)


def _topstitch(sewing: Sewing, skirt: Skirt, top_y: float) -> None:
    canvas, half = sewing.canvas, skirt.waist
    canvas.stitch([(0, top_y + 22), (0, top_y + skirt.length - 6)], sewing.thread)
    for side in (-1, 1):
        scoop = [(half * 0.5, top_y + 22), (half * 0.7, top_y + 50), (half + 15, top_y + 58)]
        canvas.stitch([(side * x, y) for x, y in scoop], sewing.thread)


def _buckles(sewing: Sewing, skirt: Skirt, top_y: float) -> None:
    leather, end = sewing.accent.of("leather", sewing.accent.colours[0]), skirt.waist + 14
    for y in (top_y + 36, top_y + 74):
        strap = [(20.0, y), (end, y - 4), (end, y + 9), (20.0, y + 13)]
        sewing.canvas.paint(sewing.canvas.patch(strap), leather, shadow=0.5)
        sewing.stud(36, y + 6, radius=4.6)


SKIRT_TRIMS: dict[str, Callable[[Sewing, Skirt, float], None]] = {
    "buttons": _buttons,
    "zip": _zip,
    "studs": _studs,
    "jeans": _topstitch,
    "buckles": _buckles,
}


def _knee(trousers: Trousers, top_y: float) -> tuple[Point, float]:
    """The middle of the right knee and the width of the leg there."""
    _, width, _, apart = LEGS[trousers.cut]
    return (apart * 0.5 + 7 + width / 2, top_y + 140 + (trousers.length - 140) * 0.46), width


def _rips(sewing: Sewing, trousers: Trousers, top_y: float) -> None:
    (middle, knee), width = _knee(trousers, top_y)
    for side, drop, share in ((1, -10, 0.66), (-1, 14, 0.6), (-1, -74, 0.5), (1, 66, 0.42)):
        rip(sewing, side * middle, knee + drop, width=width * share)


def _chain(sewing: Sewing, trousers: Trousers, top_y: float) -> None:
    hip = LEGS[trousers.cut][0]
    points = [(hip * 0.4, top_y + 22.0), (hip * 0.8, top_y + 128.0), (hip + 2, top_y + 64.0)]
    sewing.canvas.line(points, (150, 154, 160), width=5)
    sewing.canvas.stitch(points, (232, 234, 238), spacing=7)


def _straps(sewing: Sewing, trousers: Trousers, top_y: float) -> None:
    leather = sewing.accent.of("leather", (34, 32, 34))
    (middle, knee), width = _knee(trousers, top_y)
    inner, outer = middle - width * 0.5, middle + width * 0.52
    for side, y in ((1, knee - 40), (-1, knee - 6), (1, knee + 44)):
        strap = [
            (side * x, h) for x, h in ((inner, y), (outer, y - 6), (outer, y + 6), (inner, y + 12))
        ]
        sewing.canvas.paint(sewing.canvas.patch(strap), leather, shadow=0.5)
        sewing.stud(side * middle, y + 3, radius=4.5)
    sewing.zip([(middle, top_y + 150), (middle - 4, top_y + 206)], width=4)


def _embroidered(sewing: Sewing, trousers: Trousers, top_y: float) -> None:
    canvas, below = sewing.canvas, trousers.length - 140
    for side in (-1, 1):
        for step in range(5):
            x = side * leg_centre(trousers, 0.55 + step * 0.1)
            y = top_y + 140 + below * (0.52 + 0.1 * step)
            for points, tint in MOTIFS["daisy"](sewing.accent.colours, sewing.rng):
                canvas.fill(canvas.patch([(x + px * 15, y + py * 15) for px, py in points]), tint)


def _pearl(sewing: Sewing, trousers: Trousers, top_y: float) -> None:
    sewing.button(0, top_y + 11, radius=5, colour=PEARL)


TROUSER_TRIMS: dict[str, Callable[[Sewing, Trousers, float], None]] = {
    "rips": _rips,
    "chain": _chain,
    "straps": _straps,
    "embroidered": _embroidered,
    "pearls": _pearl,
}
