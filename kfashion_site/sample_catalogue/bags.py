"""Bags; `accessories` looks them up."""

from .geometry import Fold, Knot, along, band, box, curve, ellipse, loop
from .sewing import Sewing, shift


def tote(sewing: Sewing, trims: tuple[str, ...]) -> None:
    """An upright bag with two handles."""
    canvas = sewing.canvas
    for depth, dim in ((0, 0.75), (14, 1.0)):
        handle = band(
            curve([(-66, 300), (-58, 160 + depth), (0, 118 + depth), (58, 160 + depth), (66, 300)]),
            13,
        )
        canvas.paint(canvas.patch(handle), sewing.accent, dim=dim)
    bag: list[Knot] = [
        (-142, 276, 1),
        (0, 284),
        (142, 276, 1),
        (154, 520, 1),
        (0, 532),
        (-154, 520, 1),
    ]
    canvas.paint(
        canvas.patch(loop(bag)),
        sewing.cloth,
        volume=1.6,
        folds=[Fold(-100, 300, -60, 500, 22, 3), Fold(80, 320, 110, 510, 20, -3)],
    )
    canvas.stitch([(-138, 290), (0, 298), (138, 290)], sewing.thread)
    if "fringe" in trims:
        for x, y, _ in along([(-148, 420), (148, 420)], 6):
            canvas.fill(
                canvas.patch(band([(x, y), (x + sewing.jitter(4), y + 128 + sewing.jitter(9))], 5)),
                shift(sewing.cloth.colours[0], sewing.rng.choice((-26, -8, 10))),
            )


BAG: list[Knot] = [
    (-150, 330, 1),
    (0, 322),
    (150, 330, 1),
    (156, 486),
    (130, 510),
    (0, 516),
    (-130, 510),
    (-156, 486),
]
BAG_FLAP: list[Knot] = [
    (-152, 322, 1),
    (0, 312),
    (152, 322, 1),
    (148, 396),
    (60, 440),
    (0, 448),
    (-60, 440),
    (-148, 396),
]


def shoulder_bag(sewing: Sewing, trims: tuple[str, ...]) -> None:
    """A flap bag on a strap or a chain."""
    canvas = sewing.canvas
    line = curve([(-128, 330), (-100, 170), (0, 110), (100, 170), (128, 330)])
    if "chain" in trims:
        for x, y, turn in along(line, 11):
            canvas.fill(
                canvas.patch(
                    ellipse(x, y, 8, 5, turn=turn), holes=[ellipse(x, y, 4.4, 2, turn=turn)]
                ),
                sewing.metal,
            )
    else:
        canvas.paint(canvas.patch(band(line, 12)), sewing.cloth)
    canvas.paint(canvas.patch(loop(BAG)), sewing.cloth, volume=1.7)
    canvas.paint(canvas.patch(loop(BAG_FLAP)), sewing.cloth, volume=1.4, shadow=0.5)
    canvas.stitch([(-142, 394), (-58, 433), (0, 440), (58, 433), (142, 394)], sewing.thread)
    canvas.fill(canvas.patch(box(0, 440, 34, 24), holes=[box(0, 440, 20, 11)]), sewing.metal)
    if "studs" in trims:
        for x, y, _ in along(curve([(-132, 380), (-56, 420), (0, 426), (56, 420), (132, 380)]), 17):
            sewing.stud(x, y, radius=5)
