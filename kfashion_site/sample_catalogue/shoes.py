"""Boots and sneakers; `accessories` looks them up."""

from .geometry import Fold, Knot, band, box, loop
from .sewing import Sewing, shift


def boots(sewing: Sewing, trims: tuple[str, ...]) -> None:
    canvas, tall = sewing.canvas, 0.0 if "tall" in trims else 70.0
    for shift_x, shift_y in ((-4.0, -26.0), (-112.0, 14.0)):

        def at(knots: list[Knot], sx: float = shift_x, sy: float = shift_y) -> list[Knot]:
            return [(k[0] + sx, k[1] + sy, *k[2:]) for k in knots]

        heel = "heel" in trims
        sole: list[Knot] = at(
            [
                (-30, 500, 1),
                (60, 512),
                (156, 516),
                (162, 536),
                (60, 536),
                (24, 534, 1),
                (16, 548 if heel else 536, 1),
                (-32, 548 if heel else 536, 1),
            ]
        )
        canvas.paint(
            canvas.patch(loop(sole)),
            sewing.accent.of("rubber", sewing.accent.colours[0]),
            volume=0.8,
        )
        top = 170 + tall
        if "western" in trims:
            shaft: list[Knot] = at(
                [
                    (-44, top - 6, 1),
                    (-8, top + 18),
                    (30, top + 20),
                    (62, top - 12, 1),
                    (56, 380),
                    (70, 440),
                    (130, 470),
                    (160, 500),
                    (152, 520, 1),
                    (60, 514),
                    (-34, 506, 1),
                    (-36, 440),
                    (-30, 360),
                ]
            )
        else:
            shaft = at(
                [
                    (-42, top, 1),
                    (60, top - 6, 1),
                    (54, 380),
                    (66, 434),
                    (120, 462),
                    (160, 490),
                    (160, 520, 1),
                    (60, 514),
                    (-36, 508, 1),
                    (-38, 440),
                    (-30, 360),
                ]
            )
        folds = [
            Fold(-30 + shift_x, 420 + shift_y, 66 + shift_x, 426 + shift_y, 8, -2.6, 6),
            Fold(-30 + shift_x, 396 + shift_y, 54 + shift_x, 388 + shift_y, 8, 2.4, 5),
        ]
        canvas.paint(canvas.patch(loop(shaft)), sewing.cloth, volume=1.7, folds=folds, shadow=0.5)
        _boot_details(sewing, trims, shift_x, shift_y, top)


def _boot_details(sewing: Sewing, trims: tuple[str, ...], x: float, y: float, top: float) -> None:
    canvas = sewing.canvas
    if "western" in trims:
        for side in (0, 1):
            curl: list[Knot] = [
                (x + 8, y + top + 40 + 30 * side),
                (x + 34, y + top + 66 + 30 * side),
                (x + 10, y + top + 96 + 30 * side),
                (x - 18, y + top + 66 + 30 * side),
                (x + 8, y + top + 40 + 30 * side),
            ]
            canvas.stitch(curl, shift(sewing.cloth.colours[0], 84), spacing=5)
        canvas.stitch(
            [(x + 70, y + 452), (x + 104, y + 464), (x + 128, y + 484), (x + 100, y + 500)],
            shift(sewing.cloth.colours[0], 84),
        )
    if "laces" in trims:
        for step in range(8):
            h = y + top + 16 + step * (250 - (top - 170)) / 8
            shear = 6 * max(0, step - 5)
            canvas.line(
                [(x + 28 + shear, h), (x + 58 + shear * 1.6, h + 9)],
                sewing.accent.colours[-1],
                width=4,
            )
            sewing.button(x + 26 + shear, h, radius=2.6)
            sewing.button(x + 59 + shear * 1.6, h + 9, radius=2.6)
    if "buckles" in trims:
        for h in (396.0, 330.0):
            strap = [
                (x - 38, y + h),
                (x + 66, y + h + 10),
                (x + 66, y + h + 28),
                (x - 38, y + h + 18),
            ]
            canvas.paint(canvas.patch(strap), sewing.cloth, shadow=0.5)
            canvas.fill(
                canvas.patch(
                    box(x + 40, y + h + 17, 24, 24), holes=[box(x + 40, y + h + 17, 13, 13)]
                ),
                sewing.metal,
            )
            sewing.stud(x + 4, y + h + 13, radius=4)


def sneakers(sewing: Sewing, trims: tuple[str, ...]) -> None:
    for x, y in ((22.0, -150.0), (-22.0, 6.0)):
        _one_sneaker(sewing, x, y, rise=46.0 if "high" in trims else 0.0)


def _one_sneaker(sewing: Sewing, x: float, y: float, *, rise: float) -> None:
    canvas = sewing.canvas

    def at(knots: list[Knot]) -> list[Knot]:
        return [(k[0] + x, k[1] + y, *k[2:]) for k in knots]

    tongue = at(
        [(-84, 348 - rise, 1), (-52, 324 - rise), (-30, 340 - rise, 1), (30, 392, 1), (-30, 410, 1)]
    )
    canvas.paint(canvas.patch(loop(tongue)), sewing.accent)
    upper = at(
        [
            (-156, 346 - rise, 1),
            (-110, 356 - rise),
            (-70, 344 - rise, 1),
            (-34, 370 - rise * 0.4),
            (36, 404),
            (116, 420),
            (164, 448),
            (166, 470, 1),
            (0, 470),
            (-150, 468, 1),
            (-158, 410),
        ]
    )
    canvas.paint(
        canvas.patch(loop(upper)),
        sewing.cloth,
        volume=1.6,
        folds=[Fold(20 + x, 410 + y, 60 + x, 460 + y, 8, -2)],
    )
    toe = at([(96, 416, 1), (142, 430), (168, 450), (166, 470, 1), (82, 470, 1), (100, 440)])
    heel = at([(-159, 396, 1), (-118, 398, 1), (-110, 468, 1), (-154, 468, 1)])
    for part in (toe, heel):
        canvas.paint(canvas.patch(loop(part)), sewing.accent, shadow=0.35)
    for inset in (0, 17, 34):
        canvas.line(at([(-52 + inset, 464), (-14 + inset, 400)]), sewing.accent.colours[0], width=7)
    sole = at(
        [
            (-163, 460, 1),
            (0, 467),
            (176, 458, 1),
            (179, 484),
            (160, 500),
            (0, 503),
            (-150, 500),
            (-168, 484),
        ]
    )
    canvas.paint(canvas.patch(loop(sole)), sewing.cloth.of("rubber", (246, 244, 238)), shadow=0.5)
    canvas.line(at([(-160, 486), (0, 490), (172, 482)]), sewing.accent.colours[0], width=4)
    for step in range(6):
        share = step / 5
        start = (-64 + 84 * share, 350 - rise * (1 - share) ** 1.2 + 52 * share)
        lace = at([start, (start[0] + 30, start[1] - 10 + 8 * share)])
        canvas.darken(canvas.patch(band([(p[0], p[1] + 2) for p in lace], 6)), 0.4, spread=2)
        canvas.line(lace, (250, 250, 248), width=6)
