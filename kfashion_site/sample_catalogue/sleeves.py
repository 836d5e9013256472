"""Sleeves and cuffs; `bodies` draws them before the front."""

import math
from dataclasses import dataclass

from .canvas import Grain
from .cloth import Cloth
from .cuts import NECK_Y, Top
from .geometry import Fold, Knot, Point, curve, flip, loop
from .sewing import Sewing, gathers


@dataclass(frozen=True)
class SleeveCut:
    """Angle from the vertical in degrees, length, width at the cuff, swell outside and inside."""

    angle: float
    length: float
    cuff: float
    outside: float = 4
    inside: float = 0
    gathered: bool = False


SLEEVES: dict[str, SleeveCut] = {
    "cap": SleeveCut(52, 46, 58, 3),
    "short": SleeveCut(35, 112, 66, 4),
    "wide_short": SleeveCut(36, 128, 88, 2),
    "half": SleeveCut(25, 178, 60, 4),
    "three_quarter": SleeveCut(19, 250, 50, 5),
    "long": SleeveCut(14, 330, 40, 7, 3),
    "loose": SleeveCut(15, 328, 52, 12, 8),
    "bell": SleeveCut(19, 300, 104, -10, -22),
    "bishop": SleeveCut(15, 326, 40, 30, 26, gathered=True),
    "puff": SleeveCut(36, 112, 54, 34, 14, gathered=True),
    "lantern": SleeveCut(22, 210, 46, 38, 22, gathered=True),
    "flutter": SleeveCut(40, 92, 96, -4, -8, gathered=True),
    "kimono": SleeveCut(27, 232, 138, -2, 0),
}


def sleeve_points(top: Top) -> tuple[Point, Point, Point, Point, SleeveCut]:
    """Shoulder, armpit, outer and inner end of the right cuff, and the cut."""
    cut = SLEEVES[top.sleeve]
    angle = math.radians(cut.angle)
    shoulder = (top.shoulder - 4, NECK_Y + (28 if top.shoulder > 124 else 24))
    armpit = (top.chest - 4, NECK_Y + 128)
    outer = (
        shoulder[0] + math.sin(angle) * cut.length,
        shoulder[1] + math.cos(angle) * cut.length,
    )
    inner = (outer[0] - math.cos(angle) * cut.cuff, outer[1] + math.sin(angle) * cut.cuff)
    return shoulder, armpit, outer, inner, cut


def draw_sleeve(sewing: Sewing, top: Top, *, side: int) -> None:
    """One sleeve with its folds and cuff; side 1 is the right of the picture."""
    if top.sleeve not in SLEEVES:
        return
    shoulder, armpit, outer, inner, cut = sleeve_points(top)
    angle = math.radians(cut.angle)
    nx, ny = math.cos(angle), -math.sin(angle)
    out, into = cut.outside, cut.inside
    hip = 0.62 if top.sleeve == "bishop" else 0.42
    knots: list[Knot] = [
        (shoulder[0] - 26, shoulder[1] + 6, 1),
        (shoulder[0] - 8, shoulder[1] - 1.5),
        (shoulder[0] + 4 + nx * out * 0.2, shoulder[1] + 7),
        (
            shoulder[0] + (outer[0] - shoulder[0]) * hip + nx * out,
            shoulder[1] + (outer[1] - shoulder[1]) * hip + ny * out,
        ),
        (*outer, 1),
        (*inner, 1),
        (
            (inner[0] * hip + armpit[0] * (1 - hip)) - nx * into,
            (inner[1] * hip + armpit[1] * (1 - hip)) - ny * into,
        ),
        (armpit[0] - 12, armpit[1], 1),
    ]
    canvas = sewing.canvas
    outline = loop(knots if side > 0 else flip(knots))
    grain = Grain(-angle * side, side * shoulder[0], shoulder[1])
    canvas.paint(
        canvas.patch(outline),
        sewing.cloth,
        folds=_sleeve_folds(sewing, top, side=side),
        grain=grain,
    )
    _draw_cuff(sewing, top, side=side)


