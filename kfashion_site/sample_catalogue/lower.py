"""Skirts, trousers and shorts, alone or under a bodice; `garments` calls it."""

import math
from dataclasses import dataclass

from .canvas import Grain, Relief
from .cloth import Array, Cloth
from .fronts import patch_pocket
from .geometry import Fold, Knot, box, curve, flip, loop
from .sewing import Sewing, drape, gathers

WAIST_Y = 96.0


@dataclass(frozen=True)
class Skirt:
    """The cut of a skirt. Lengths in pixels of the picture, halves measured from the middle."""

    cut: str = "a_line"
    waist: float = 72
    hem: float = 138
    length: float = 300
    slant: float = 0
    slit: float = 0
    tiers: int = 1
    waistband: str = "band"
    hem_trim: str = ""
    trims: tuple[str, ...] = ()


def draw_skirt(sewing: Sewing, skirt: Skirt, *, top_y: float = WAIST_Y, waistband: bool = True) -> None:
    """A skirt that starts at height top_y."""
    bottom = top_y + skirt.length
    if skirt.slit:
        _draw_back_panel(sewing, skirt, top_y, bottom)
    if skirt.tiers > 1:
        for tier in reversed(range(skirt.tiers)):
            _draw_tier(sewing, skirt, tier, top_y)
    else:
        _draw_panel(sewing, skirt, top_y, bottom)
    if waistband and skirt.waistband:
        _draw_waistband(sewing, skirt.waist, top_y, kind=skirt.waistband)


def _width_at(skirt: Skirt, share: float) -> float:
    """Half the width of the skirt at a share of its length."""
    hip = {"pencil": 34.0, "a_line": 18.0, "circle": 6.0, "tulip": 52.0}.get(skirt.cut, 14.0)
    straight = skirt.waist + (skirt.hem - skirt.waist) * share ** (1.25 if skirt.cut == "circle" else 0.9)
    return straight + hip * math.sin(math.pi * min(share * 1.25, 1.0)) * (0.75 if share < 0.8 else 0.6)


def _draw_panel(sewing: Sewing, skirt: Skirt, top_y: float, bottom: float) -> None:
    shares = (0.0, 0.22, 0.5, 0.78, 1.0)
    right: list[Knot] = []
    for share in shares:
        corner = (1.0,) if share in (0.0, 1.0) else ()
        y = top_y + (bottom - top_y) * share - (6 if share == 1.0 else 0)
        right.append((_width_at(skirt, share) if share else skirt.waist, y + skirt.slant * share * share, *corner))
    left = [(-k[0], k[1] - 2 * skirt.slant * (i / 4) ** 2, *k[2:]) for i, k in enumerate(right)]
    hem = _wavy_hem(skirt, bottom)
    if skirt.slit:
        hem = [(46, bottom + 4, 1), (40, bottom - skirt.slit, 1), (34, bottom + 5, 1), *hem[1:]]
    outline = curve([(0, top_y + 5), *right, *hem, *reversed(left)], closed=True)
    grain = Grain(fan=(top_y, skirt.waist, bottom, _width_at(skirt, 1.0)))
    cloth = sewing.cloth
    sewing.canvas.paint(
        sewing.canvas.patch(outline), cloth, folds=_skirt_folds(sewing, skirt, top_y, bottom),
        grain=grain, relief=_pleats(skirt, sharp=skirt.cut == "pleated"),
    )
    if skirt.hem_trim:
        _draw_hem_trim(sewing, skirt, bottom)
    elif skirt.cut != "circle" and not skirt.slant:
        half = _width_at(skirt, 1.0)
        sewing.canvas.seam([(-half, bottom - 18), (0, bottom - 8), (half, bottom - 18)], width=1.2, depth=0.15)


def _wavy_hem(skirt: Skirt, bottom: float) -> list[Knot]:
    half = _width_at(skirt, 1.0)
    if skirt.cut == "pencil" or skirt.slant:
        return [(0, bottom + 4)]
    count, swing = (11, 4.0) if skirt.cut == "pleated" else (9, 6.5 if skirt.cut == "circle" else 3.0)
    hem: list[Knot] = []
    for index in range(1, count):
        x = half - 2 * half * index / count
        sag = 9 * (1 - (x / half) ** 2)
        hem.append((x, bottom - 4 + sag + (swing if index % 2 else -swing) * 0.8))
    return hem


