"""Trims that give a style away: studs, fringe, lace, ribbons, epaulettes, rips, chains. `garments` draws them last."""

import math
from collections.abc import Callable

from .canvas import Grain
from .collars import ribbon_bow
from .geometry import Fold, Knot, along, band, box, curve, ellipse, flip, loop
from .sewing import Sewing, gathers, shift
from .upper import NECK_Y, SLEEVES, Top, neck_width, neckline, sleeve_points

PEARL, GOLD, BRASS, STEEL = (246, 240, 228), (214, 172, 84), (188, 148, 72), (190, 194, 200)


def draw_trims(sewing: Sewing, top: Top) -> None:
    """All trims of an upper body, in the order the cut names them."""
    for name in top.trims:
        if name in TRIMS:
            TRIMS[name](sewing, top)


def _studs(sewing: Sewing, top: Top) -> None:
    for side in (-1, 1):
        for row in range(3):
            start, end = (side * (neck_width(top) + 12), NECK_Y + 18 + 11 * row), (side * (top.shoulder - 8), NECK_Y + 34 + 11 * row)
            for x, y, _ in along([start, end], 11):
                sewing.stud(x, y, radius=3.6)


def _stud_hem(sewing: Sewing, top: Top) -> None:
    for x, y, _ in along([(-top.hem + 8, top.length - 16), (0, top.length - 11), (top.hem - 8, top.length - 16)], 13):
        sewing.stud(x, y, radius=3.8)


def _fringe_line(sewing: Sewing, knots: list[Knot], *, length: float) -> None:
    colour, canvas = sewing.cloth.colours[0], sewing.canvas
    line = curve(knots)
    for x, y, _ in along(line, 5.4):
        reach = length + sewing.jitter(7)
        strip = band([(x, y), (x + sewing.jitter(2), y + reach * 0.5), (x + sewing.jitter(4), y + reach)], 4.4, end_width=2.2)
        canvas.fill(canvas.patch(strip), shift(colour, sewing.rng.choice((-34, -16, 0, 14))))
    canvas.stitch(knots, sewing.thread, spacing=4)


def _fringe(sewing: Sewing, top: Top) -> None:
    y = NECK_Y + 118
    _fringe_line(sewing, [(-top.chest + 4, y - 22), (-44, y - 2), (0, y + 22), (44, y - 2), (top.chest - 4, y - 22)], length=64)
    for side in (-1, 1):
        if top.sleeve in ("long", "loose"):
            shoulder, _, outer, _, _ = sleeve_points(top)
            start = (side * (shoulder[0] + (outer[0] - shoulder[0]) * 0.32 - 4), shoulder[1] + (outer[1] - shoulder[1]) * 0.32)
            _fringe_line(sewing, [start, (side * (outer[0] - 6), outer[1] - 34)], length=44)


def _fringe_hem(sewing: Sewing, top: Top) -> None:
    _fringe_line(sewing, [(-top.hem + 3, top.length - 8), (0, top.length), (top.hem - 3, top.length - 8)], length=58)


def _yoke(sewing: Sewing, top: Top) -> None:
    """The pointed western yoke, in the accent cloth."""
    w, y = neck_width(top), NECK_Y
    middle = neckline(top)[0][1]
    for side in (-1, 1):
        knots: list[Knot] = [(w, y + 3, 1), (top.shoulder - 3, y + 27, 1), (min(top.shoulder, top.chest) - 10, y + 72, 1), (58, y + 66), (36, y + 98, 1), (12, y + 70), (9, middle + 4, 1), (w * 0.66, y + 34)]
        mine = knots if side > 0 else flip(knots)
        cloth = sewing.accent if "contrast_yoke" in top.trims else sewing.cloth
        sewing.canvas.paint(sewing.canvas.patch(loop(mine)), cloth, volume=0.5, shadow=0.35)
        sewing.canvas.stitch([(a * 0.97, b - 4) for a, b, *_ in mine[2:6]], sewing.thread, spacing=4.4)


def _epaulettes(sewing: Sewing, top: Top) -> None:
    for side in (-1, 1):
        strap = band([(side * (neck_width(top) + 12), NECK_Y + 11), (side * (top.shoulder - 2), NECK_Y + 31)], 19, end_width=22)
        sewing.canvas.paint(sewing.canvas.patch(strap), sewing.cloth, shadow=0.5, volume=0.8)
        sewing.button(side * (neck_width(top) + 20), NECK_Y + 14, radius=3.8, colour=BRASS)


