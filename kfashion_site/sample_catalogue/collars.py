"""Collars, hoods and bows at the neck; `garments` draws one after the body."""

from collections.abc import Callable

from .canvas import Grain
from .cloth import Cloth
from .geometry import Fold, Knot, band, box, curve, ellipse, flip, loop
from .sewing import Sewing, gathers
from .upper import NECK_Y, Top, neck_width, neckline


def draw_collar(sewing: Sewing, top: Top) -> None:
    """The collar named by the cut; none for an empty name."""
    if top.collar:
        COLLARS[top.collar](sewing, top)


def _pair(sewing: Sewing, knots: list[Knot], cloth: Cloth, *, turn: float = 0.5, edge: bool = True) -> None:
    """A collar leaf and its mirror image, with topstitching along the outer edge."""
    for side in (-1, 1):
        mine = knots if side > 0 else flip(knots)
        patch = sewing.canvas.patch(loop(mine))
        sewing.canvas.paint(patch, cloth, grain=Grain(turn * side, 0, NECK_Y), volume=0.8, shadow=0.5)
        if edge:
            inner = [(k[0] * 0.95, k[1] - 4) for k in mine[1:4]]
            sewing.canvas.seam(inner, width=1.1, depth=0.14)


def _stand(sewing: Sewing, top: Top, cloth: Cloth, *, height: float = 16) -> None:
    """The part of a collar that stands behind the neck."""
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    knots: list[Knot] = [
        (-w - 4, y + 4, 1), (-w * 0.72, y - height), (0, y - height - 2), (w * 0.72, y - height), (w + 4, y + 4, 1), (0, y + 17),
    ]
    canvas.paint(canvas.patch(loop(knots)), cloth, dim=0.74, volume=0.7)


def _shirt(sewing: Sewing, top: Top) -> None:
    _leaves(sewing, top, reach=34, drop=36)


def _pointed(sewing: Sewing, top: Top) -> None:
    _leaves(sewing, top, reach=64, drop=66)


def _leaves(sewing: Sewing, top: Top, *, reach: float, drop: float) -> None:
    cloth = sewing.accent if "contrast" in top.trims else sewing.cloth
    w, y = neck_width(top), NECK_Y
    _stand(sewing, top, cloth)
    centre = min(neckline(top)[0][1], y + 76) + 1
    _pair(
        sewing,
        [(w * 0.74, y - 15, 1), (w + 9, y + 11), (reach, centre + drop, 1), (1, centre, 1), (w * 0.55, y + 12)],
        cloth, edge=True,
    )
    if "tipped" in top.trims:
        for side in (-1, 1):
            sewing.canvas.line([(side * (w + 6), y + 17), (side * (reach - 3), centre + drop - 6), (side * 5, centre + 4)],
                               sewing.accent.colours[1], width=2.2)


def _peter_pan(sewing: Sewing, top: Top) -> None:
    cloth = sewing.accent if "contrast" in top.trims else sewing.cloth
    w, y = neck_width(top), NECK_Y
    centre = neckline(top)[0][1]
    _pair(
        sewing,
        [(w - 1, y - 3, 1), (w + 30, y + 16), (w + 20, centre + 22), (26, centre + 34), (2, centre + 6, 1), (w * 0.64, centre - 10)],
        cloth,
    )
    if "lace_edge" in top.trims:
        lace = sewing.cloth.of("lace", (255, 253, 248))
        for side in (-1, 1):
            edge = [(w + 31, y + 16), (w + 21, centre + 24), (26, centre + 36), (4, centre + 10)]
            sewing.canvas.paint(sewing.canvas.patch(band(curve([(side * a, b) for a, b in edge]), 12)), lace)


