"""Closures, pockets and belts on the front of an upper body; `garments` draws them after the body."""

from collections.abc import Callable

from .canvas import Grain
from .geometry import Fold, Knot, Point, box, curve, ellipse, loop
from .sewing import Sewing, shift
from .upper import NECK_Y, Top, neckline


def draw_closure(sewing: Sewing, top: Top) -> None:
    """The front closure named by the cut; none for an empty name."""
    if top.closure:
        CLOSURES[top.closure](sewing, top)


def draw_pockets(sewing: Sewing, top: Top) -> None:
    """The pockets named by the cut; none for an empty name."""
    if top.pockets:
        POCKETS[top.pockets](sewing, top)


def _span(top: Top) -> tuple[float, float]:
    """Where a front closure starts and ends."""
    end = {"shirt": 0.0, "cutaway": -66.0, "waistcoat": -24.0}.get(top.hem_shape, -4.0)
    return neckline(top)[0][1] + 4, top.length + end


def _buttons(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    placket = [(-11.0, start), (11.0, start + 1), (11.0, end + 4), (-11.0, end + 4)]
    sewing.canvas.paint(sewing.canvas.patch(placket), sewing.cloth, volume=0.35, shadow=0.3)
    sewing.canvas.seam([(-8, start), (-8, end)], width=1.0, depth=0.12)
    sewing.canvas.seam([(8, start), (8, end)], width=1.0, depth=0.12)
    count = max(4, round((end - start) / 58))
    for index in range(count):
        sewing.button(0, start + 14 + (end - start - 34) * index / (count - 1))


def _hidden(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    sewing.canvas.darken(sewing.canvas.patch(box(7, (start + end) / 2, 5, end - start)), 0.3)
    sewing.canvas.seam([(5, start), (5, end)], width=1.6, depth=0.34)


def _henley(sewing: Sewing, top: Top) -> None:
    start = neckline(top)[0][1] + 2
    sewing.canvas.paint(sewing.canvas.patch(box(0, start + 38, 20, 80)), sewing.cloth, volume=0.5)
    for index in range(3):
        sewing.button(0, start + 12 + 25 * index, radius=3.6)


def _jacket(sewing: Sewing, top: Top) -> None:
    """Single-breasted: the left front over the right, two or three buttons."""
    start, end = _span(top)
    canvas = sewing.canvas
    canvas.darken(canvas.patch(box(-4, (start + end) / 2, 6, end - start)), 0.35)
    canvas.seam([(-3, start), (-3, end - 26), (-16, end + 2)], width=1.7, depth=0.42)
    for index in range(3 if top.length > 500 else 2):
        sewing.button(6, start + 10 + 52 * index, radius=5.2)


def _double(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    canvas = sewing.canvas
    canvas.darken(canvas.patch(box(-34, (start + end) / 2 + 10, 6, end - start - 20)), 0.32)
    canvas.seam([(-4, start), (-33, start + 24), (-33, end)], width=1.7, depth=0.42)
    for index in range(4 if top.length > 500 else 3):
        for side in (-1, 1):
            sewing.button(side * 25 + 2, start + 26 + 54 * index, radius=5.4)


def _zip(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    sewing.zip([(0, start), (0, end)])


def _half_zip(sewing: Sewing, top: Top) -> None:
    start, _ = _span(top)
    sewing.zip([(0, start - 4), (0, start + 96)])


def _biker(sewing: Sewing, top: Top) -> None:
    y, end = NECK_Y + 140, top.length
    sewing.canvas.darken(sewing.canvas.patch([(12, y), (-6, y), (-34, end), (-20, end)]), 0.36)
    sewing.zip([(14, y - 12), (-14, y + 90), (-26, end - 2)], width=6)


def _frogs(sewing: Sewing, top: Top) -> None:
    """Knotted cord closures along a slanted opening."""
    canvas, colour = sewing.canvas, sewing.accent.colours[0]
    y = NECK_Y + 34
    edge: list[Knot] = [(0, y), (30, y + 22), (top.chest * 0.86, y + 92)]
    canvas.line(edge, colour, width=3.4)
    for x, height in ((3, y + 4), (34, y + 26), (72, y + 66)):
        for side in (-1, 1):
            canvas.line([(x, height), (x + side * 15, height - 6), (x + side * 19, height), (x + side * 15, height + 6), (x, height)], colour, width=2.6)
        sewing.button(x, height, radius=4, colour=colour)


def _frogs_centre(sewing: Sewing, top: Top) -> None:
    canvas, colour = sewing.canvas, sewing.accent.colours[0]
    start, end = _span(top)
    _hidden(sewing, top)
    for index in range(5):
        y = start + 18 + (end - start - 70) * index / 4
        for side in (-1, 1):
            canvas.line([(4, y), (4 + side * 30, y - 7), (4 + side * 36, y), (4 + side * 30, y + 7), (4, y)], colour, width=3)
        sewing.button(4, y, radius=4.6, colour=colour)


def _wrap(sewing: Sewing, top: Top) -> None:
    """One front laid across the other."""
    start, y = neckline(top)[0][1], NECK_Y
    canvas = sewing.canvas
    low = min(top.waist_y, top.length) - 4
    canvas.darken(canvas.patch([(0, start), (10, start + 8), (-top.waist + 10, low), (-top.waist + 2, low - 10)]), 0.3)
    canvas.seam([(34, y + 40), (0, start), (-top.waist * 0.6, low - 34), (-top.waist + 3, low)], width=1.9, depth=0.4)


def _lacing(sewing: Sewing, top: Top) -> None:
    start = neckline(top)[0][1] + 6 if top.sleeve != "strap" else NECK_Y + 84
    cord, canvas = sewing.accent.colours[0], sewing.canvas
    end = min(top.length - 20, start + 150)
    canvas.tone(canvas.patch(box(0, (start + end) / 2, 13, end - start)), 0.45)
    steps = int((end - start) / 19)
    for index in range(steps):
        y = start + 9 + index * 19
        canvas.line([(-13, y), (13, y + 15)], cord, width=2.8)
        canvas.line([(13, y), (-13, y + 15)], cord, width=2.8)
        for side in (-1, 1):
            sewing.button(side * 14, y, radius=2.6)
    for side in (-1, 1):
        canvas.line([(0, start + 6), (side * 18, start + 30), (side * 13, start + 62)], cord, width=2.4)


def _toggles(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    canvas, cord = sewing.canvas, (92, 66, 44)
    _hidden(sewing, top)
    for index in range(4):
        y = start + 26 + (min(end, 470) - start - 50) * index / 3
        for side in (-1, 1):
            canvas.paint(canvas.patch([(side * 34 + 5, y - 10), (side * 34 + 17 * side, y - 10), (side * 34 + 17 * side, y + 10), (side * 34 + 5, y + 10)]), sewing.cloth.of("leather", cord))
            canvas.line([(side * 36, y), (side * 6, y + 3)], cord, width=2.6)
        canvas.paint(canvas.patch(loop([(-13, y + 1), (3, y - 5), (19, y + 1), (3, y + 7)])), sewing.cloth.of("suede", (176, 136, 92)))


CLOSURES: dict[str, Callable[[Sewing, Top], None]] = {
    "buttons": _buttons, "hidden": _hidden, "henley": _henley, "jacket": _jacket, "double": _double, "zip": _zip,
    "half_zip": _half_zip, "biker": _biker, "frogs": _frogs, "frogs_centre": _frogs_centre, "wrap": _wrap,
    "lacing": _lacing, "toggles": _toggles,
}


def patch_pocket(sewing: Sewing, x: float, y: float, *, width: float, height: float, flap: bool = False, pleat: bool = False, point: bool = False) -> None:
    """A sewn-on pocket; (x, y) is the middle of its upper edge."""
    canvas, w = sewing.canvas, width / 2
    tip = height * 0.14 if point else 0
    bag: list[Knot] = [(x - w, y, 1), (x + w, y, 1), (x + w, y + height - tip - 4, 1), (x, y + height, 1) if point else (x, y + height), (x - w, y + height - tip - 4, 1)]
    canvas.paint(canvas.patch(loop(bag)), sewing.cloth, volume=0.7, shadow=0.4)
    inset: list[Knot] = [(x - w + 3.5, y + 3), (x - w + 3.5, y + height - tip - 7, 1), (x, y + height - 4, 1), (x + w - 3.5, y + height - tip - 7, 1), (x + w - 3.5, y + 3)]
    canvas.stitch(inset, sewing.thread, spacing=4.4)
    if pleat:
        canvas.seam([(x - 4, y), (x - 4, y + height - 6)], depth=0.25)
        canvas.seam([(x + 4, y), (x + 4, y + height - 6)], depth=0.25)
    if flap:
        deep = height * 0.36
        lid: list[Knot] = [(x - w - 2, y - 5, 1), (x + w + 2, y - 5, 1), (x + w + 2, y + deep - 6, 1), (x, y + deep + 5, 1), (x - w - 2, y + deep - 6, 1)]
        canvas.paint(canvas.patch(loop(lid)), sewing.cloth, volume=0.8, shadow=0.5)
        sewing.button(x, y + deep - 5, radius=3.6)


def _chest(sewing: Sewing, top: Top) -> None:
    patch_pocket(sewing, 50, NECK_Y + 96, width=48, height=54, point=True)


def _chest_flaps(sewing: Sewing, top: Top) -> None:
    for side in (-1, 1):
        patch_pocket(sewing, side * 53, NECK_Y + 96, width=50, height=58, flap=True, pleat="cargo" in top.trims)


def _western(sewing: Sewing, top: Top) -> None:
    for side in (-1, 1):
        patch_pocket(sewing, side * 53, NECK_Y + 100, width=48, height=52, flap=True, point=True)


def _cargo(sewing: Sewing, top: Top) -> None:
    _chest_flaps(sewing, top)
    low = min(top.length - 104, NECK_Y + 268)
    for side in (-1, 1):
        patch_pocket(sewing, side * 60, low, width=66, height=76, flap=True, pleat=True)


def _patches(sewing: Sewing, top: Top) -> None:
    for side in (-1, 1):
        patch_pocket(sewing, side * 60, top.length - 132, width=66, height=80)


def _flaps(sewing: Sewing, top: Top) -> None:
    """Flap pockets of a tailored jacket and a breast welt."""
    canvas, y = sewing.canvas, min(top.waist_y + 44, top.length - 70)
    for side in (-1, 1):
        flap = loop([(side * 34, y, 1), (side * 90, y - 5, 1), (side * 90, y + 15), (side * 35, y + 20)])
        canvas.paint(canvas.patch(flap), sewing.cloth, volume=0.7, shadow=0.5)
    welt: list[Point] = [(42, NECK_Y + 118), (80, NECK_Y + 110), (81, NECK_Y + 121), (43, NECK_Y + 129)]
    canvas.paint(canvas.patch(welt), sewing.cloth, volume=0.6, shadow=0.5)


def _bib(sewing: Sewing, top: Top) -> None:
    """The bib pocket and strap buckles of dungarees."""
    patch_pocket(sewing, 0, NECK_Y + 112, width=82, height=74)
    for side in (-1, 1):
        sewing.button(side * 60, NECK_Y + 84, radius=7)


def _welts(sewing: Sewing, top: Top) -> None:
    y = min(top.waist_y + 40, top.length - 90)
    for side in (-1, 1):
        welt = box(side * 62, y + 24, 13, 66, turn=side * 0.28)
        sewing.canvas.paint(sewing.canvas.patch(welt), sewing.cloth, volume=0.7, shadow=0.5, grain=Grain(side * 0.28))


def _kangaroo(sewing: Sewing, top: Top) -> None:
    y, canvas = top.length - 138, sewing.canvas
    bag: list[Knot] = [(-44, y, 1), (44, y, 1), (80, y + 58), (82, y + 100, 1), (-82, y + 100, 1), (-80, y + 58)]
    canvas.paint(canvas.patch(loop(bag)), sewing.cloth, volume=0.8, shadow=0.42, folds=[Fold(-30, y + 20, 10, y + 92, 9, 1.6)])
    for side in (-1, 1):
        canvas.stitch([(side * 41, y + 3), (side * 76, y + 59), (side * 78, y + 97)], sewing.thread)


def _zips(sewing: Sewing, top: Top) -> None:
    y = top.length - 120
    for side in (-1, 1):
        sewing.zip([(side * 84, y), (side * 50, y + 44)], width=4)
    if "biker" in top.closure:
        sewing.zip([(44, NECK_Y + 146), (84, NECK_Y + 132)], width=4)


POCKETS: dict[str, Callable[[Sewing, Top], None]] = {
    "chest": _chest, "chest_flaps": _chest_flaps, "western": _western, "cargo": _cargo, "patches": _patches,
    "flaps": _flaps, "welts": _welts, "kangaroo": _kangaroo, "zips": _zips, "bib": _bib,
}


def draw_belt(sewing: Sewing, *, y: float, half: float, kind: str) -> None:
    """A belt at height y over a waist `half` wide: tied, buckled, or an obi."""
    canvas, height = sewing.canvas, {"obi": 62.0, "tie": 20.0, "wide": 34.0}.get(kind, 18.0)
    strip: list[Knot] = [(-half - 3, y - height / 2, 1), (0, y - height / 2 + 4), (half + 3, y - height / 2, 1), (half + 3, y + height / 2, 1), (0, y + height / 2 + 4), (-half - 3, y + height / 2, 1)]
    leather = kind in ("buckle", "wide")
    cloth = sewing.accent.of("leather", sewing.accent.colours[0]) if leather else sewing.accent
    canvas.paint(canvas.patch(loop(strip)), cloth, volume=0.8, shadow=0.5)
    if kind == "obi":
        cord = sewing.accent.colours[1]
        canvas.line([(-half - 3, y), (0, y + 4), (half + 3, y)], cord, width=5)
        canvas.fill(canvas.patch(ellipse(0, y + 4, 8, 8)), shift(cord, 18))
    if leather:
        wide, tall = 26.0, height + 10
        canvas.darken(canvas.patch(box(0, y + 4, wide, tall)), 0.5, spread=2)
        frame = canvas.patch(box(0, y + 3, wide, tall), holes=[box(0, y + 3, wide - 10, tall - 11)])
        canvas.fill(frame, sewing.metal)
        canvas.fill(canvas.patch(box(3, y + 3, wide * 0.62, 3)), shift(sewing.metal, 30))
    if kind == "tie":
        _sash_tails(sewing, y)


def _sash_tails(sewing: Sewing, y: float) -> None:
    canvas, x = sewing.canvas, 16.0
    for sway, length in ((-8.0, 104.0), (14.0, 86.0)):
        tail = loop([(x - 6, y, 1), (x + sway - 10, y + length, 1), (x + sway + 9, y + length - 3, 1), (x + 7, y, 1)])
        canvas.paint(canvas.patch(tail), sewing.accent, folds=[Fold(x, y, x + sway, y + length, 4, 2)], shadow=0.42)
    for side in (-1, 1):
        wing = loop([(x, y, 1), (x + side * 20, y - 13), (x + side * 32, y + 2), (x + side * 18, y + 11)])
        canvas.paint(canvas.patch(wing), sewing.accent, folds=[Fold(x, y, x + side * 24, y, 3, 2)], shadow=0.4)
    canvas.paint(canvas.patch(loop(curve([(x - 8, y - 8), (x + 8, y - 8), (x + 8, y + 10), (x - 8, y + 10)]))), sewing.accent, shadow=0.4)
