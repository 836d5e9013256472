"""Bodies and sleeves of everything worn above the waist, and of dresses; `garments` calls it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .canvas import Grain
from .cloth import Cloth
from .geometry import Fold, Knot, Point, band, both_sides, box, curve, flip, loop
from .sewing import Sewing, drape, gathers

NECK_Y = 96.0


@dataclass(frozen=True)
class Top:
    """The cut of an upper body. Lengths in pixels of the picture, halves measured from the middle."""

    neck: str = "crew"
    sleeve: str = "short"
    collar: str = ""
    closure: str = ""
    pockets: str = ""
    hem_shape: str = "straight"
    cuff: str = ""
    shoulder: float = 116
    chest: float = 106
    waist: float = 102
    hem: float = 108
    waist_y: float = 350
    length: float = 505
    slant: float = 0
    trims: tuple[str, ...] = ()
    rib: bool = False
    belt: str = ""

    def wide(self, by: float) -> "Top":
        """The same cut, `by` pixels wider on each side."""
        return replace(
            self, shoulder=self.shoulder + by, chest=self.chest + by, waist=self.waist + by,
            hem=self.hem + by,
        )


NECK_WIDTH = {"boat": 66, "square": 52, "scoop": 52, "wide": 58, "v": 42, "deep_v": 46, "wrap": 44}


def neck_width(top: Top) -> float:
    """Half the width of the neck opening at the shoulder."""
    return float(NECK_WIDTH.get(top.neck, 40))


def neckline(top: Top) -> list[Knot]:
    """The front neckline from the middle to the right shoulder."""
    w, y = neck_width(top), NECK_Y
    lines: dict[str, list[Knot]] = {
        "crew": [(0, y + 33), (w * 0.66, y + 25), (w, y, 1)],
        "high": [(0, y + 18), (w * 0.66, y + 14), (w, y, 1)],
        "scoop": [(0, y + 70), (w * 0.68, y + 52), (w, y, 1)],
        "wide": [(0, y + 44), (w * 0.7, y + 32), (w, y, 1)],
        "boat": [(0, y + 19), (w * 0.7, y + 13), (w, y, 1)],
        "v": [(0, y + 82, 1), (w * 0.56, y + 36), (w, y, 1)],
        "deep_v": [(0, y + 150, 1), (w * 0.56, y + 64), (w, y, 1)],
        "wrap": [(0, y + 118, 1), (w * 0.6, y + 46), (w, y, 1)],
        "jacket": [(0, y + 165, 1), (w * 0.7, y + 50), (w, y, 1)],
        "square": [(0, y + 60), (w - 4, y + 58, 1), (w, y, 1)],
        "keyhole": [(0, y + 76, 1), (7, y + 52), (2, y + 26, 1), (w * 0.66, y + 21), (w, y, 1)],
    }
    return lines.get(top.neck, lines["crew"])


def body_half(top: Top) -> list[Knot]:
    """The right half of the body's outline, neck to hem."""
    y, armpit = NECK_Y, NECK_Y + 128
    side: list[Knot] = [(top.chest, armpit, 1), (top.waist, top.waist_y)]
    if top.sleeve == "strap" or top.neck in ("bustier", "sweetheart"):
        peak = [(0, y + 74, 1), (34, y + 54), (72, y + 70)]
        edge: list[Knot] = peak if top.neck == "sweetheart" else [(0, y + 76), (60, y + 66, 1)]
        start = [*edge, (top.chest - 12, y + 108, 1)]
    elif top.neck == "off":
        start = [(0, y + 66), (top.chest + 2, y + 60, 1)]
    elif top.neck == "halter":
        start = [(0, y + 26), (30, y - 4, 1), (48, y + 64), (top.chest - 6, y + 122, 1)]
    else:
        width = top.shoulder if top.sleeve != "none" else top.shoulder - 24
        tip = (width, y + 24 + (4 if width > 124 else 0), 1)
        hollow = (min(width, top.chest) - 9, y + 84)
        start = [*neckline(top), tip, hollow]
    return [*start, *side, *_hem(top)]


