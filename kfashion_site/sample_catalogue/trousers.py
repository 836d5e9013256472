"""Trousers, jeans, shorts and leggings, alone or under a bodice; `garments` calls it."""

from dataclasses import dataclass

from .canvas import Grain
from .cloth import Cloth
from .geometry import Fold, Knot, flip, loop
from .pockets import patch_pocket
from .sewing import Sewing, drape
from .waistbands import WAIST_Y, draw_waistband


@dataclass(frozen=True)
class Trousers:
    """The cut of a pair of trousers. Widths are of one leg."""

    cut: str = "straight"
    waist: float = 84
    length: float = 440
    waistband: str = "loops"
    turn_up: bool = False
    pockets: str = "slant"
    trims: tuple[str, ...] = ()


LEGS: dict[str, tuple[float, float, float, float]] = {
    "slim": (101, 62, 46, 10),
    "straight": (104, 76, 68, 12),
    "wide": (109, 100, 108, 16),
    "flare": (100, 60, 104, 16),
    "baggy": (116, 106, 92, 16),
    "jogger": (106, 84, 50, 14),
    "carrot": (110, 82, 50, 12),
    "shorts": (114, 100, 100, 20),
    "leggings": (92, 50, 38, 4),
}
"""Half width at the hip; leg width at the knee and at the hem; how far the legs stand apart."""


def draw_trousers(
    sewing: Sewing, trousers: Trousers, *, top_y: float = WAIST_Y, waistband: bool = True
) -> None:
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
        draw_waistband(sewing, trousers.waist, top_y, kind=trousers.waistband)


def leg_centre(trousers: Trousers, share: float) -> float:
    """How far from the middle a leg's axis lies at a share of the length below the crotch."""
    hip, _knee, hem, apart = LEGS[trousers.cut]
    width = hip * 0.98 + (hem - hip * 0.98) * share
    return (
        2
        + apart * 0.55 * share
        + width / 2
        + (6 if trousers.cut in ("slim", "leggings") else 0) * share
    )


def _draw_leg(
    sewing: Sewing, trousers: Trousers, top_y: float, bottom: float, *, side: int
) -> None:
    hip, knee, hem, apart = LEGS[trousers.cut]
    crotch = top_y + 140
    knee_y = crotch + (bottom - crotch) * 0.46
    knots: list[Knot] = [
        (-1.5, top_y + 4, 1),
        (trousers.waist, top_y, 1),
        (hip - 3, top_y + 84),
        (hip, crotch),
        (apart * 0.5 + 8 + knee, knee_y),
        (apart + 6 + hem, bottom - 3, 1),
        (apart + 6 + hem / 2, bottom + 2),
        (apart + 6, bottom - 1, 1),
        (apart * 0.55 + 6, knee_y),
        (2.0, crotch + 5, 1),
        (-1.5, crotch, 1),
    ]
    if trousers.cut == "shorts":
        knots = [
            *knots[:4],
            (hip + 6, bottom - 8, 1),
            (apart, bottom + 4, 1),
            (2.0, crotch + 5, 1),
            (-1.5, crotch, 1),
        ]
    outline = loop(knots if side > 0 else flip(knots))
    folds = _leg_folds(sewing, trousers, top_y, bottom)
    folds = [
        Fold(f.x0 * side, f.y0, f.x1 * side, f.y1, f.width, f.height, f.bend * side) for f in folds
    ]
    sewing.canvas.paint(
        sewing.canvas.patch(outline),
        sewing.cloth,
        folds=folds,
        shadow=0.3,
        grain=Grain(-0.04 * side),
    )
    _draw_leg_details(sewing, trousers, knots, bottom, side=side)


def _leg_folds(sewing: Sewing, trousers: Trousers, top_y: float, bottom: float) -> list[Fold]:
    hip, _, hem, apart = LEGS[trousers.cut]
    crotch = top_y + 140
    folds = [
        Fold(3, crotch - 4, hip * 0.66, crotch - 34, 6, 2.0, 5),
        Fold(4, crotch + 8, hip * 0.74, crotch + 2, 6.5, -1.7, 5),
        Fold(6, crotch + 22, hip * 0.6, crotch + 40, 6, 1.5, 4),
    ]
    if trousers.cut == "shorts":
        return folds + drape(50, 70, crotch - 60, bottom, rng=sewing.rng, count=2)
    folds += _knee_folds(sewing, trousers, crotch, bottom)
    if trousers.cut in ("wide", "flare"):
        folds += [
            Fold(hip * 0.4, crotch, apart + 6 + hem * share, bottom + 8, 8, height)
            for share, height in ((0.2, 2.2), (0.55, -2), (0.82, 2.4))
        ]
    if "crease" in trousers.trims:
        folds.append(Fold(hip * 0.5, top_y + 20, apart + 6 + hem * 0.5, bottom + 30, 3.0, 3.4))
    return folds