def _skirt_folds(sewing: Sewing, skirt: Skirt, top_y: float, bottom: float) -> list[Fold]:
    rng, half = sewing.rng, _width_at(skirt, 1.0)
    if skirt.cut == "pleated":
        return []
    if skirt.cut == "pencil":
        pulls = [Fold(s * skirt.waist, top_y + 60 + 30 * i, s * 20, top_y + 80 + 34 * i, 7, 1.3, 5) for s in (-1, 1) for i in range(3)]
        return pulls
    count = 9 if skirt.cut == "circle" else 6
    folds = drape(skirt.waist, half, top_y, bottom, rng=rng, count=count, height=3.6, width=8.5)
    if skirt.cut in ("gathered", "circle"):
        folds += gathers(-skirt.waist, skirt.waist, top_y, length=(bottom - top_y) * 0.5, rng=rng, every=11, height=2.0, spread=1.35)
    return folds


def _pleats(skirt: Skirt, *, sharp: bool) -> Relief | None:
    if not sharp:
        return None
    period = skirt.waist * 2 / 11

    def relief(u: Array, v: Array) -> Array:
        rise = (u / period + 0.5) % 1
        return (rise**1.6 * 6.5).astype(u.dtype)

    return relief


def _draw_tier(sewing: Sewing, skirt: Skirt, tier: int, top_y: float) -> None:
    first, last = tier / skirt.tiers, (tier + 1) / skirt.tiers
    y0, y1 = top_y + skirt.length * first, top_y + skirt.length * last + 9
    w0 = skirt.waist + (skirt.hem - skirt.waist) * first * 0.95
    w1 = skirt.waist + (skirt.hem - skirt.waist) * last + 8
    edge: list[Knot] = [(w1 - 2 * w1 * i / 12, y1 + 6 * (1 - (1 - i / 6) ** 2) + (4 if i % 2 else -3)) for i in range(1, 12)]
    outline = curve([(0, y0 + 4), (w0, y0, 1), (w1, y1 - 4, 1), *edge, (-w1, y1 - 4, 1), (-w0, y0, 1)], closed=True)
    folds = gathers(-w0, w0, y0, length=y1 - y0, rng=sewing.rng, every=11, height=2.4, spread=w1 / w0)
    second = sewing.accent if "alternate" in skirt.trims and tier % 2 else sewing.cloth
    sewing.canvas.paint(sewing.canvas.patch(outline), second, folds=folds, shadow=0.45)
    if skirt.hem_trim == "lace":
        lace = sewing.cloth.of("lace", sewing.accent.colours[0])
        strip = [*edge, *[(k[0] * 1.02, k[1] + 15) for k in reversed(edge)]]
        sewing.canvas.paint(sewing.canvas.patch([(k[0], k[1]) for k in strip]), lace, shadow=0.2)


def _draw_back_panel(sewing: Sewing, skirt: Skirt, top_y: float, bottom: float) -> None:
    panel = [(10.0, bottom - skirt.slit), (64.0, bottom - skirt.slit), (66.0, bottom - 3), (8.0, bottom - 3)]
    sewing.canvas.paint(sewing.canvas.patch(panel), sewing.cloth.plain(), dim=0.55)


def _draw_hem_trim(sewing: Sewing, skirt: Skirt, bottom: float) -> None:
    half = _width_at(skirt, 1.0)
    line = curve([(half, bottom - 6), (0, bottom + 4), (-half, bottom - 6)])
    if skirt.hem_trim == "fringe":
        for x, y in line[::1]:
            length = 40 + sewing.jitter(5)
            sewing.canvas.line([(x, y - 4), (x + sewing.jitter(3), y + length)], sewing.cloth.colours[0], width=3.2)
        return
    fabric, deep = {"lace": ("lace", 24), "tulle": ("tulle", 34), "ruffle": ("", 34)}[skirt.hem_trim]
    cloth = sewing.cloth.of(fabric, sewing.accent.colours[0]) if fabric else sewing.cloth
    lower = [(x * 1.05, y + deep + 4 * math.sin(i * 1.4)) for i, (x, y) in enumerate(line)]
    folds = gathers(-half, half, bottom, length=deep + 10, rng=sewing.rng, every=10, height=2.2, spread=1.05)
    sewing.canvas.paint(sewing.canvas.patch([*line, *reversed(lower)]), cloth, folds=folds, shadow=0.4)


