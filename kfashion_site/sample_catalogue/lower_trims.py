"""Trims of skirts and trousers: buttons, studs, rips, straps, embroidery; `garments` draws them."""

from .hardware import PEARL, rip
from .sewing import Sewing
from .skirts import Skirt
from .trousers import LEGS, Trousers, leg_centre


def draw_skirt_trims(sewing: Sewing, skirt: Skirt, *, top_y: float = 96.0) -> None:
    canvas, bottom = sewing.canvas, top_y + skirt.length
    if "buttons" in skirt.trims:
        canvas.seam([(10, top_y + 12), (14, bottom - 4)], depth=0.3)
        for index in range(int(skirt.length / 44)):
            sewing.button(1, top_y + 28 + 44 * index, radius=4.6)
    if "zip" in skirt.trims:
        sewing.zip([(44, top_y + 20), (58, bottom - 14)], width=6)
    if "studs" in skirt.trims:
        for row in range(2):
            for index in range(11):
                share = index / 5 - 1
                sewing.stud(
                    share * skirt.hem * 0.92,
                    bottom - 24 - 13 * row + 9 * (1 - share * share),
                    radius=3.8,
                )
    if "jeans" in skirt.trims:
        canvas.stitch([(0, top_y + 22), (0, bottom - 6)], sewing.thread)
        for side in (-1, 1):
            canvas.stitch(
                [
                    (side * skirt.waist * 0.5, top_y + 22),
                    (side * skirt.waist * 0.7, top_y + 50),
                    (side * (skirt.waist + 15), top_y + 58),
                ],
                sewing.thread,
            )
    if "buckles" in skirt.trims:
        for y in (top_y + 36, top_y + 74):
            strap = [
                (20.0, y),
                (skirt.waist + 14, y - 4),
                (skirt.waist + 14, y + 9),
                (20.0, y + 13),
            ]
            canvas.paint(
                canvas.patch(strap),
                sewing.accent.of("leather", sewing.accent.colours[0]),
                shadow=0.5,
            )
            sewing.stud(36, y + 6, radius=4.6)


def draw_trouser_trims(sewing: Sewing, trousers: Trousers, top_y: float) -> None:
    knee = top_y + 140 + (trousers.length - 140) * 0.46
    hip, width, _, apart = LEGS[trousers.cut]
    middle = apart * 0.5 + 7 + width / 2
    if "rips" in trousers.trims:
        for side, y, wide in (
            (1, knee - 10, width * 0.66),
            (-1, knee + 14, width * 0.6),
            (-1, knee - 74, width * 0.5),
            (1, knee + 66, width * 0.42),
        ):
            rip(sewing, side * middle, y, width=wide)
    if "chain" in trousers.trims:
        points = [(hip * 0.4, top_y + 22.0), (hip * 0.8, top_y + 128.0), (hip + 2, top_y + 64.0)]
        sewing.canvas.line(points, (150, 154, 160), width=5)
        sewing.canvas.stitch(points, (232, 234, 238), spacing=7)
    if "straps" in trousers.trims:
        leather = sewing.accent.of("leather", (34, 32, 34))
        for side, y in ((1, knee - 40), (-1, knee - 6), (1, knee + 44)):
            strap = [
                (side * (middle - width * 0.5), y),
                (side * (middle + width * 0.52), y - 6),
                (side * (middle + width * 0.52), y + 6),
                (side * (middle - width * 0.5), y + 12),
            ]
            sewing.canvas.paint(sewing.canvas.patch(strap), leather, shadow=0.5)
            sewing.stud(side * middle, y + 3, radius=4.5)
        sewing.zip([(middle, top_y + 150), (middle - 4, top_y + 206)], width=4)
    if "embroidered" in trousers.trims:
        from .motifs import MOTIFS

        for side in (-1, 1):
            for step in range(5):
                x = side * leg_centre(trousers, 0.55 + step * 0.1)
                y = top_y + 140 + (trousers.length - 140) * (0.52 + 0.1 * step)
                for points, tint in MOTIFS["daisy"](sewing.accent.colours, sewing.rng):
                    sewing.canvas.fill(
                        sewing.canvas.patch([(x + px * 15, y + py * 15) for px, py in points]), tint
                    )
    if "pearls" in trousers.trims:
        sewing.button(0, top_y + 11, radius=5, colour=PEARL)
