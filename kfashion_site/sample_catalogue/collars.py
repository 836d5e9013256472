"""Collars by name, and those that lie flat; `garments` draws one after the body."""

from collections.abc import Callable

from .bows import ribbon_bow
from .cuts import NECK_Y, Top, neck_width, neckline
from .geometry import Fold, Knot, band, curve, flip
from .high_necks import cowl, frill_high, funnel, hood, mandarin, pair, turtle
from .lapels import biker_collar, notch_collar, peak_collar, shawl_collar, stand
from .sewing import Sewing


def draw_collar(sewing: Sewing, top: Top) -> None:
    """The collar named by the cut; none for an empty name."""
    if top.collar:
        COLLARS[top.collar](sewing, top)


def _shirt(sewing: Sewing, top: Top) -> None:
    _leaves(sewing, top, reach=34, drop=36)


def _pointed(sewing: Sewing, top: Top) -> None:
    _leaves(sewing, top, reach=64, drop=66)


def _leaves(sewing: Sewing, top: Top, *, reach: float, drop: float) -> None:
    cloth = sewing.accent if "contrast" in top.trims else sewing.cloth
    w, y = neck_width(top), NECK_Y
    stand(sewing, top, cloth)
    centre = min(neckline(top)[0][1], y + 76) + 1
    pair(
        sewing,
        [
            (w * 0.74, y - 15, 1),
            (w + 9, y + 11),
            (reach, centre + drop, 1),
            (1, centre, 1),
            (w * 0.55, y + 12),
        ],
        cloth,
        edge=True,
    )
    if "tipped" in top.trims:
        for side in (-1, 1):
            sewing.canvas.line(
                [
                    (side * (w + 6), y + 17),
                    (side * (reach - 3), centre + drop - 6),
                    (side * 5, centre + 4),
                ],
                sewing.accent.colours[1],
                width=2.2,
            )


def _peter_pan(sewing: Sewing, top: Top) -> None:
    cloth = sewing.accent if "contrast" in top.trims else sewing.cloth
    w, y = neck_width(top), NECK_Y
    centre = neckline(top)[0][1]
    pair(
        sewing,
        [
            (w - 1, y - 3, 1),
            (w + 30, y + 16),
            (w + 20, centre + 22),
            (26, centre + 34),
            (2, centre + 6, 1),
            (w * 0.64, centre - 10),
        ],
        cloth,
    )
    if "lace_edge" in top.trims:
        lace = sewing.cloth.of("lace", (255, 253, 248))
        for side in (-1, 1):
            edge = [(w + 31, y + 16), (w + 21, centre + 24), (26, centre + 36), (4, centre + 10)]
            sewing.canvas.paint(
                sewing.canvas.patch(band(curve([(side * a, b) for a, b in edge]), 12)), lace
            )


def _sailor(sewing: Sewing, top: Top) -> None:
    w, y = neck_width(top), NECK_Y
    centre = neckline(top)[0][1]
    knots: list[Knot] = [
        (w * 0.8, y - 6, 1),
        (w + 38, y + 10),
        (w + 36, y + 70, 1),
        (6, centre + 26, 1),
        (0, centre, 1),
    ]
    pair(sewing, knots, sewing.accent)
    for inset in (8, 14):
        for side in (-1, 1):
            sewing.canvas.line(
                [
                    (side * (w + 37 - inset), y + 14),
                    (side * (w + 36 - inset), y + 64, 1),
                    (side * 9, centre + 25 - inset * 0.4),
                ],
                sewing.accent.colours[1],
                width=1.8,
            )


def _bow(sewing: Sewing, top: Top) -> None:
    w, y = neck_width(top), NECK_Y
    cloth = sewing.accent if "contrast" in top.trims else sewing.cloth
    stand(sewing, top, cloth, height=8)
    centre = min(neckline(top)[0][1], y + 82)
    pair(
        sewing,
        [
            (w * 0.9, y - 8, 1),
            (w + 7, y + 5),
            (9, centre + 12, 1),
            (0, centre - 5, 1),
            (w * 0.6, y + 20),
        ],
        cloth,
        edge=False,
    )
    ribbon_bow(sewing, 0, centre + 5, size=1.25, cloth=cloth, tails=92)


def _ruffle(sewing: Sewing, top: Top) -> None:
    half = neckline(top)
    line = curve([*flip(reversed(half)), *half[1:]])
    cloth = (
        sewing.cloth.of("lace", sewing.accent.colours[0])
        if "lace_edge" in top.trims
        else sewing.cloth
    )
    w, y = neck_width(top), NECK_Y
    outer = [(a * 1.42, b + 24 + (6 if i % 4 < 2 else -2)) for i, (a, b) in enumerate(line)]
    folds = [Fold(a, b, c, d, 4, 2.4) for (a, b), (c, d) in zip(line[::3], outer[::3], strict=True)]
    patch = sewing.canvas.patch([*line, *reversed(outer)])
    sewing.canvas.paint(patch, cloth, folds=folds, shadow=0.45)
    sewing.canvas.paint(
        sewing.canvas.patch(band(curve([(-w, y), (0, y + 9), (w, y)]), 9)), cloth, dim=0.85
    )


COLLARS: dict[str, Callable[[Sewing, Top], None]] = {
    "shirt": _shirt,
    "pointed": _pointed,
    "peter_pan": _peter_pan,
    "sailor": _sailor,
    "notch": notch_collar,
    "peak": peak_collar,
    "shawl": shawl_collar,
    "mandarin": mandarin,
    "turtle": turtle,
    "cowl": cowl,
    "hood": hood,
    "biker": biker_collar,
    "bow": _bow,
    "ruffle": _ruffle,
    "funnel": funnel,
    "frill": frill_high,
}