def _lace_yoke(sewing: Sewing, top: Top) -> None:
    w, y = neck_width(top), NECK_Y
    lace = sewing.cloth.of("lace", sewing.accent.colours[0])
    middle = neckline(top)[0][1]
    half: list[Knot] = [(0, middle), (w * 0.66, y + 26), (w, y + 2, 1), (top.shoulder - 16, y + 20, 1), (top.shoulder - 34, y + 74), (46, y + 112), (0, y + 120)]
    outline = curve([*half, *[(-k[0], *k[1:]) for k in reversed(half[1:-1])]], closed=True)
    sewing.canvas.paint(sewing.canvas.patch(outline), lace, shadow=0.22, volume=0.5)
    scallops = along(curve([(-top.shoulder + 34, y + 74), (0, y + 122), (top.shoulder - 34, y + 74)]), 13)
    sewing.canvas.paint(sewing.canvas.patch(*[ellipse(x, h, 7.5, 7.5) for x, h, _ in scallops]), lace.of("lace", sewing.accent.colours[0]), shadow=0.3, volume=0.5)


def _lace_hem(sewing: Sewing, top: Top) -> None:
    lace = sewing.cloth.of("lace", sewing.accent.colours[0])
    line = curve([(-top.hem, top.length - 7), (0, top.length), (top.hem, top.length - 7)])
    dots = [ellipse(x, y + 15, 7.5, 8) for x, y, _ in along(line, 13)]
    sewing.canvas.paint(sewing.canvas.patch(band([(x, y + 7) for x, y in line], 18), *dots), lace, shadow=0.3, volume=0.6)


def _lace_front(sewing: Sewing, top: Top) -> None:
    lace = sewing.cloth.of("lace", sewing.accent.colours[0])
    start = neckline(top)[0][1] + 6
    for side in (-1, 1):
        strip = band(curve([(side * 24, start), (side * 22, (start + top.length) / 2), (side * 23, top.length - 8)]), 19)
        sewing.canvas.paint(sewing.canvas.patch(strip), lace, shadow=0.3, volume=0.6)


def _ruffle_front(sewing: Sewing, top: Top) -> None:
    start, end = neckline(top)[0][1] + 2, min(top.length - 30, top.waist_y + 30)
    for side in (-1, 1):
        for layer in (1, 0):
            outer = 16 + 15 * layer
            wave: list[Knot] = [(side * (outer + 7 * (i % 2)), start + (end - start) * i / 9) for i in range(10)]
            outline = [*curve(wave), (side * 5, end), (side * 5, start)]
            folds = [Fold(side * 5, k[1], k[0], k[1] + 7, 4, 2.4) for k in wave]
            sewing.canvas.paint(sewing.canvas.patch(outline), sewing.cloth, folds=folds, shadow=0.42)


def _ruffle_band(sewing: Sewing, top: Top) -> None:
    """The frill of an off-shoulder neckline."""
    y, width = NECK_Y + 58, top.chest + 34
    edge: list[Knot] = [(width - 2 * width * i / 14, y + 62 + 12 * (1 - (1 - i / 7) ** 2) + (5 if i % 2 else -4)) for i in range(15)]
    outline = [*curve([(-width + 6, y + 2), (0, y + 16), (width - 6, y + 2)]), *curve(edge)]
    folds = gathers(-width, width, y, length=74, rng=sewing.rng, every=12, height=2.8, spread=1.06)
    sewing.canvas.paint(sewing.canvas.patch(outline), sewing.cloth, folds=folds, shadow=0.45)
    elastic = band(curve([(-width + 6, y + 2), (0, y + 16), (width - 6, y + 2)]), 11)
    sewing.canvas.paint(sewing.canvas.patch(elastic), sewing.cloth, folds=gathers(-width, width, y, length=16, rng=sewing.rng, every=7), volume=0.8)


def _ribbons(sewing: Sewing, top: Top) -> None:
    for index in range(3):
        ribbon_bow(sewing, 0, neckline(top)[0][1] + 34 + index * 56, size=0.62 - 0.06 * index, cloth=sewing.accent, tails=24)


def _waist_bow(sewing: Sewing, top: Top) -> None:
    ribbon_bow(sewing, 0, top.waist_y, size=1.15, cloth=sewing.accent, tails=84)


def _pearls(sewing: Sewing, top: Top) -> None:
    half = neckline(top)
    line = curve([*flip(reversed(half)), *half[1:]])
    for ring, spread in ((0, 1.06), (1, 1.16)):
        for x, y, _ in along([(a * spread, b + 7 + 9 * ring) for a, b in line], 10.5):
            sewing.button(x, y, radius=3.3, colour=PEARL)