def _knee_folds(sewing: Sewing, trousers: Trousers, crotch: float, bottom: float) -> list[Fold]:
    """Creases around the knee and where the leg stacks above the hem."""
    _, knee, hem, apart = LEGS[trousers.cut]
    rng, folds = sewing.rng, []
    inner, outer = apart * 0.55 + 6, apart * 0.5 + 8 + knee
    for index in range(4):
        y = crotch + (bottom - crotch) * 0.46 + (index - 1.6) * 22 + rng.uniform(-6, 6)
        start, end = (inner, outer) if index % 2 else (outer, inner)
        reach = start + (end - start) * rng.uniform(0.45, 0.8)
        rise, height = rng.uniform(-12, 16), rng.choice((1.7, -1.5))
        folds.append(Fold(start, y, reach, y + rise, 5.5, height, rng.uniform(-4, 6)))
    for index in range(5 if trousers.cut in ("slim", "baggy", "jogger") else 2):
        y = bottom - 14 - index * 15 + rng.uniform(-4, 4)
        reach = apart + 6 + hem * rng.uniform(0.6, 1.0)
        drop, height = rng.uniform(2, 12), rng.choice((1.8, -1.5))
        folds.append(Fold(apart + 6, y, reach, y - drop, 5, height, rng.uniform(-4, 5)))
    return folds


def _draw_leg_details(
    sewing: Sewing, trousers: Trousers, knots: list[Knot], bottom: float, *, side: int
) -> None:
    canvas, (_, _, hem, apart) = sewing.canvas, LEGS[trousers.cut]
    outer = list(knots[1:6]) if trousers.cut != "shorts" else knots[1:5]
    if "side_stripe" in trousers.trims:
        wide = [(7.0, 7.5), (17.0, 3.0)] if trousers.cut != "leggings" else [(9.0, 4.4)]
        for inset, width in wide:
            line = [(side * (k[0] - inset), k[1]) for k in outer]
            canvas.line(line, sewing.accent.colours[0], width=width)
    elif "jeans" in trousers.trims:
        canvas.stitch([(side * (k[0] - 5), k[1] + 2) for k in outer], sewing.thread, spacing=5)
    left, right = (
        (apart + 4, apart + 8 + hem)
        if trousers.cut != "shorts"
        else (apart - 2, LEGS["shorts"][0] + 8)
    )
    tilt = -12 if trousers.cut == "shorts" else 0
    if trousers.cut == "jogger" or trousers.turn_up:
        cloth: Cloth = (
            sewing.cloth.of("rib", sewing.cloth.colours[0])
            if trousers.cut == "jogger"
            else sewing.accent
        )
        corners = [
            (left - 1, bottom - 20.0),
            (right + 1, bottom - 22.0 + tilt),
            (right + 1, bottom + 3.0 + tilt),
            (left - 1, bottom + 5.0),
        ]
        canvas.paint(
            canvas.patch([(side * x, y) for x, y in corners]), cloth, volume=0.8, shadow=0.4
        )
    else:
        canvas.seam(
            [(side * left, bottom - 12), (side * right, bottom - 13 + tilt)], width=1.2, depth=0.17
        )


def _draw_leg_pockets(sewing: Sewing, trousers: Trousers, top_y: float) -> None:
    canvas, hip = sewing.canvas, LEGS[trousers.cut][0]
    for side in (-1, 1):
        if trousers.pockets in ("slant", "cargo"):
            canvas.seam(
                [(side * trousers.waist * 0.72, top_y + 18), (side * (hip - 4), top_y + 92)],
                width=1.7,
                depth=0.36,
            )
        if trousers.pockets == "jeans":
            scoop: list[Knot] = [
                (side * trousers.waist * 0.5, top_y + 18),
                (side * trousers.waist * 0.62, top_y + 46),
                (side * (hip - 6), top_y + 56),
            ]
            canvas.seam(scoop, width=1.7, depth=0.36)
            canvas.stitch([(k[0], k[1] + 4) for k in scoop], sewing.thread)
            sewing.button(side * trousers.waist * 0.56, top_y + 24, radius=2.2)
        if trousers.pockets == "cargo":
            x = LEGS[trousers.cut][1] * 0.62 + LEGS[trousers.cut][3]
            patch_pocket(
                sewing, side * (x + 14), top_y + 196, width=58, height=70, flap=True, pleat=True
            )
