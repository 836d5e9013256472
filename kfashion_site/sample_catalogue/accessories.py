"""Bags, hats and boots; `garments` looks them up by name."""

from collections.abc import Callable

from .geometry import Fold, Knot, along, band, box, curve, ellipse, loop
from .sewing import Sewing, shift


def _cap(sewing: Sewing, trims: tuple[str, ...]) -> None:
    canvas = sewing.canvas
    crown: list[Knot] = [(-128, 352, 1), (-126, 270), (-70, 196), (10, 180), (88, 200), (136, 268), (140, 346, 1), (10, 366)]
    canvas.paint(canvas.patch(loop(crown)), sewing.cloth, volume=1.6, folds=[Fold(-60, 230, -96, 330, 16, 2), Fold(60, 230, 90, 320, 14, -2)])
    for knots in ([(10, 182), (4, 270), (-4, 362)], [(10, 182), (-70, 250), (-96, 356)], [(10, 182), (92, 250), (104, 352)]):
        canvas.seam(knots, depth=0.3)
        canvas.stitch([(x + 4, y) for x, y in knots], sewing.thread)
    bill: list[Knot] = [(-128, 346, 1), (10, 366), (140, 342, 1), (168, 372), (150, 404), (20, 430), (-118, 412), (-158, 380)]
    canvas.paint(canvas.patch(loop(bill)), sewing.accent, volume=1.5, shadow=0.5)
    for up in (10, 20, 30):
        canvas.stitch([(-146 + up, 392 - up * 0.5), (16, 424 - up), (156 - up, 386 - up * 0.4)], sewing.thread)
    sewing.button(10, 182, radius=8, colour=sewing.cloth.colours[0])


def _brimmed(sewing: Sewing, *, crown: list[Knot], brim: list[Knot], band_y: float, half: float, pinch: bool) -> None:
    canvas = sewing.canvas
    canvas.paint(canvas.patch(loop(brim)), sewing.cloth, volume=1.7)
    folds = [Fold(-26, 196, -34, 290, 16, -5), Fold(26, 196, 34, 290, 16, 5)] if pinch else [Fold(-50, 210, -66, 320, 18, 2), Fold(54, 210, 66, 320, 18, -2)]
    canvas.paint(canvas.patch(loop(crown)), sewing.cloth, volume=1.7, folds=folds, shadow=0.5)
    ribbon = band(curve([(-half, band_y), (0, band_y + 18), (half, band_y)]), 24)
    canvas.paint(canvas.patch(ribbon), sewing.accent, volume=0.8, shadow=0.4)


def _cowboy_hat(sewing: Sewing, trims: tuple[str, ...]) -> None:
    crown: list[Knot] = [(-98, 366, 1), (-92, 262), (-72, 206), (-34, 190), (0, 206), (34, 190), (72, 206), (92, 262), (98, 366, 1), (0, 384)]
    brim: list[Knot] = [(-212, 290), (-190, 352), (-108, 404), (0, 424), (108, 404), (190, 352), (212, 290), (170, 322), (98, 346), (0, 352), (-98, 346), (-170, 322)]
    _brimmed(sewing, crown=crown, brim=brim, band_y=348, half=97, pinch=True)


def _straw_hat(sewing: Sewing, trims: tuple[str, ...]) -> None:
    crown: list[Knot] = [(-96, 346, 1), (-92, 262), (-60, 218), (0, 208), (60, 218), (92, 262), (96, 346, 1), (0, 364)]
    brim = ellipse(0, 352, 210, 76)
    sewing.canvas.paint(sewing.canvas.patch(brim), sewing.cloth, volume=1.7)
    _brimmed(sewing, crown=crown, brim=list(brim), band_y=330, half=95, pinch=False)
    if "flower" in trims:
        for side, tint in ((64, 0), (40, 1), (86, 1)):
            for a in range(5):
                x, y = side + 9 * ((a * 7) % 3 - 1), 334 + 8 * ((a * 5) % 3 - 1)
                sewing.canvas.fill(sewing.canvas.patch(ellipse(x, y, 9, 8)), shift(sewing.accent.colours[tint % len(sewing.accent.colours)], 12 * (a % 3)))


