"""Belts, sashes and obis around a waist; `garments` draws them."""

from .geometry import Fold, Knot, box, curve, ellipse, loop
from .sewing import Sewing, shift


def draw_belt(sewing: Sewing, *, y: float, half: float, kind: str) -> None:
    """A belt at height y over a waist `half` wide: tied, buckled, or an obi."""
    canvas, height = sewing.canvas, {"obi": 62.0, "tie": 20.0, "wide": 34.0}.get(kind, 18.0)
    strip: list[Knot] = [
        (-half - 3, y - height / 2, 1),
        (0, y - height / 2 + 4),
        (half + 3, y - height / 2, 1),
        (half + 3, y + height / 2, 1),
        (0, y + height / 2 + 4),
        (-half - 3, y + height / 2, 1),
    ]
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
        tail = loop(
            [
                (x - 6, y, 1),
                (x + sway - 10, y + length, 1),
                (x + sway + 9, y + length - 3, 1),
                (x + 7, y, 1),
            ]
        )
        canvas.paint(
            canvas.patch(tail),
            sewing.accent,
            folds=[Fold(x, y, x + sway, y + length, 4, 2)],
            shadow=0.42,
        )
    for side in (-1, 1):
        wing = loop(
            [(x, y, 1), (x + side * 20, y - 13), (x + side * 32, y + 2), (x + side * 18, y + 11)]
        )
        canvas.paint(
            canvas.patch(wing),
            sewing.accent,
            folds=[Fold(x, y, x + side * 24, y, 3, 2)],
            shadow=0.4,
        )
    canvas.paint(
        canvas.patch(
            loop(curve([(x - 8, y - 8), (x + 8, y - 8), (x + 8, y + 10), (x - 8, y + 10)]))
        ),
        sewing.accent,
        shadow=0.4,
    )