def _sleeve_folds(sewing: Sewing, top: Top, *, side: int) -> list[Fold]:
    shoulder, armpit, outer, inner, cut = sleeve_points(top)
    rng, folds = sewing.rng, []
    for index in range(2 + int(cut.length / 75)):
        t = (index + 0.6) / (2.6 + cut.length / 75) + rng.uniform(-0.04, 0.04)
        ax, ay = armpit[0] + (inner[0] - armpit[0]) * t, armpit[1] + (inner[1] - armpit[1]) * t
        bx = shoulder[0] + (outer[0] - shoulder[0]) * (t * 0.94 + 0.10)
        by = shoulder[1] + (outer[1] - shoulder[1]) * (t * 0.94 + 0.10)
        reach = rng.uniform(0.5, 0.85)
        far = (ax + (bx - ax) * reach, ay + (by - ay) * reach - 8)
        folds.append(Fold(ax, ay, *far, 5.5, rng.choice((1.9, -1.6)), rng.uniform(2, 7)))
    if cut.gathered:
        for index in range(6):
            t = (index + 0.5) / 6
            ex, ey = outer[0] + (inner[0] - outer[0]) * t, outer[1] + (inner[1] - outer[1]) * t
            sx = shoulder[0] + (armpit[0] - shoulder[0]) * t
            sy = shoulder[1] + (armpit[1] - shoulder[1]) * t
            folds.append(Fold(ex, ey, ex + (sx - ex) * 0.42, ey + (sy - ey) * 0.42, 4.5, 2.4, 3))
            folds.append(Fold(sx, sy, sx + (ex - sx) * 0.36, sy + (ey - sy) * 0.36, 4.2, 2.1, 3))
    return [
        Fold(f.x0 * side, f.y0, f.x1 * side, f.y1, f.width, f.height, f.bend * side) for f in folds
    ]


CUFF_DEPTH = {
    "rib": 24,
    "shirt": 26,
    "band": 13,
    "turn_up": 22,
    "lace": 20,
    "fur": 34,
    "ruffle": 26,
}


def _draw_cuff(sewing: Sewing, top: Top, *, side: int) -> None:
    _, _, outer, inner, cut = sleeve_points(top)
    angle, canvas = math.radians(cut.angle), sewing.canvas
    dx, dy = math.sin(angle), math.cos(angle)
    if not top.cuff:
        back = [(x - dx * 8, y - dy * 8) for x, y in (outer, inner)]
        canvas.seam([(side * x, y) for x, y in back], width=1.2, depth=0.16)
        return
    depth = float(CUFF_DEPTH.get(top.cuff, 20))
    up, down, flare = depth * 0.7, depth * 0.3, 0.0
    if top.cuff in ("lace", "ruffle"):
        up, down, flare = 3.0, depth, 0.14
    wx, wy = (outer[0] - inner[0]) * flare, (outer[1] - inner[1]) * flare
    knots: list[Knot] = [
        (outer[0] - dx * up + 1, outer[1] - dy * up, 1),
        (outer[0] + dx * down + wx, outer[1] + dy * down + wy, 1),
        (inner[0] + dx * down - wx, inner[1] + dy * down - wy, 1),
        (inner[0] - dx * up - 1, inner[1] - dy * up, 1),
    ]
    cloth = _cuff_cloth(sewing, top)
    grain = Grain(-angle * side, side * outer[0], outer[1])
    left, right = sorted((side * inner[0], side * outer[0]))
    middle = (outer[1] + inner[1]) / 2 - 6
    slope = -side * math.tan(angle)
    folds = (
        gathers(left, right, middle, length=30, rng=sewing.rng, every=8, slope=slope)
        if top.cuff == "ruffle"
        else []
    )
    canvas.paint(
        canvas.patch(curve(knots if side > 0 else flip(knots), closed=True)),
        cloth,
        grain=grain,
        folds=folds,
    )
    if top.cuff == "shirt":
        x, y = (outer[i] * 0.35 + inner[i] * 0.65 for i in (0, 1))
        sewing.button(side * (x - dx * 8), y - dy * 8, radius=3)


def _cuff_cloth(sewing: Sewing, top: Top) -> Cloth:
    if top.cuff == "rib":
        base = sewing.accent.colours[0] if "contrast" in top.trims else sewing.cloth.colours[0]
        return sewing.cloth.of("rib", base)
    if top.cuff == "lace":
        return sewing.cloth.of("lace", sewing.accent.colours[0])
    if top.cuff == "fur":
        return sewing.cloth.of("fleece", sewing.accent.colours[0])
    return sewing.accent if "contrast" in top.trims else sewing.cloth
