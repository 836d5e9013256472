"""The body of everything worn above the waist, and of dresses; `garments` calls it."""

from .cloth import Cloth
from .cuts import NECK_Y, Top, body_half, hem_knots, neck_width, neckline, slanted
from .geometry import Fold, band, both_sides, box, curve, flip, loop
from .sewing import Sewing, drape
from .sleeves import draw_sleeve


def draw_body(sewing: Sewing, top: Top) -> None:
    """Inside of the back, sleeves, then the front of the body."""
    canvas, bare = sewing.canvas, top.neck in ("off", "bustier", "sweetheart", "halter")
    if not bare and top.sleeve != "strap":
        draw_inside(sewing, top)
    for side in (1, -1):
        draw_sleeve(sewing, top, side=side)
    if top.sleeve == "strap":
        _draw_straps(
            sewing,
            wide=26 if top.neck == "bustier" else 8,
            rise=-14 if top.neck == "bustier" else 6,
        )
    if top.neck == "halter":
        ring = band(
            curve(
                [
                    (-38, NECK_Y + 2),
                    (-30, NECK_Y - 14),
                    (0, NECK_Y - 22),
                    (30, NECK_Y - 14),
                    (38, NECK_Y + 2),
                ]
            ),
            15,
        )
        canvas.paint(canvas.patch(ring), sewing.cloth, dim=0.78)
    outline = slanted(both_sides(body_half(top)), top)
    canvas.paint(canvas.patch(outline), sewing.cloth, folds=body_folds(sewing, top))
    if not bare and top.sleeve not in ("none", "strap"):
        y, width = NECK_Y, top.shoulder
        for sign in (1, -1):
            armhole = [(width, y + 26), (min(width, top.chest) - 9, y + 84), (top.chest, y + 126)]
            canvas.seam([(sign * (a - 1.5), b) for a, b in armhole], depth=0.16)
    if top.hem_shape not in ("rib", "none") and not top.slant:
        half = [k[:2] for k in hem_knots(top)]
        edge = [(x, y - 9) for x, y in [*half, *[(-k[0], k[1]) for k in reversed(half[:-1])]]]
        canvas.seam(edge, width=1.2, depth=0.16)


def _draw_straps(sewing: Sewing, *, wide: float, rise: float) -> None:
    for side in (1, -1):
        back = band([(side * 45.0, NECK_Y + rise), (side * 34.0, NECK_Y + 90)], wide)
        front = band(
            curve(
                [(side * 44, NECK_Y + rise - 2), (side * 54, NECK_Y + 34), (side * 62, NECK_Y + 92)]
            ),
            wide,
        )
        sewing.canvas.paint(sewing.canvas.patch(back), sewing.cloth, dim=0.72)
        sewing.canvas.paint(sewing.canvas.patch(front), sewing.cloth, volume=0.8)


def draw_inside(sewing: Sewing, top: Top) -> None:
    """The shaded inside of the back with its label."""
    canvas, w, y = sewing.canvas, neck_width(top), NECK_Y
    depth = neckline(top)[0][1]
    inside = loop(
        [
            (-w - 5, y, 1),
            (0, y + 9),
            (w + 5, y, 1),
            (w, depth, 1),
            (0, depth + 14),
            (-w, depth, 1),
        ]
    )
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
            folds.append(
                Fold(sign * top.waist, pinch, sign * top.waist * 0.4, pinch + 22, 6, 1.5, 4)
            )
    folds += drape(
        top.waist * 0.8, top.hem, top.waist_y - 60, top.length, rng=rng, count=4, height=1.9
    )
    return folds


def neck_band(sewing: Sewing, top: Top, *, width: float = 10.0, cloth: Cloth | None = None) -> None:
    """A ribbed or bound band around the neckline, back and front."""
    canvas, w, y = sewing.canvas, neck_width(top), NECK_Y
    use = cloth or sewing.cloth.of("rib", sewing.cloth.colours[0])
    back = curve([(-w - 1, y + 1), (0, y + 10), (w + 1, y + 1)])
    canvas.paint(canvas.patch(band(back, width * 0.8)), use, dim=0.8, volume=0.6)
    half = neckline(top)
    front = curve([*flip(reversed(half)), *half[1:]])
    canvas.paint(canvas.patch(band(front, width)), use, volume=0.8, shadow=0.25)