def _chain(sewing: Sewing, top: Top) -> None:
    y = NECK_Y
    for drop, colour in ((150, GOLD), (116, shift(GOLD, -16))):
        line = curve([(-46, y + 14), (-34, y + drop * 0.72), (0, y + drop), (34, y + drop * 0.72), (46, y + 14)])
        for x, h, turn in along(line, 8):
            link = sewing.canvas.patch(ellipse(x, h, 5.6, 3.6, turn=turn), holes=[ellipse(x, h, 2.8, 1.3, turn=turn)])
            sewing.canvas.darken(link, 0.4, spread=2, drop=1)
            sewing.canvas.fill(link, colour)
    sewing.button(0, y + 160, radius=12, colour=GOLD)


def _pins(sewing: Sewing, top: Top) -> None:
    for x, y, turn in ((-52, NECK_Y + 92, 0.4), (46, NECK_Y + 128, -0.5), (-30, top.length - 88, 0.15), (58, top.length - 126, 1.0)):
        cos, sin = math.cos(turn), math.sin(turn)
        wire = [(px * cos - py * sin + x, px * sin + py * cos + y) for px, py in ((-17, 4), (-20, 0), (-17, -4), (14, -4), (18, 0), (14, 3), (-17, 4))]
        sewing.canvas.darken(sewing.canvas.patch(box(x, y + 2, 34, 6, turn=turn)), 0.35, spread=2)
        sewing.canvas.line(wire, STEEL, width=2.2)
        sewing.canvas.fill(sewing.canvas.patch(ellipse(x + 16 * cos, y + 16 * sin, 4.4, 4.4)), shift(STEEL, 20))


def _rips(sewing: Sewing, top: Top) -> None:
    for x, y, width in ((-44, NECK_Y + 190, 58), (40, NECK_Y + 236, 66), (-16, top.length - 60, 50)):
        rip(sewing, x, y, width=width)


def rip(sewing: Sewing, x: float, y: float, *, width: float, turn: float = 0.0) -> None:
    """A torn slit with loose threads across it."""
    rng, canvas = sewing.rng, sewing.canvas
    upper = [(x - width / 2 + width * i / 8, y - (0 if i in (0, 8) else rng.uniform(4, 9)) + turn * i) for i in range(9)]
    lower = [(x + width / 2 - width * i / 8, y + (0 if i in (0, 8) else rng.uniform(4, 9)) + turn * (8 - i)) for i in range(9)]
    canvas.fill(canvas.patch([*upper, *lower]), (58, 44, 42) if sum(sewing.cloth.colours[0]) > 240 else (196, 160, 140))
    pale = shift(sewing.cloth.colours[0], 96)
    for index in range(7):
        at = upper[1 + index][0] + rng.uniform(-2, 2)
        canvas.line([(at, upper[1 + index][1] - 2), (at + rng.uniform(-4, 4), lower[7 - index][1] + 3)], pale, width=1.5)
    canvas.line(list(upper), pale, width=1.8)
    canvas.line(list(lower), pale, width=1.8)


def _tie(sewing: Sewing, top: Top) -> None:
    y, canvas = neckline(top)[0][1] - 4, sewing.canvas
    blade = [(-7, y + 12, 1.0), (7, y + 12, 1.0), (19, y + 178, 1.0), (0, y + 204, 1.0), (-19, y + 178, 1.0)]
    canvas.paint(canvas.patch(loop(blade)), sewing.accent, folds=[Fold(-3, y + 14, 5, y + 190, 6, 1.6)], grain=Grain(0.75), shadow=0.55)
    knot = [(-15, y - 5, 1.0), (15, y - 5, 1.0), (8, y + 17, 1.0), (-8, y + 17, 1.0)]
    canvas.paint(canvas.patch(loop(knot)), sewing.accent, grain=Grain(-0.6), shadow=0.5)


def _goreum(sewing: Sewing, top: Top) -> None:
    """The long ribbon of a hanbok jacket, tied in a single loop."""
    x, y, canvas = 12.0, neckline(top)[0][1] + 6, sewing.canvas
    for sway, length in ((-2.0, 232.0), (20.0, 196.0)):
        tail = band(curve([(x, y), (x + sway * 0.3, y + length * 0.5), (x + sway, y + length)]), 20, end_width=27)
        canvas.paint(canvas.patch(tail), sewing.accent, folds=[Fold(x, y, x + sway, y + length, 5, 2)], shadow=0.45)
    wing = loop([(x, y - 6, 1), (x + 34, y - 18), (x + 78, y - 4), (x + 76, y + 16), (x + 34, y + 13), (x, y + 9, 1)])
    canvas.paint(canvas.patch(wing), sewing.accent, folds=[Fold(x, y, x + 66, y + 3, 6, 2.6)], shadow=0.48)
    canvas.paint(canvas.patch(ellipse(x, y + 2, 13, 15)), sewing.accent, shadow=0.45)