def _hem(top: Top) -> list[Knot]:
    x, y = top.hem, top.length
    shapes: dict[str, list[Knot]] = {
        "shirt": [(x, y - 40, 1), (x * 0.8, y - 8), (x * 0.45, y + 3), (0, y + 4)],
        "round": [(x, y - 16), (x - 16, y, 1), (0, y + 3)],
        "point": [(x, y - 26, 1), (0, y + 16, 1)],
        "waistcoat": [(x, y - 24, 1), (34, y + 18, 1), (0, y - 14, 1)],
        "cutaway": [(x, y - 4, 1), (46, y + 4), (16, y - 22), (0, y - 62, 1)],
    }
    return shapes.get(top.hem_shape, [(x, y - 4, 1), (x * 0.5, y + 2), (0, y + 3)])


def slanted(points: Sequence[Point], top: Top) -> list[Point]:
    """Drop the hem towards one side, for asymmetric cuts."""
    if not top.slant:
        return list(points)
    start = NECK_Y + 170
    return [
        (x, y + top.slant * (x / 110) * max(0.0, (y - start) / (top.length - start)) ** 1.4)
        for x, y in points
    ]


def draw_body(sewing: Sewing, top: Top) -> None:
    """Inside of the back, sleeves, then the front of the body."""
    canvas, bare = sewing.canvas, top.neck in ("off", "bustier", "sweetheart", "halter")
    if not bare and top.sleeve != "strap":
        draw_inside(sewing, top)
    for side in (1, -1):
        draw_sleeve(sewing, top, side=side)
    if top.sleeve == "strap":
        _draw_straps(sewing, wide=26 if top.neck == "bustier" else 8)
    outline = slanted(both_sides(body_half(top)), top)
    canvas.paint(canvas.patch(outline), sewing.cloth, folds=body_folds(sewing, top))
    if not bare and top.sleeve not in ("none", "strap"):
        y, width = NECK_Y, top.shoulder
        for sign in (1, -1):
            armhole = [(width, y + 26), (min(width, top.chest) - 9, y + 84), (top.chest, y + 126)]
            canvas.seam([(sign * (a - 1.5), b) for a, b in armhole], depth=0.16)
    if top.hem_shape not in ("rib", "none", "cutaway") and not top.slant:
        half = [k[:2] for k in _hem(top)]
        edge = [(x, y - 9) for x, y in [*half, *[(-k[0], k[1]) for k in reversed(half[:-1])]]]
        canvas.seam(edge, width=1.2, depth=0.16)


def _draw_straps(sewing: Sewing, *, wide: float) -> None:
    for side in (1, -1):
        back = band([(side * 42.0, NECK_Y - 14), (side * 36.0, NECK_Y + 90)], wide)
        front = band(curve([(side * 41, NECK_Y - 16), (side * 54, NECK_Y + 20), (side * 62, NECK_Y + 92)]), wide)
        sewing.canvas.paint(sewing.canvas.patch(back), sewing.cloth, dim=0.72)
        sewing.canvas.paint(sewing.canvas.patch(front), sewing.cloth, volume=0.8)


def draw_inside(sewing: Sewing, top: Top) -> None:
    """The shaded inside of the back with its label."""
    canvas, w, y = sewing.canvas, neck_width(top), NECK_Y
    depth = neckline(top)[0][1]
    inside = loop([(-w - 5, y, 1), (0, y + 9), (w + 5, y, 1), (w * 0.8, depth, 1), (0, depth + 14), (-w * 0.8, depth, 1)])
    lining = sewing.cloth if top.collar not in ("notch", "peak", "shawl") else sewing.accent
    canvas.paint(canvas.patch(inside), lining.plain(), dim=0.66, volume=0.4)
    if depth - y > 30:
        tag = canvas.patch(box(0, y + 20, 19, 10))
        canvas.fill(tag, (244, 240, 230), opacity=0.92)
        canvas.fill(canvas.patch(box(0, y + 20, 11, 1.8)), (120, 110, 100), opacity=0.7)


