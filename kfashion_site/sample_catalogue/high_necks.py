"""High and soft necks: mandarin, turtle, cowl, hood, funnel, frill; `collars` looks them up."""

from .canvas import Grain
from .cloth import Cloth
from .cuts import NECK_Y, Top, neck_width
from .geometry import Fold, Knot, box, ellipse, flip, loop, moved
from .lapels import stand
from .sewing import Sewing, gathers


def pair(
    sewing: Sewing, knots: list[Knot], cloth: Cloth, *, turn: float = 0.5, edge: bool = True
) -> None:
    """A collar leaf and its mirror image, with topstitching along the outer edge."""
    for side in (-1, 1):
        mine = knots if side > 0 else flip(knots)
        patch = sewing.canvas.patch(loop(mine))
        sewing.canvas.paint(
            patch, cloth, grain=Grain(turn * side, 0, NECK_Y), volume=0.8, shadow=0.5
        )
        if edge:
            inner = [(k[0] * 0.95, k[1] - 4) for k in mine[1:4]]
            sewing.canvas.seam(inner, width=1.1, depth=0.14)


def mandarin(sewing: Sewing, top: Top) -> None:
    """A standing collar with piped edges."""
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    cloth = sewing.accent if "contrast" in top.trims else sewing.cloth
    stand(sewing, top, cloth, height=20)
    knots: list[Knot] = [
        (w + 2, y + 2, 1),
        (w * 0.9, y - 22, 1),
        (w * 0.62, y - 2),
        (3, y + 10, 1),
        (1, y + 35, 1),
        (w * 0.62, y + 27),
    ]
    pair(sewing, knots, cloth, edge=False)
    for side in (-1, 1):
        canvas.line(
            [(side * w * 0.9, y - 21), (side * w * 0.62, y - 1), (side * 3, y + 11)],
            sewing.accent.colours[0],
            width=2.6,
        )


def turtle(sewing: Sewing, top: Top) -> None:
    """A ribbed roll neck."""
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    cloth = sewing.cloth.of("rib", sewing.cloth.colours[0])
    knots: list[Knot] = [
        (-w - 7, y + 12, 1),
        (-w + 2, y - 44),
        (-w + 6, y - 50),
        (0, y - 46),
        (w - 6, y - 50),
        (w - 2, y - 44),
        (w + 7, y + 12, 1),
        (0, y + 34),
    ]
    canvas.paint(
        canvas.patch(loop(knots)),
        cloth,
        folds=[Fold(-w, y - 8, w, y - 8, 6, -2.2, 8), Fold(-w, y + 8, w, y + 8, 5, 1.8, 10)],
    )
    canvas.tone(canvas.patch(ellipse(0, y - 46, w - 8, 5)), 0.4)


def cowl(sewing: Sewing, top: Top) -> None:
    """A neckline that falls in soft folds."""
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    knots: list[Knot] = [
        (-w - 3, y - 2, 1),
        (0, y + 20),
        (w + 3, y - 2, 1),
        (w + 12, y + 30),
        (0, y + 112),
        (-w - 12, y + 30),
    ]
    folds = [
        Fold(-w - 6, y + 4 + 16 * i, w + 6, y + 4 + 16 * i, 6.5, 3.2, 20 + 9 * i) for i in range(4)
    ]
    canvas.paint(canvas.patch(loop(knots)), sewing.cloth, folds=folds)


def hood(sewing: Sewing, top: Top) -> None:
    """A hood with lining and cords."""
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    back = [*moved([(-32, 24), (-22, -40)], -w, y), (0, y - 70)]
    back += [*moved([(22, -40), (32, 24)], w, y), (0, y + 40)]
    spine = [Fold(0, y - 66, 0, y, 8, -2.0)]
    canvas.paint(canvas.patch(loop(back)), sewing.cloth, folds=spine, dim=0.97)
    inside = [*moved([(-4, 22), (4, -26)], -w, y), (0, y - 46)]
    inside += [*moved([(-4, -26), (4, 22)], w, y), (0, y + 44)]
    lining = (sewing.accent if "contrast" in top.trims else sewing.cloth).plain()
    hollow = [Fold(0, y - 40, 0, y + 30, 10, -3)]
    canvas.paint(canvas.patch(loop(inside)), lining, dim=0.6, shadow=0.1, folds=hollow)
    edge: list[Knot] = moved([(30, 20), (20, -10), (-2, 6)], w, y)
    edge += [(16, y + 40), (2, y + 50, 1), (12, y + 66), (w + 8, y + 50)]
    pair(sewing, edge, sewing.cloth, edge=False)
    cord = sewing.accent.colours[0] if "contrast" in top.trims else (242, 240, 234)
    for side in (-1, 1):
        end = y + 116 + sewing.jitter(8)
        canvas.line([(side * 15, y + 52), (side * 19, y + 84), (side * 16, end)], cord, width=3.6)
        canvas.fill(canvas.patch(box(side * 16, end + 5, 4.4, 11)), sewing.metal)
        sewing.button(side * 14, y + 51, radius=3)


def funnel(sewing: Sewing, top: Top) -> None:
    """A standing funnel neck."""
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    stand(sewing, top, sewing.cloth, height=28)
    knots: list[Knot] = [
        (-w - 6, y + 6, 1),
        (-w + 1, y - 30, 1),
        (0, y - 10),
        (w - 1, y - 30, 1),
        (w + 6, y + 6, 1),
        (0, y + 42),
    ]
    canvas.paint(
        canvas.patch(loop(knots)), sewing.cloth, folds=[Fold(-w, y - 4, w, y - 4, 6, 1.8, 12)]
    )


def frill_high(sewing: Sewing, top: Top) -> None:
    """A high neck of gathered lace."""
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    cloth = sewing.cloth.of("lace", sewing.accent.colours[0])
    knots: list[Knot] = [
        (-w - 4, y + 14, 1),
        (-w + 2, y - 22, 1),
        (0, y - 12),
        (w - 2, y - 22, 1),
        (w + 4, y + 14, 1),
        (0, y + 32),
    ]
    canvas.paint(
        canvas.patch(loop(knots)),
        cloth,
        folds=gathers(-w, w, y + 20, length=-40, rng=sewing.rng, every=8),
    )