def _sailor(sewing: Sewing, top: Top) -> None:
    w, y = neck_width(top), NECK_Y
    centre = neckline(top)[0][1]
    knots: list[Knot] = [(w * 0.8, y - 6, 1), (w + 48, y + 8), (w + 40, y + 70, 1), (6, centre + 26, 1), (0, centre, 1)]
    _pair(sewing, knots, sewing.accent)
    for inset in (8, 14):
        for side in (-1, 1):
            sewing.canvas.line(
                [(side * (w + 46 - inset), y + 14), (side * (w + 40 - inset), y + 64, 1), (side * 9, centre + 25 - inset * 0.4)],
                sewing.accent.colours[1], width=1.8)


def _notch(sewing: Sewing, top: Top) -> None:
    _lapels(sewing, top, peak=False)


def _peak(sewing: Sewing, top: Top) -> None:
    _lapels(sewing, top, peak=True)


def _lapels(sewing: Sewing, top: Top, *, peak: bool) -> None:
    cloth = sewing.accent if "satin_lapel" in top.trims else sewing.cloth
    w, y = neck_width(top), NECK_Y
    low = neckline(top)[0][1] + 4
    tip = (w + 40, y + 52, 1) if peak else (w + 34, y + 70, 1)
    lapel: list[Knot] = [(w * 0.9, y + 36, 1), tip, (w + 18, y + 118), (4, low + 6, 1), (w * 0.48, y + 78)]
    _stand(sewing, top, cloth)
    for side in (-1, 1):
        _one_leaf(sewing, lapel, cloth, side)
    fall: list[Knot] = [(w * 0.7, y - 16, 1), (w + 10, y + 4), (w + 31, y + 52 + (8 if not peak else -4), 1), (w * 0.98, y + 63, 1), (w * 0.72, y + 30)]
    velvet = sewing.cloth.of("velvet", sewing.accent.colours[0]) if "velvet_collar" in top.trims else cloth
    for side in (-1, 1):
        _one_leaf(sewing, fall, velvet, side)


def _one_leaf(sewing: Sewing, knots: list[Knot], cloth: Cloth, side: int) -> None:
    mine = knots if side > 0 else flip(knots)
    canvas = sewing.canvas
    canvas.paint(canvas.patch(loop(mine)), cloth, grain=Grain(-0.35 * side, 0, NECK_Y), volume=0.8, shadow=0.55)
    if "piping" in sewing.trims:
        canvas.line(mine[:4], sewing.accent.colours[0], width=3.2)


def _shawl(sewing: Sewing, top: Top) -> None:
    cloth = sewing.accent if "satin_lapel" in top.trims else sewing.cloth
    w, y = neck_width(top), NECK_Y
    low = neckline(top)[0][1] + 4
    _stand(sewing, top, cloth)
    for side in (-1, 1):
        _one_leaf(sewing, [(w * 0.7, y - 15, 1), (w + 14, y + 10), (w + 26, y + 78), (4, low + 4, 1), (w * 0.5, y + 62)], cloth, side)


def _mandarin(sewing: Sewing, top: Top) -> None:
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    cloth = sewing.accent if "contrast" in top.trims else sewing.cloth
    _stand(sewing, top, cloth, height=20)
    knots: list[Knot] = [(w + 2, y + 2, 1), (w * 0.9, y - 22, 1), (w * 0.62, y - 2), (3, y + 10, 1), (1, y + 35, 1), (w * 0.62, y + 27)]
    _pair(sewing, knots, cloth, edge=False)
    for side in (-1, 1):
        canvas.line([(side * w * 0.9, y - 21), (side * w * 0.62, y - 1), (side * 3, y + 11)], sewing.accent.colours[0], width=2.6)


def _turtle(sewing: Sewing, top: Top) -> None:
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    cloth = sewing.cloth.of("rib", sewing.cloth.colours[0])
    knots: list[Knot] = [(-w - 7, y + 12, 1), (-w + 2, y - 44), (-w + 6, y - 50), (0, y - 46), (w - 6, y - 50), (w - 2, y - 44), (w + 7, y + 12, 1), (0, y + 34)]
    canvas.paint(canvas.patch(loop(knots)), cloth, folds=[Fold(-w, y - 8, w, y - 8, 6, -2.2, -14), Fold(-w, y + 8, w, y + 8, 5, 1.8, -16)])
    canvas.tone(canvas.patch(ellipse(0, y - 46, w - 8, 5)), 0.4)