def body_folds(sewing: Sewing, top: Top) -> list[Fold]:
    """Pulls from the armpits, a soft waist, and hanging folds."""
    rng, y = sewing.rng, NECK_Y
    folds = []
    for sign in (1, -1):
        x = sign * top.chest
        folds += [
            Fold(x * 0.97, y + 128, x * 0.46, y + 170 + rng.uniform(0, 40), 7, 2.3, sign * 8),
            Fold(x * 0.99, y + 150, x * 0.60, y + 235 + rng.uniform(0, 30), 8, -1.9, sign * 6),
            Fold(x * 0.62, y + 40, x * 0.72, y + 120, 10, 1.3, sign * -5),
        ]
        if top.length > 400:
            pinch = top.waist_y + rng.uniform(-12, 12)
            folds.append(Fold(sign * top.waist, pinch, sign * top.waist * 0.4, pinch + 22, 6, 1.5, 4))
    folds += drape(top.waist * 0.8, top.hem, top.waist_y - 60, top.length, rng=rng, count=4, height=1.9)
    return folds


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
    shoulder = (top.shoulder - 3, NECK_Y + 24)
    armpit = (top.chest - 4, NECK_Y + 128)
    outer = (
        shoulder[0] + math.sin(angle) * cut.length, shoulder[1] + math.cos(angle) * cut.length,
    )
    inner = (outer[0] - math.cos(angle) * cut.cuff, outer[1] + math.sin(angle) * cut.cuff)
    return shoulder, armpit, outer, inner, cut


def draw_sleeve(sewing: Sewing, top: Top, *, side: int) -> None:
    """One sleeve with its folds and cuff; side 1 is the right of the picture."""
    if top.sleeve not in SLEEVES or (top.sleeve == "one" and side < 0):
        return
    shoulder, armpit, outer, inner, cut = sleeve_points(top)
    angle = math.radians(cut.angle)
    nx, ny = math.cos(angle), -math.sin(angle)
    out, into = cut.outside, cut.inside
    hip = 0.62 if top.sleeve == "bishop" else 0.42
    knots: list[Knot] = [
        (shoulder[0] - 26, shoulder[1] - 8, 1),
        (shoulder[0] + nx * out * 0.2, shoulder[1] - 1),
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
    canvas.paint(canvas.patch(outline), sewing.cloth, folds=_sleeve_folds(sewing, top, side=side), grain=grain)
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
    return [Fold(f.x0 * side, f.y0, f.x1 * side, f.y1, f.width, f.height, f.bend * side) for f in folds]


CUFF_DEPTH = {"rib": 24, "shirt": 26, "band": 13, "turn_up": 22, "lace": 20, "fur": 34, "ruffle": 26}


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
        (outer[0] - dx * up + 1, outer[1] - dy * up, 1), (outer[0] + dx * down + wx, outer[1] + dy * down + wy, 1),
        (inner[0] + dx * down - wx, inner[1] + dy * down - wy, 1), (inner[0] - dx * up - 1, inner[1] - dy * up, 1),
    ]
    cloth = _cuff_cloth(sewing, top)
    grain = Grain(-angle * side, side * outer[0], outer[1])
    folds = []
    if top.cuff == "ruffle":
        folds = gathers(min(side * inner[0], side * outer[0]), max(side * inner[0], side * outer[0]),
                        (outer[1] + inner[1]) / 2 - 6, length=30, rng=sewing.rng, every=8,
                        slope=-side * math.tan(angle))
    canvas.paint(canvas.patch(curve(knots if side > 0 else flip(knots), closed=True)), cloth, grain=grain, folds=folds)
    if top.cuff == "shirt":
        middle = ((outer[0] * 0.35 + inner[0] * 0.65), (outer[1] * 0.35 + inner[1] * 0.65))
        sewing.button(side * (middle[0] - dx * 8), middle[1] - dy * 8, radius=3)


def _cuff_cloth(sewing: Sewing, top: Top) -> Cloth:
    if top.cuff == "rib":
        base = sewing.accent.colours[0] if "contrast" in top.trims else sewing.cloth.colours[0]
        return sewing.cloth.of("rib", base)
    if top.cuff == "lace":
        return sewing.cloth.of("lace", sewing.accent.colours[0])
    if top.cuff == "fur":
        return sewing.cloth.of("fleece", sewing.accent.colours[0])
    return sewing.accent if "contrast" in top.trims else sewing.cloth


def neck_band(sewing: Sewing, top: Top, *, width: float = 10.0, cloth: Cloth | None = None) -> None:
    """A ribbed or bound band around the neckline, back and front."""
    canvas, w, y = sewing.canvas, neck_width(top), NECK_Y
    use = cloth or sewing.cloth.of("rib", sewing.cloth.colours[0])
    back = curve([(-w - 1, y + 1), (0, y + 10), (w + 1, y + 1)])
    canvas.paint(canvas.patch(band(back, width * 0.8)), use, dim=0.8, volume=0.6)
    half = neckline(top)
    front = curve([*flip(reversed(half)), *half[1:]])
    canvas.paint(canvas.patch(band(front, width)), use, volume=0.8, shadow=0.25)