def _bucket_hat(sewing: Sewing, trims: tuple[str, ...]) -> None:
    canvas = sewing.canvas
    brim: list[Knot] = [(-104, 330, 1), (-168, 418), (-90, 446), (0, 452), (90, 446), (168, 418), (104, 330, 1)]
    crown: list[Knot] = [(-106, 342, 1), (-84, 218), (-46, 204), (0, 200), (46, 204), (84, 218), (106, 342, 1), (0, 360)]
    canvas.paint(canvas.patch(loop(brim)), sewing.cloth, volume=1.5)
    canvas.paint(canvas.patch(loop(crown)), sewing.cloth, volume=1.6, shadow=0.4, folds=[Fold(-40, 230, -60, 330, 18, 2)])
    for drop in (0, 14, 28, 42, 56):
        canvas.stitch([(-118 - drop * 0.7, 352 + drop), (0, 376 + drop), (118 + drop * 0.7, 352 + drop)], sewing.thread)
    canvas.seam([(-84, 220), (0, 232), (84, 220)], depth=0.3)


def _beret(sewing: Sewing, trims: tuple[str, ...]) -> None:
    canvas = sewing.canvas
    puff: list[Knot] = [(-92, 392, 1), (-150, 340), (-168, 280), (-110, 226), (10, 208), (130, 236), (176, 300), (140, 366), (84, 396, 1), (0, 412)]
    canvas.paint(canvas.patch(loop(puff)), sewing.cloth, volume=2.2, folds=[Fold(-60, 380, -140, 290, 18, 4, 14), Fold(40, 390, 120, 300, 18, -4), Fold(100, 240, 150, 340, 20, 4)])
    rim = band(curve([(-92, 394), (0, 414), (86, 397)]), 26)
    canvas.paint(canvas.patch(rim), sewing.accent.of("leather", sewing.accent.colours[0]), shadow=0.4)
    if "badge" in trims:
        canvas.fill(canvas.patch(loop([(-60, 330, 1), (-28, 330, 1), (-30, 362), (-44, 378, 1), (-58, 362)])), sewing.metal)
        sewing.stud(-44, 348, radius=9)
    else:
        canvas.line([(10, 210), (14, 192)], sewing.cloth.colours[0], width=6)


def _tote(sewing: Sewing, trims: tuple[str, ...]) -> None:
    canvas = sewing.canvas
    for depth, dim in ((0, 0.75), (14, 1.0)):
        handle = band(curve([(-66, 300), (-58, 160 + depth), (0, 118 + depth), (58, 160 + depth), (66, 300)]), 13)
        canvas.paint(canvas.patch(handle), sewing.accent, dim=dim)
    bag: list[Knot] = [(-142, 276, 1), (0, 284), (142, 276, 1), (154, 520, 1), (0, 532), (-154, 520, 1)]
    canvas.paint(canvas.patch(loop(bag)), sewing.cloth, volume=1.6, folds=[Fold(-100, 300, -60, 500, 22, 3), Fold(80, 320, 110, 510, 20, -3)])
    canvas.stitch([(-138, 290), (0, 298), (138, 290)], sewing.thread)
    if "fringe" in trims:
        for x, y, _ in along([(-148, 420), (148, 420)], 6):
            canvas.fill(canvas.patch(band([(x, y), (x + sewing.jitter(4), y + 128 + sewing.jitter(9))], 5)), shift(sewing.cloth.colours[0], sewing.rng.choice((-26, -8, 10))))


