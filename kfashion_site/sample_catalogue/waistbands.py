"""Waistbands of skirts and trousers, which call it."""

from .geometry import box, loop
from .sewing import Sewing, gathers

WAIST_Y = 96.0


def draw_waistband(sewing: Sewing, half: float, y: float, *, kind: str) -> None:
    """A waistband: plain, with loops, wide, elastic or ribbed."""
    canvas = sewing.canvas
    deep = {"elastic": 24.0, "wide": 34.0}.get(kind, 19.0)
    outline = loop(
        [
            (-half - 1, y - 4, 1),
            (0, y + 2),
            (half + 1, y - 4, 1),
            (half + 3, y + deep - 4, 1),
            (0, y + deep + 3),
            (-half - 3, y + deep - 4, 1),
        ]
    )
    cloth = sewing.cloth.of("rib", sewing.cloth.colours[0]) if kind == "rib" else sewing.cloth
    folds = (
        gathers(-half, half, y - 2, length=deep + 4, rng=sewing.rng, every=7, height=1.5)
        if kind == "elastic"
        else []
    )
    canvas.paint(canvas.patch(outline), cloth, folds=folds, volume=0.7)
    if kind == "loops":
        for x in (-half * 0.72, -half * 0.3, half * 0.3, half * 0.72):
            canvas.paint(canvas.patch(box(x, y + 8, 6, deep + 6)), cloth, volume=0.5)
        sewing.button(0, y + 11, radius=4.6)
    if kind in ("elastic", "rib"):
        for side in (-1, 1):
            canvas.line(
                [(side * 5, y + 14), (side * 11, y + 52), (side * 8, y + 84 + sewing.jitter(6))],
                sewing.accent.colours[0],
                width=3,
            )
