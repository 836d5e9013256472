"""Ribbons tied in bows, at the neck and elsewhere; `collars`, `trims` and `garments` call it."""

from .cloth import Cloth
from .geometry import Fold, Knot, ellipse, loop
from .sewing import Sewing


def ribbon_bow(
    sewing: Sewing, x: float, y: float, *, size: float, cloth: Cloth, tails: float = 40
) -> None:
    """A tied bow: two tails, two loops, a knot; `size` 1 is about 60 pixels wide."""
    canvas = sewing.canvas
    for side in (-1, 1):
        sway = side * (12 + sewing.jitter(4)) * size
        tail: list[Knot] = [
            (x - 3, y, 1),
            (x + side * 7 * size, y + tails * 0.5),
            (x + sway - side * 4, y + tails, 1),
            (x + sway + side * 7 * size, y + tails - 9, 1),
            (x + sway + side * 4, y + tails * 0.5),
            (x + side * 5, y, 1),
        ]
        canvas.paint(
            canvas.patch(loop(tail)),
            cloth,
            folds=[Fold(x, y, x + sway, y + tails, 4, 2)],
            shadow=0.4,
        )
    for side in (-1, 1):
        wing: list[Knot] = [
            (x, y - 4 * size, 1),
            (x + side * 18 * size, y - 17 * size),
            (x + side * 33 * size, y - 9 * size),
            (x + side * 31 * size, y + 9 * size),
            (x + side * 16 * size, y + 11 * size),
            (x, y + 5 * size, 1),
        ]
        folds = [
            Fold(x, y, x + side * 25 * size, y - 8 * size, 3.4 * size, 2.4),
            Fold(x, y + 1, x + side * 24 * size, y + 5 * size, 3 * size, -2),
        ]
        canvas.paint(canvas.patch(loop(wing)), cloth, folds=folds, shadow=0.45)
    canvas.paint(canvas.patch(ellipse(x, y, 6.5 * size, 8 * size)), cloth, shadow=0.4)