def _shoulder_bag(sewing: Sewing, trims: tuple[str, ...]) -> None:
    canvas = sewing.canvas
    line = curve([(-128, 330), (-100, 170), (0, 110), (100, 170), (128, 330)])
    if "chain" in trims:
        for x, y, turn in along(line, 11):
            canvas.fill(canvas.patch(ellipse(x, y, 8, 5, turn=turn), holes=[ellipse(x, y, 4.4, 2, turn=turn)]), sewing.metal)
    else:
        canvas.paint(canvas.patch(band(line, 12)), sewing.cloth)
    bag: list[Knot] = [(-150, 330, 1), (0, 322), (150, 330, 1), (156, 486), (130, 510), (0, 516), (-130, 510), (-156, 486)]
    canvas.paint(canvas.patch(loop(bag)), sewing.cloth, volume=1.7)
    lid: list[Knot] = [(-152, 322, 1), (0, 312), (152, 322, 1), (148, 396), (60, 440), (0, 448), (-60, 440), (-148, 396)]
    canvas.paint(canvas.patch(loop(lid)), sewing.cloth, volume=1.4, shadow=0.5)
    canvas.stitch([(-142, 394), (-58, 433), (0, 440), (58, 433), (142, 394)], sewing.thread)
    canvas.fill(canvas.patch(box(0, 440, 34, 24), holes=[box(0, 440, 20, 11)]), sewing.metal)
    if "studs" in trims:
        for x, y, _ in along(curve([(-132, 380), (-56, 420), (0, 426), (56, 420), (132, 380)]), 17):
            sewing.stud(x, y, radius=5)


def _boots(sewing: Sewing, trims: tuple[str, ...]) -> None:
    canvas, tall = sewing.canvas, 0.0 if "tall" in trims else 70.0
    for shift_x, shift_y in ((46.0, -26.0), (-62.0, 14.0)):
        def at(knots: list[Knot], sx: float = shift_x, sy: float = shift_y) -> list[Knot]:
            return [(k[0] + sx, k[1] + sy, *k[2:]) for k in knots]

        heel = "heel" in trims
        sole: list[Knot] = at([(-30, 500, 1), (60, 512), (156, 516), (162, 536), (60, 536), (24, 534, 1), (16, 548 if heel else 536, 1), (-32, 548 if heel else 536, 1)])
        canvas.paint(canvas.patch(loop(sole)), sewing.accent.of("rubber", sewing.accent.colours[0]), volume=0.8)
        top = 170 + tall
        if "western" in trims:
            shaft: list[Knot] = at([(-44, top - 6, 1), (-8, top + 18), (30, top + 20), (62, top - 12, 1), (56, 380), (70, 440), (130, 470), (160, 500), (152, 520, 1), (60, 514), (-34, 506, 1), (-36, 440), (-30, 360)])
        else:
            shaft = at([(-42, top, 1), (60, top - 6, 1), (54, 380), (66, 434), (120, 462), (160, 490), (160, 520, 1), (60, 514), (-36, 508, 1), (-38, 440), (-30, 360)])
        folds = [Fold(-30 + shift_x, 420 + shift_y, 66 + shift_x, 426 + shift_y, 8, -2.6, 6), Fold(-30 + shift_x, 396 + shift_y, 54 + shift_x, 388 + shift_y, 8, 2.4, 5)]
        canvas.paint(canvas.patch(loop(shaft)), sewing.cloth, volume=1.7, folds=folds, shadow=0.5)
        _boot_details(sewing, trims, shift_x, shift_y, top)


