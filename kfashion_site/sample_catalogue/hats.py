"""Caps, hats and berets; `accessories` looks them up."""

from .geometry import Fold, Knot, band, curve, ellipse, loop
from .sewing import Sewing, shift

CAP_CROWN: list[Knot] = [
    (-172, 376, 1),
    (-172, 280),
    (-120, 206),
    (-40, 182),
    (46, 206),
    (92, 280),
    (98, 366, 1),
    (-40, 388),
]
CAP_BILL: list[Knot] = [
    (-62, 384, 1),
    (20, 372),
    (98, 358, 1),
    (168, 372),
    (206, 412),
    (176, 430),
    (92, 424),
    (0, 418),
]
CAP_SEAMS: tuple[list[Knot], ...] = (
    [(-40, 184), (-20, 270), (-14, 386)],
    [(-40, 184), (-120, 250), (-140, 380)],
    [(-40, 184), (54, 240), (78, 370)],
)


def cap(sewing: Sewing, trims: tuple[str, ...]) -> None:
    """A baseball cap seen from the front left."""
    canvas = sewing.canvas
    folds = [Fold(-110, 230, -140, 360, 18, 2), Fold(30, 240, 60, 350, 16, -2)]
    canvas.paint(canvas.patch(loop(CAP_CROWN)), sewing.cloth, volume=1.7, folds=folds)
    for knots in CAP_SEAMS:
        canvas.seam(knots, depth=0.3)
        canvas.stitch([(k[0] + 5, k[1]) for k in knots], sewing.thread)
    canvas.paint(canvas.patch(loop(CAP_BILL)), sewing.accent, volume=1.6, shadow=0.5)
    for inset in (10, 20, 30):
        row = [(inset - 30, 406 - inset * 0.6), (92, 416 - inset), (190 - inset, 410 - inset * 0.7)]
        canvas.stitch(row, sewing.thread)
    sewing.button(-40, 184, radius=8, colour=sewing.cloth.colours[0])
    for x, y in ((-70, 250), (6, 246)):
        sewing.button(x, y, radius=3.2, colour=sewing.accent.colours[0])


def _brimmed(
    sewing: Sewing, *, crown: list[Knot], brim: list[Knot], band_y: float, half: float, pinch: bool
) -> None:
    canvas = sewing.canvas
    canvas.paint(canvas.patch(loop(brim)), sewing.cloth, volume=1.7)
    folds = (
        [Fold(-26, 196, -34, 290, 16, -5), Fold(26, 196, 34, 290, 16, 5)]
        if pinch
        else [Fold(-50, 210, -66, 320, 18, 2), Fold(54, 210, 66, 320, 18, -2)]
    )
    canvas.paint(canvas.patch(loop(crown)), sewing.cloth, volume=1.7, folds=folds, shadow=0.5)
    ribbon = band(curve([(-half, band_y), (0, band_y + 18), (half, band_y)]), 24)
    canvas.paint(canvas.patch(ribbon), sewing.accent, volume=0.8, shadow=0.4)


def cowboy_hat(sewing: Sewing, trims: tuple[str, ...]) -> None:
    """A cowboy hat with its rolled brim."""
    crown: list[Knot] = [
        (-98, 366, 1),
        (-92, 262),
        (-72, 206),
        (-34, 190),
        (0, 206),
        (34, 190),
        (72, 206),
        (92, 262),
        (98, 366, 1),
        (0, 384),
    ]
    brim: list[Knot] = [
        (-212, 290),
        (-190, 352),
        (-108, 404),
        (0, 424),
        (108, 404),
        (190, 352),
        (212, 290),
        (170, 322),
        (98, 346),
        (0, 352),
        (-98, 346),
        (-170, 322),
    ]
    _brimmed(sewing, crown=crown, brim=brim, band_y=348, half=97, pinch=True)


def straw_hat(sewing: Sewing, trims: tuple[str, ...]) -> None:
    """A wide-brimmed hat."""
    crown: list[Knot] = [
        (-96, 346, 1),
        (-92, 262),
        (-60, 218),
        (0, 208),
        (60, 218),
        (92, 262),
        (96, 346, 1),
        (0, 364),
    ]
    brim = ellipse(0, 352, 210, 76)
    sewing.canvas.paint(sewing.canvas.patch(brim), sewing.cloth, volume=1.7)
    _brimmed(sewing, crown=crown, brim=list(brim), band_y=330, half=95, pinch=False)
    if "flower" in trims:
        for side, tint in ((64, 0), (40, 1), (86, 1)):
            for a in range(5):
                x, y = side + 9 * ((a * 7) % 3 - 1), 334 + 8 * ((a * 5) % 3 - 1)
                sewing.canvas.fill(
                    sewing.canvas.patch(ellipse(x, y, 9, 8)),
                    shift(sewing.accent.colours[tint % len(sewing.accent.colours)], 12 * (a % 3)),
                )


def bucket_hat(sewing: Sewing, trims: tuple[str, ...]) -> None:
    """A bucket hat with a stitched brim."""
    canvas = sewing.canvas
    brim: list[Knot] = [
        (-104, 330, 1),
        (-168, 418),
        (-90, 446),
        (0, 452),
        (90, 446),
        (168, 418),
        (104, 330, 1),
    ]
    crown: list[Knot] = [
        (-106, 342, 1),
        (-84, 218),
        (-46, 204),
        (0, 200),
        (46, 204),
        (84, 218),
        (106, 342, 1),
        (0, 360),
    ]
    canvas.paint(canvas.patch(loop(brim)), sewing.cloth, volume=1.5)
    canvas.paint(
        canvas.patch(loop(crown)),
        sewing.cloth,
        volume=1.6,
        shadow=0.4,
        folds=[Fold(-40, 230, -60, 330, 18, 2)],
    )
    for drop in (0, 14, 28, 42, 56):
        canvas.stitch(
            [(-118 - drop * 0.7, 352 + drop), (0, 376 + drop), (118 + drop * 0.7, 352 + drop)],
            sewing.thread,
        )
    canvas.seam([(-84, 220), (0, 232), (84, 220)], depth=0.3)


def beret(sewing: Sewing, trims: tuple[str, ...]) -> None:
    """A beret pulled to one side."""
    canvas = sewing.canvas
    puff: list[Knot] = [
        (-92, 392, 1),
        (-150, 340),
        (-168, 280),
        (-110, 226),
        (10, 208),
        (130, 236),
        (176, 300),
        (140, 366),
        (84, 396, 1),
        (0, 412),
    ]
    canvas.paint(
        canvas.patch(loop(puff)),
        sewing.cloth,
        volume=2.2,
        folds=[
            Fold(-60, 380, -140, 290, 18, 4, 14),
            Fold(40, 390, 120, 300, 18, -4),
            Fold(100, 240, 150, 340, 20, 4),
        ],
    )
    rim = band(curve([(-92, 394), (0, 414), (86, 397)]), 26)
    canvas.paint(
        canvas.patch(rim), sewing.accent.of("leather", sewing.accent.colours[0]), shadow=0.4
    )
    if "badge" in trims:
        canvas.fill(
            canvas.patch(
                loop([(-60, 330, 1), (-28, 330, 1), (-30, 362), (-44, 378, 1), (-58, 362)])
            ),
            sewing.metal,
        )
        sewing.stud(-44, 348, radius=9)
    else:
        canvas.line([(10, 210), (14, 192)], sewing.cloth.colours[0], width=6)
