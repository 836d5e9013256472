"""Boots and sneakers; `accessories` looks them up."""

from .geometry import Fold, Knot, band, box, loop, moved
from .sewing import Sewing, shift

SHAFTS: dict[str, list[Knot]] = {
    "plain": [
        (-42, 240, 1),
        (60, 234, 1),
        (54, 380),
        (66, 434),
        (120, 462),
        (160, 490),
        (160, 520, 1),
        (60, 514),
        (-36, 508, 1),
        (-38, 440),
        (-30, 360),
    ],
    "western": [
        (-44, 204, 1),
        (-8, 228),
        (30, 230),
        (62, 198, 1),
        (56, 380),
        (70, 440),
        (130, 470),
        (160, 500),
        (152, 520, 1),
        (60, 514),
        (-34, 506, 1),
        (-36, 440),
        (-30, 360),
    ],
}
SOLES: dict[str, list[Knot]] = {
    "flat": [(-32, 500, 1), (60, 510), (158, 514), (164, 538), (60, 540), (-34, 540, 1)],
    "heel": [
        (-30, 500, 1),
        (60, 512),
        (156, 516),
        (162, 534),
        (60, 534),
        (24, 530, 1),
        (16, 552, 1),
        (-32, 552, 1),
    ],
}


def boots(sewing: Sewing, trims: tuple[str, ...]) -> None:
    """A pair of boots, plain, laced, buckled or western."""
    for x, y in ((-4.0, -26.0), (-112.0, 14.0)):
        _one_boot(sewing, trims, x, y)
        if "western" in trims:
            _tooling(sewing, x, y)
        if "laces" in trims:
            _laces(sewing, x, y)
        if "buckles" in trims:
            _buckles(sewing, x, y)


def _one_boot(sewing: Sewing, trims: tuple[str, ...], x: float, y: float) -> None:
    canvas = sewing.canvas
    sole = moved(SOLES["heel" if "heel" in trims else "flat"], x, y)
    rubber = sewing.accent.of("rubber", sewing.accent.colours[0])
    canvas.paint(canvas.patch(loop(sole)), rubber, volume=0.8)
    shaft = moved(SHAFTS["western" if "western" in trims else "plain"], x, y)
    folds = [
        Fold(x - 30, y + 420, x + 66, y + 426, 8, -2.6, 6),
        Fold(x - 30, y + 396, x + 54, y + 388, 8, 2.4, 5),
    ]
    canvas.paint(canvas.patch(loop(shaft)), sewing.cloth, volume=1.7, folds=folds, shadow=0.5)


def _tooling(sewing: Sewing, x: float, y: float) -> None:
    """The stitched ornaments of a western boot."""
    colour = shift(sewing.cloth.colours[0], 84)
    for drop in (280, 312):
        diamond: list[Knot] = [(8, 0), (34, 26), (10, 56), (-18, 26), (8, 0)]
        sewing.canvas.stitch(moved(diamond, x, y + drop), colour, spacing=5)
    toe: list[Knot] = [(70, 452), (104, 464), (128, 484), (100, 500)]
    sewing.canvas.stitch(moved(toe, x, y), colour)


def _laces(sewing: Sewing, x: float, y: float) -> None:
    for step in range(8):
        height, shear = y + 256 + step * 22.5, 6 * max(0, step - 5)
        left, right = x + 26 + shear, x + 59 + shear * 1.6
        for ends in ([(left, height), (right, height + 9)], [(right, height), (left, height + 9)]):
            sewing.canvas.line(ends, sewing.accent.colours[-1], width=3.4)
        sewing.button(left, height, radius=2.6)
        sewing.button(right, height + 9, radius=2.6)


def _buckles(sewing: Sewing, x: float, y: float) -> None:
    canvas = sewing.canvas
    for drop in (396.0, 330.0):
        strap = moved([(-38, 0), (66, 10), (66, 28), (-38, 18)], x, y + drop)
        canvas.paint(canvas.patch([(k[0], k[1]) for k in strap]), sewing.cloth, shadow=0.5)
        middle = (x + 40, y + drop + 17)
        frame = canvas.patch(box(*middle, 24, 24), holes=[box(*middle, 13, 13)])
        canvas.fill(frame, sewing.metal)
        sewing.stud(x + 4, y + drop + 13, radius=4)


SNEAKER_SOLE: list[Knot] = [
    (-163, 460, 1),
    (0, 467),
    (176, 458, 1),
    (179, 484),
    (160, 500),
    (0, 503),
    (-150, 500),
    (-168, 484),
]
TOE: list[Knot] = [
    (96, 416, 1),
    (142, 430),
    (168, 450),
    (166, 470, 1),
    (82, 470, 1),
    (100, 440),
]
HEEL: list[Knot] = [(-159, 396, 1), (-118, 398, 1), (-110, 468, 1), (-154, 468, 1)]


def sneakers(sewing: Sewing, trims: tuple[str, ...]) -> None:
    """A pair of sneakers, low or high."""
    rise = 46.0 if "high" in trims else 0.0
    for x, y in ((22.0, -150.0), (-22.0, 6.0)):
        _sneaker_upper(sewing, x, y, rise=rise)
        _sneaker_sole(sewing, x, y)
        for step in range(6):
            share = step / 5
            start = (x - 64 + 84 * share, y + 350 - rise * (1 - share) ** 1.2 + 52 * share)
            _lace(sewing, start, (start[0] + 30, start[1] - 10 + 8 * share))


def _sneaker_upper(sewing: Sewing, x: float, y: float, *, rise: float) -> None:
    canvas, top = sewing.canvas, 346 - rise
    tongue: list[Knot] = [
        (-84, top + 2, 1),
        (-52, top - 22),
        (-30, top - 6, 1),
        (30, 392, 1),
        (-30, 410, 1),
    ]
    canvas.paint(canvas.patch(loop(moved(tongue, x, y))), sewing.accent)
    upper: list[Knot] = [
        (-156, top, 1),
        (-110, top + 10),
        (-70, top - 2, 1),
        (-34, 370 - rise * 0.4),
        (36, 404),
        (116, 420),
        (164, 448),
        (166, 470, 1),
        (0, 470),
        (-150, 468, 1),
        (-158, 410),
    ]
    folds = [Fold(x + 20, y + 410, x + 60, y + 460, 8, -2)]
    canvas.paint(canvas.patch(loop(moved(upper, x, y))), sewing.cloth, volume=1.6, folds=folds)


def _sneaker_sole(sewing: Sewing, x: float, y: float) -> None:
    canvas, stripe = sewing.canvas, sewing.accent.colours[0]
    for part in (TOE, HEEL):
        canvas.paint(canvas.patch(loop(moved(part, x, y))), sewing.accent, shadow=0.35)
    wave: list[Knot] = [(-106, 436), (-60, 452), (-10, 436), (44, 414)]
    canvas.line(moved(wave, x, y), stripe, width=9)
    rubber = sewing.cloth.of("rubber", (246, 244, 238))
    canvas.paint(canvas.patch(loop(moved(SNEAKER_SOLE, x, y))), rubber, shadow=0.5)
    canvas.line(moved([(-160, 486), (0, 490), (172, 482)], x, y), stripe, width=4)


def _lace(sewing: Sewing, start: tuple[float, float], end: tuple[float, float]) -> None:
    shade = band([(start[0], start[1] + 2), (end[0], end[1] + 2)], 6)
    sewing.canvas.darken(sewing.canvas.patch(shade), 0.4, spread=2)
    sewing.canvas.line([start, end], (250, 250, 248), width=6)