def _cowl(sewing: Sewing, top: Top) -> None:
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    knots: list[Knot] = [(-w - 3, y - 2, 1), (0, y + 20), (w + 3, y - 2, 1), (w + 12, y + 30), (0, y + 112), (-w - 12, y + 30)]
    folds = [Fold(-w - 6, y + 4 + 16 * i, w + 6, y + 4 + 16 * i, 6.5, 3.2, -34 - 12 * i) for i in range(4)]
    canvas.paint(canvas.patch(loop(knots)), sewing.cloth, folds=folds)


def _hood(sewing: Sewing, top: Top) -> None:
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    back: list[Knot] = [(-w - 32, y + 24), (-w - 22, y - 40), (0, y - 70), (w + 22, y - 40), (w + 32, y + 24), (0, y + 40)]
    canvas.paint(canvas.patch(loop(back)), sewing.cloth, folds=[Fold(0, y - 66, 0, y, 8, -2.0)], dim=0.97)
    inside: list[Knot] = [(-w - 4, y + 22), (-w + 4, y - 26), (0, y - 46), (w - 4, y - 26), (w + 4, y + 22), (0, y + 44)]
    lining = sewing.accent if "contrast" in top.trims else sewing.cloth
    canvas.paint(canvas.patch(loop(inside)), lining.plain(), dim=0.6, shadow=0.1, folds=[Fold(0, y - 40, 0, y + 30, 10, -3)])
    _pair(sewing, [(w + 30, y + 20), (w + 20, y - 10), (w - 2, y + 6), (16, y + 40), (2, y + 50, 1), (12, y + 66), (w + 8, y + 50)], sewing.cloth, edge=False)
    cord = sewing.accent.colours[0] if "contrast" in top.trims else (242, 240, 234)
    for side in (-1, 1):
        end = y + 116 + sewing.jitter(8)
        canvas.line([(side * 15, y + 52), (side * 19, y + 84), (side * 16, end)], cord, width=3.6)
        canvas.fill(canvas.patch(box(side * 16, end + 5, 4.4, 11)), sewing.metal)
        sewing.button(side * 14, y + 51, radius=3)


def _biker(sewing: Sewing, top: Top) -> None:
    w, y = neck_width(top), NECK_Y
    _stand(sewing, top, sewing.cloth)
    lapel: list[Knot] = [(w * 0.8, y + 22, 1), (w + 52, y + 44, 1), (w + 30, y + 108), (10, y + 142, 1), (w * 0.45, y + 72)]
    fall: list[Knot] = [(w * 0.7, y - 16, 1), (w + 12, y + 2), (w + 38, y + 34, 1), (w * 0.86, y + 50, 1), (w * 0.66, y + 18)]
    for knots in (lapel, fall):
        for side in (-1, 1):
            _one_leaf(sewing, knots, sewing.cloth, side)
    for side in (-1, 1):
        sewing.button(side * (w + 42), y + 47, radius=3.4)
        sewing.button(side * (w + 30), y + 30, radius=2.8)


def _bow(sewing: Sewing, top: Top) -> None:
    w, y = neck_width(top), NECK_Y
    cloth = sewing.accent if "contrast" in top.trims else sewing.cloth
    _stand(sewing, top, cloth, height=8)
    centre = min(neckline(top)[0][1], y + 82)
    _pair(sewing, [(w * 0.9, y - 8, 1), (w + 7, y + 5), (9, centre + 12, 1), (0, centre - 5, 1), (w * 0.6, y + 20)], cloth, edge=False)
    ribbon_bow(sewing, 0, centre + 5, size=1.25, cloth=cloth, tails=92)