def _draw_waistband(sewing: Sewing, half: float, y: float, *, kind: str) -> None:
    canvas = sewing.canvas
    deep = {"elastic": 24.0, "wide": 34.0}.get(kind, 19.0)
    outline = loop([(-half - 1, y - 4, 1), (0, y + 2), (half + 1, y - 4, 1), (half + 3, y + deep - 4, 1), (0, y + deep + 3), (-half - 3, y + deep - 4, 1)])
    cloth = sewing.cloth.of("rib", sewing.cloth.colours[0]) if kind == "rib" else sewing.cloth
    folds = gathers(-half, half, y - 2, length=deep + 4, rng=sewing.rng, every=7, height=1.5) if kind == "elastic" else []
    canvas.paint(canvas.patch(outline), cloth, folds=folds, volume=0.7)
    if kind == "loops":
        for x in (-half * 0.72, -half * 0.3, half * 0.3, half * 0.72):
            canvas.paint(canvas.patch(box(x, y + 8, 6, deep + 6)), cloth, volume=0.5)
        sewing.button(0, y + 11, radius=4.6)
    if kind in ("elastic", "rib"):
        for side in (-1, 1):
            canvas.line([(side * 5, y + 14), (side * 11, y + 52), (side * 8, y + 84 + sewing.jitter(6))], sewing.accent.colours[0], width=3)


@dataclass(frozen=True)
class Trousers:
    """The cut of a pair of trousers. Widths are of one leg."""

    cut: str = "straight"
    waist: float = 80
    length: float = 440
    waistband: str = "loops"
    turn_up: bool = False
    pockets: str = "slant"
    trims: tuple[str, ...] = ()


LEGS: dict[str, tuple[float, float, float, float]] = {
    "slim": (104, 62, 46, 10), "straight": (108, 74, 66, 14), "wide": (114, 96, 104, 20), "flare": (104, 60, 100, 18),
    "baggy": (122, 104, 84, 22), "jogger": (112, 84, 48, 16), "carrot": (122, 86, 46, 14), "shorts": (114, 100, 100, 20),
    "leggings": (92, 50, 38, 4),
}
"""Half width at the hip; leg width at the knee and at the hem; how far the legs stand apart."""


def draw_trousers(sewing: Sewing, trousers: Trousers, *, top_y: float = WAIST_Y, waistband: bool = True) -> None:
    """Trousers that start at height top_y."""
    bottom = top_y + trousers.length
    for side in (-1, 1):
        _draw_leg(sewing, trousers, top_y, bottom, side=side)
    canvas = sewing.canvas
    crotch = top_y + 138
    canvas.seam([(0, top_y + 20), (0, crotch)], width=1.6, depth=0.32)
    if waistband and trousers.waistband not in ("elastic", "rib"):
        canvas.stitch([(17, top_y + 22), (17, top_y + 74), (2, top_y + 104)], sewing.thread)
    _draw_leg_pockets(sewing, trousers, top_y)
    if waistband:
        _draw_waistband(sewing, trousers.waist, top_y, kind=trousers.waistband)


def leg_centre(trousers: Trousers, share: float) -> float:
    """How far from the middle a leg's axis lies at a share of the length below the crotch."""
    hip, knee, hem, apart = LEGS[trousers.cut]
    width = hip * 0.98 + (hem - hip * 0.98) * share
    return 2 + apart * 0.55 * share + width / 2 + (6 if trousers.cut in ("slim", "leggings") else 0) * share


def _draw_leg(sewing: Sewing, trousers: Trousers, top_y: float, bottom: float, *, side: int) -> None:
    hip, knee, hem, apart = LEGS[trousers.cut]
    crotch = top_y + 140
    knee_y = crotch + (bottom - crotch) * 0.46
    knots: list[Knot] = [
        (-1.5, top_y + 4, 1), (trousers.waist, top_y, 1), (hip - 3, top_y + 84), (hip, crotch),
        (apart * 0.5 + 8 + knee, knee_y), (apart + 6 + hem, bottom - 3, 1), (apart + 6 + hem / 2, bottom + 2),
        (apart + 6, bottom - 1, 1), (apart * 0.55 + 6, knee_y), (2.0, crotch + 5, 1), (-1.5, crotch, 1),
    ]
    if trousers.cut == "shorts":
        knots = [*knots[:4], (hip + 6, bottom - 8, 1), (apart, bottom + 4, 1), (2.0, crotch + 5, 1), (-1.5, crotch, 1)]
    outline = loop(knots if side > 0 else flip(knots))
    folds = _leg_folds(sewing, trousers, top_y, bottom)
    folds = [Fold(f.x0 * side, f.y0, f.x1 * side, f.y1, f.width, f.height, f.bend * side) for f in folds]
    sewing.canvas.paint(sewing.canvas.patch(outline), sewing.cloth, folds=folds, shadow=0.3, grain=Grain(-0.04 * side))
    _draw_leg_details(sewing, trousers, knots, bottom, side=side)


