"""Turned-back collars: stands, lapels, shawls, biker collars; `collars` looks them up."""

from .canvas import Grain
from .cloth import Cloth
from .cuts import NECK_Y, Top, neck_width, neckline
from .geometry import Knot, flip, loop
from .sewing import Sewing


def stand(sewing: Sewing, top: Top, cloth: Cloth, *, height: float = 16) -> None:
    """The part of a collar that stands behind the neck."""
    w, y, canvas = neck_width(top), NECK_Y, sewing.canvas
    knots: list[Knot] = [
        (-w - 4, y + 4, 1),
        (-w * 0.72, y - height),
        (0, y - height - 2),
        (w * 0.72, y - height),
        (w + 4, y + 4, 1),
        (0, y + 17),
    ]
    canvas.paint(canvas.patch(loop(knots)), cloth, dim=0.74, volume=0.7)


def notch_collar(sewing: Sewing, top: Top) -> None:
    """A tailored collar with notched lapels."""
    _lapels(sewing, top, peak=False)


def peak_collar(sewing: Sewing, top: Top) -> None:
    """A tailored collar with peaked lapels."""
    _lapels(sewing, top, peak=True)


def _lapels(sewing: Sewing, top: Top, *, peak: bool) -> None:
    cloth = sewing.accent if "satin_lapel" in top.trims else sewing.cloth
    w, y = neck_width(top), NECK_Y
    low = neckline(top)[0][1] + 4
    tip = (w + 40, y + 52, 1) if peak else (w + 34, y + 70, 1)
    lapel: list[Knot] = [
        (w * 0.9, y + 36, 1),
        tip,
        (w + 18, y + 118),
        (4, low + 6, 1),
        (w * 0.48, y + 78),
    ]
    stand(sewing, top, cloth)
    for side in (-1, 1):
        one_leaf(sewing, lapel, cloth, side)
    fall: list[Knot] = [
        (w * 0.7, y - 16, 1),
        (w + 10, y + 4),
        (w + 31, y + 52 + (8 if not peak else -4), 1),
        (w * 0.98, y + 63, 1),
        (w * 0.72, y + 30),
    ]
    velvet = (
        sewing.cloth.of("velvet", sewing.accent.colours[0])
        if "velvet_collar" in top.trims
        else cloth
    )
    for side in (-1, 1):
        one_leaf(sewing, fall, velvet, side)


def one_leaf(sewing: Sewing, knots: list[Knot], cloth: Cloth, side: int) -> None:
    """One collar leaf; side 1 is the right of the picture."""
    mine = knots if side > 0 else flip(knots)
    canvas = sewing.canvas
    canvas.paint(
        canvas.patch(loop(mine)),
        cloth,
        grain=Grain(-0.35 * side, 0, NECK_Y),
        volume=0.8,
        shadow=0.55,
    )
    if "piping" in sewing.trims:
        canvas.line(mine[:4], sewing.accent.colours[0], width=3.2)


def shawl_collar(sewing: Sewing, top: Top) -> None:
    """A collar that turns back in one curve."""
    cloth = sewing.accent if "satin_lapel" in top.trims else sewing.cloth
    w, y = neck_width(top), NECK_Y
    low = neckline(top)[0][1] + 4
    stand(sewing, top, cloth)
    for side in (-1, 1):
        one_leaf(
            sewing,
            [
                (w * 0.7, y - 15, 1),
                (w + 14, y + 10),
                (w + 26, y + 78),
                (4, low + 4, 1),
                (w * 0.5, y + 62),
            ],
            cloth,
            side,
        )


def biker_collar(sewing: Sewing, top: Top) -> None:
    """Wide lapels held by snaps."""
    w, y = neck_width(top), NECK_Y
    stand(sewing, top, sewing.cloth)
    lapel: list[Knot] = [
        (w * 0.8, y + 22, 1),
        (w + 52, y + 44, 1),
        (w + 30, y + 108),
        (10, y + 142, 1),
        (w * 0.45, y + 72),
    ]
    fall: list[Knot] = [
        (w * 0.7, y - 16, 1),
        (w + 12, y + 2),
        (w + 38, y + 34, 1),
        (w * 0.86, y + 50, 1),
        (w * 0.66, y + 18),
    ]
    for knots in (lapel, fall):
        for side in (-1, 1):
            one_leaf(sewing, knots, sewing.cloth, side)
    for side in (-1, 1):
        sewing.button(side * (w + 42), y + 47, radius=3.4)
        sewing.button(side * (w + 30), y + 30, radius=2.8)