def _boot_details(sewing: Sewing, trims: tuple[str, ...], x: float, y: float, top: float) -> None:
    canvas = sewing.canvas
    if "western" in trims:
        for side in (0, 1):
            curl: list[Knot] = [(x + 8, y + top + 40 + 30 * side), (x + 34, y + top + 66 + 30 * side), (x + 10, y + top + 96 + 30 * side), (x - 18, y + top + 66 + 30 * side), (x + 8, y + top + 40 + 30 * side)]
            canvas.stitch(curl, shift(sewing.cloth.colours[0], 84), spacing=5)
        canvas.stitch([(x + 70, y + 452), (x + 104, y + 464), (x + 128, y + 484), (x + 100, y + 500)], shift(sewing.cloth.colours[0], 84))
    if "laces" in trims:
        for step in range(8):
            h = y + top + 16 + step * (250 - (top - 170)) / 8
            shear = 6 * max(0, step - 5)
            canvas.line([(x + 28 + shear, h), (x + 58 + shear * 1.6, h + 9)], sewing.accent.colours[-1], width=4)
            sewing.button(x + 26 + shear, h, radius=2.6)
            sewing.button(x + 59 + shear * 1.6, h + 9, radius=2.6)
    if "buckles" in trims:
        for h in (396.0, 330.0):
            strap = [(x - 38, y + h), (x + 66, y + h + 10), (x + 66, y + h + 28), (x - 38, y + h + 18)]
            canvas.paint(canvas.patch(strap), sewing.cloth, shadow=0.5)
            canvas.fill(canvas.patch(box(x + 40, y + h + 17, 24, 24), holes=[box(x + 40, y + h + 17, 13, 13)]), sewing.metal)
            sewing.stud(x + 4, y + h + 13, radius=4)


def _sneakers(sewing: Sewing, trims: tuple[str, ...]) -> None:
    canvas = sewing.canvas
    for sx, sy, scale in ((26.0, -96.0, 1.0), (-26.0, 60.0, 1.0)):
        def at(knots: list[Knot], ox: float = sx, oy: float = sy) -> list[Knot]:
            return [(k[0] + ox, k[1] + oy, *k[2:]) for k in knots]

        high = 70 if "high" in trims else 0
        upper: list[Knot] = at([(-150, 330 - high, 1), (-96, 322 - high), (-62, 330 - high, 1), (-30, 352), (50, 392), (128, 414), (168, 446), (166, 468, 1), (0, 470), (-152, 466, 1), (-158, 400)])
        canvas.paint(canvas.patch(loop(upper)), sewing.cloth, volume=1.6)
        toe = at([(96, 404, 1), (140, 418), (168, 446), (166, 468, 1), (84, 469, 1), (104, 436)])
        canvas.paint(canvas.patch(loop(toe)), sewing.accent, shadow=0.35)
        back = at([(-158, 396, 1), (-116, 392, 1), (-112, 468, 1), (-154, 468, 1)])
        canvas.paint(canvas.patch(loop(back)), sewing.accent, shadow=0.35)
        sole = at([(-162, 460, 1), (0, 466), (176, 456, 1), (178, 482), (160, 498), (0, 502), (-150, 498), (-166, 482)])
        canvas.paint(canvas.patch(loop(sole)), sewing.cloth.of("rubber", (246, 244, 238)), shadow=0.5)
        canvas.line([k for k in at([(-160, 484), (0, 488), (172, 480)])], sewing.accent.colours[0], width=4)
        for step in range(6):
            knots = at([(-56 + step * 22, 346 - high * max(0, 1 - step / 3) * 0.8 + step * 11), (-30 + step * 22, 336 - high * max(0, 1 - step / 3) * 0.8 + step * 13)])
            canvas.line(knots, (250, 250, 248), width=6)
        for inset in (0, 16, 32):
            canvas.line(at([(-40 + inset, 462), (0 + inset, 396)]), sewing.accent.colours[0], width=6)


ACCESSORIES: dict[str, Callable[[Sewing, tuple[str, ...]], None]] = {
    "cap": _cap, "cowboy_hat": _cowboy_hat, "straw_hat": _straw_hat, "bucket_hat": _bucket_hat, "beret": _beret,
    "tote": _tote, "shoulder_bag": _shoulder_bag, "boots": _boots, "sneakers": _sneakers,
}