def _leg_folds(sewing: Sewing, trousers: Trousers, top_y: float, bottom: float) -> list[Fold]:
    hip, knee, hem, apart = LEGS[trousers.cut]
    rng, crotch = sewing.rng, top_y + 140
    folds = [
        Fold(3, crotch - 4, hip * 0.66, crotch - 34, 6, 2.0, 5), Fold(4, crotch + 8, hip * 0.74, crotch + 2, 6.5, -1.7, 5),
        Fold(6, crotch + 22, hip * 0.6, crotch + 40, 6, 1.5, 4),
    ]
    if trousers.cut == "shorts":
        return folds + drape(50, 70, crotch - 60, bottom, rng=rng, count=2)
    knee_y, inner, outer = crotch + (bottom - crotch) * 0.46, apart * 0.55 + 6, apart * 0.5 + 8 + knee
    for index in range(4):
        y = knee_y + (index - 1.6) * 22 + rng.uniform(-6, 6)
        ends = (inner, outer) if index % 2 else (outer, inner)
        folds.append(Fold(ends[0], y, ends[0] + (ends[1] - ends[0]) * rng.uniform(0.45, 0.8), y + rng.uniform(-12, 16), 5.5, rng.choice((1.7, -1.5)), rng.uniform(-4, 6)))
    stack = 5 if trousers.cut in ("slim", "baggy", "jogger") else 2
    for index in range(stack):
        y = bottom - 14 - index * 15 + rng.uniform(-4, 4)
        folds.append(Fold(apart + 6, y, apart + 6 + hem * rng.uniform(0.6, 1.0), y - rng.uniform(2, 12), 5, rng.choice((1.8, -1.5)), rng.uniform(-4, 5)))
    if trousers.cut in ("wide", "flare"):
        folds += [Fold(hip * 0.4, crotch, apart + 6 + hem * s, bottom + 8, 8, h) for s, h in ((0.2, 2.2), (0.55, -2), (0.82, 2.4))]
    if "crease" in trousers.trims:
        folds.append(Fold(hip * 0.5, top_y + 20, apart + 6 + hem * 0.5, bottom + 30, 3.0, 3.4))
    return folds


def _draw_leg_details(sewing: Sewing, trousers: Trousers, knots: list[Knot], bottom: float, *, side: int) -> None:
    canvas, (_, _, hem, apart) = sewing.canvas, LEGS[trousers.cut]
    outer = [k for k in knots[1:6]] if trousers.cut != "shorts" else knots[1:5]
    if "side_stripe" in trousers.trims:
        for inset in (7, 14, 21) if "three" not in trousers.trims else (9,):
            canvas.line([(side * (k[0] - inset), k[1]) for k in outer], sewing.accent.colours[0], width=4.2)
    elif trousers.cut not in ("leggings",):
        canvas.stitch([(side * (k[0] - 5), k[1] + 2) for k in outer], sewing.thread, spacing=5) if "jeans" in trousers.trims else None
    left, right = (apart + 4, apart + 8 + hem) if trousers.cut != "shorts" else (apart - 2, LEGS["shorts"][0] + 8)
    tilt = -12 if trousers.cut == "shorts" else 0
    if trousers.cut == "jogger" or trousers.turn_up:
        cloth: Cloth = sewing.cloth.of("rib", sewing.cloth.colours[0]) if trousers.cut == "jogger" else sewing.accent
        corners = [(left - 1, bottom - 20.0), (right + 1, bottom - 22.0 + tilt), (right + 1, bottom + 3.0 + tilt), (left - 1, bottom + 5.0)]
        canvas.paint(canvas.patch([(side * x, y) for x, y in corners]), cloth, volume=0.8, shadow=0.4)
    else:
        canvas.seam([(side * left, bottom - 12), (side * right, bottom - 13 + tilt)], width=1.2, depth=0.17)


def _draw_leg_pockets(sewing: Sewing, trousers: Trousers, top_y: float) -> None:
    canvas, hip = sewing.canvas, LEGS[trousers.cut][0]
    for side in (-1, 1):
        if trousers.pockets in ("slant", "cargo"):
            canvas.seam([(side * trousers.waist * 0.72, top_y + 18), (side * (hip - 4), top_y + 92)], width=1.7, depth=0.36)
        if trousers.pockets == "jeans":
            scoop: list[Knot] = [(side * trousers.waist * 0.5, top_y + 18), (side * trousers.waist * 0.62, top_y + 46), (side * (hip - 6), top_y + 56)]
            canvas.seam(scoop, width=1.7, depth=0.36)
            canvas.stitch([(k[0], k[1] + 4) for k in scoop], sewing.thread)
            sewing.button(side * trousers.waist * 0.56, top_y + 24, radius=2.2)
        if trousers.pockets == "cargo":
            x = LEGS[trousers.cut][1] * 0.62 + LEGS[trousers.cut][3]
            patch_pocket(sewing, side * (x + 14), top_y + 196, width=58, height=70, flap=True, pleat=True)