def _git(sewing: Sewing, top: Top) -> None:
    """The crossed collar band with its white edge, of hanbok and dobok."""
    w, y = neck_width(top), NECK_Y
    low = neckline(top)[0][1]
    back = curve([(-w - 2, y), (0, y - 8), (w + 2, y)])
    sewing.canvas.paint(sewing.canvas.patch(band(back, 20)), sewing.accent, dim=0.78)
    for side, reach in ((-1, 0.0), (1, 26.0)):
        line = curve([(side * w, y - 2), (side * w * 0.72, y + 46), (-side * reach, low + reach * 1.1)])
        sewing.canvas.paint(sewing.canvas.patch(band(line, 24)), sewing.accent, shadow=0.45, volume=0.8)
        white = [(a - side * 9, b) for a, b in line]
        sewing.canvas.paint(sewing.canvas.patch(band(white, 7)), sewing.cloth.of("cotton", (250, 248, 242)), volume=0.4, shadow=0.2)


def _sleeve_stripes(sewing: Sewing, top: Top) -> None:
    if top.sleeve not in SLEEVES:
        return
    shoulder, _, outer, _, cut = sleeve_points(top)
    for side in (-1, 1):
        for inset in (10, 18, 26):
            nx, ny = -math.cos(math.radians(cut.angle)) * inset, math.sin(math.radians(cut.angle)) * inset
            sewing.canvas.line([(side * (shoulder[0] + nx + 6), shoulder[1] + ny + 6), (side * (outer[0] + nx), outer[1] + ny - 4)], sewing.accent.colours[0], width=4.4)


def _bands(sewing: Sewing, top: Top) -> None:
    """College bands in the accent colours around V-neck and hem."""
    half = neckline(top)
    line = curve([*flip(reversed(half)), *half[1:]])
    for inset, cloth in ((12, sewing.accent), (20, sewing.accent.second())):
        sewing.canvas.paint(sewing.canvas.patch(band([(x * (1 + inset / 90), y + inset) for x, y in line], 6)), cloth.of("rib", cloth.colours[0]), volume=0.3, shadow=0.0)
    for up, cloth in ((40, sewing.accent), (30, sewing.accent.second())):
        hem = curve([(-top.hem + 1, top.length - up), (0, top.length - up + 7), (top.hem - 1, top.length - up)])
        sewing.canvas.paint(sewing.canvas.patch(band(hem, 7)), cloth.of("rib", cloth.colours[0]), volume=0.3, shadow=0.0)


def _embroidery(sewing: Sewing, top: Top) -> None:
    from .motifs import MOTIFS

    colours = sewing.accent.colours
    for side in (-1, 1):
        for step in range(5):
            x, y = side * (24 + 11 * step), NECK_Y + 150 - 17 * step
            for points, tint in MOTIFS["daisy"](colours, sewing.rng):
                sewing.canvas.fill(sewing.canvas.patch([(x + px * 11, y + py * 11) for px, py in points]), tint)


def _straps(sewing: Sewing, top: Top) -> None:
    for y in (NECK_Y + 168, NECK_Y + 214):
        strip = band([(-top.chest + 8, y - 10), (top.chest - 8, y + 8)], 12)
        sewing.canvas.paint(sewing.canvas.patch(strip), sewing.cloth.of("leather", (34, 32, 34)), shadow=0.5)
        sewing.canvas.fill(sewing.canvas.patch(box(18, y, 17, 19), holes=[box(18, y, 9, 11)]), STEEL)


def _patches(sewing: Sewing, top: Top) -> None:
    for x, y, size in ((-54, NECK_Y + 96, 40), (56, NECK_Y + 170, 46)):
        sewing.canvas.paint(sewing.canvas.patch(box(x, y, size, size * 0.9, turn=0.12)), sewing.accent, shadow=0.4)
        sewing.canvas.stitch([(x - size / 2, y - size / 2 + 4), (x + size / 2, y - size / 2 + 8)], sewing.thread)


TRIMS: dict[str, Callable[[Sewing, Top], None]] = {
    "studs": _studs, "stud_hem": _stud_hem, "fringe": _fringe, "fringe_hem": _fringe_hem, "yoke": _yoke, "epaulettes": _epaulettes,
    "lace_yoke": _lace_yoke, "lace_hem": _lace_hem, "lace_front": _lace_front, "ruffle_front": _ruffle_front, "ruffle_band": _ruffle_band,
    "ribbons": _ribbons, "waist_bow": _waist_bow, "pearls": _pearls, "chain": _chain, "pins": _pins, "rips": _rips, "tie": _tie,
    "goreum": _goreum, "git": _git, "sleeve_stripes": _sleeve_stripes, "bands": _bands, "embroidery": _embroidery, "straps": _straps,
    "patches": _patches,
}