def _ruffle(sewing: Sewing, top: Top) -> None:
    half = neckline(top)
    line = curve([*flip(reversed(half)), *half[1:]])
    cloth = sewing.cloth.of("lace", sewing.accent.colours[0]) if "lace_edge" in top.trims else sewing.cloth
    w, y = neck_width(top), NECK_Y
    outer = [(a * 1.42, b + 24 + (6 if i % 4 < 2 else -2)) for i, (a, b) in enumerate(line)]
    folds = [Fold(a, b, c, d, 4, 2.4) for (a, b), (c, d) in zip(line[::3], outer[::3], strict=True)]
    patch = sewing.canvas.patch([*line, *reversed(outer)])
    sewing.canvas.paint(patch, cloth, folds=folds, shadow=0.45)
    sewing.canvas.paint(sewing.canvas.patch(band(curve([(-w, y), (0, y + 9), (w, y)]), 9)), cloth, dim=0.85)


def _funnel(sewing: Sewing, top: Top) -> None:
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    _stand(sewing, top, sewing.cloth, height=28)
    knots: list[Knot] = [(-w - 6, y + 6, 1), (-w + 1, y - 30, 1), (0, y - 10), (w - 1, y - 30, 1), (w + 6, y + 6, 1), (0, y + 42)]
    canvas.paint(canvas.patch(loop(knots)), sewing.cloth, folds=[Fold(-w, y - 4, w, y - 4, 6, 1.8, -18)])


def ribbon_bow(sewing: Sewing, x: float, y: float, *, size: float, cloth: Cloth, tails: float = 40) -> None:
    """A tied bow: two tails, two loops, a knot; `size` 1 is about 60 pixels wide."""
    canvas = sewing.canvas
    for side in (-1, 1):
        sway = side * (12 + sewing.jitter(4)) * size
        tail: list[Knot] = [(x - 3, y, 1), (x + side * 7 * size, y + tails * 0.5), (x + sway - side * 4, y + tails, 1),
                            (x + sway + side * 7 * size, y + tails - 9, 1), (x + sway + side * 4, y + tails * 0.5), (x + side * 5, y, 1)]
        canvas.paint(canvas.patch(loop(tail)), cloth, folds=[Fold(x, y, x + sway, y + tails, 4, 2)], shadow=0.4)
    for side in (-1, 1):
        wing: list[Knot] = [(x, y - 4 * size, 1), (x + side * 18 * size, y - 17 * size), (x + side * 33 * size, y - 9 * size),
                            (x + side * 31 * size, y + 9 * size), (x + side * 16 * size, y + 11 * size), (x, y + 5 * size, 1)]
        folds = [Fold(x, y, x + side * 25 * size, y - 8 * size, 3.4 * size, 2.4), Fold(x, y + 1, x + side * 24 * size, y + 5 * size, 3 * size, -2)]
        canvas.paint(canvas.patch(loop(wing)), cloth, folds=folds, shadow=0.45)
    canvas.paint(canvas.patch(ellipse(x, y, 6.5 * size, 8 * size)), cloth, shadow=0.4)


def _bow_only(sewing: Sewing, top: Top) -> None:
    ribbon_bow(sewing, 0, neckline(top)[0][1] + 8, size=1.0, cloth=sewing.accent, tails=46)


def _frill_high(sewing: Sewing, top: Top) -> None:
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    cloth = sewing.cloth.of("lace", sewing.accent.colours[0])
    knots: list[Knot] = [(-w - 4, y + 14, 1), (-w + 2, y - 22, 1), (0, y - 12), (w - 2, y - 22, 1), (w + 4, y + 14, 1), (0, y + 32)]
    canvas.paint(canvas.patch(loop(knots)), cloth, folds=gathers(-w, w, y + 20, length=-40, rng=sewing.rng, every=8))


COLLARS: dict[str, Callable[[Sewing, Top], None]] = {
    "shirt": _shirt, "pointed": _pointed, "peter_pan": _peter_pan, "sailor": _sailor, "notch": _notch,
    "peak": _peak, "shawl": _shawl, "mandarin": _mandarin, "turtle": _turtle, "cowl": _cowl, "hood": _hood,
    "biker": _biker, "bow": _bow, "ruffle": _ruffle, "funnel": _funnel, "ribbon": _bow_only, "frill": _frill_high,
}
