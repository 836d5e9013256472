"""Sewn-on parts: yokes, epaulettes, ties, bands, embroidery; `trims` looks them up."""

import math

from .canvas import Grain
from .cuts import NECK_Y, Top, neck_width, neckline
from .geometry import Fold, Knot, band, box, curve, ellipse, flip, loop
from .hardware import BRASS
from .sewing import Sewing
from .sleeves import SLEEVES, sleeve_points


def yoke(sewing: Sewing, top: Top) -> None:
    """The pointed western yoke, in the accent cloth."""
    w, y = neck_width(top), NECK_Y
    middle = neckline(top)[0][1]
    for side in (-1, 1):
        knots: list[Knot] = [
            (w, y + 3, 1),
            (top.shoulder - 3, y + 27, 1),
            (min(top.shoulder, top.chest) - 10, y + 72, 1),
            (58, y + 66),
            (36, y + 98, 1),
            (12, y + 70),
            (9, middle + 4, 1),
            (w * 0.66, y + 34),
        ]
        mine = knots if side > 0 else flip(knots)
        cloth = sewing.accent if "contrast_yoke" in top.trims else sewing.cloth
        sewing.canvas.paint(sewing.canvas.patch(loop(mine)), cloth, volume=0.5, shadow=0.35)
        sewing.canvas.stitch(
            [(a * 0.97, b - 4) for a, b, *_ in mine[2:6]], sewing.thread, spacing=4.4
        )


def epaulettes(sewing: Sewing, top: Top) -> None:
    """Buttoned shoulder straps."""
    for side in (-1, 1):
        strap = band(
            [
                (side * (neck_width(top) + 12), NECK_Y + 11),
                (side * (top.shoulder - 2), NECK_Y + 31),
            ],
            19,
            end_width=22,
        )
        sewing.canvas.paint(sewing.canvas.patch(strap), sewing.cloth, shadow=0.5, volume=0.8)
        sewing.button(side * (neck_width(top) + 20), NECK_Y + 14, radius=3.8, colour=BRASS)


def tie(sewing: Sewing, top: Top) -> None:
    """A neck tie."""
    y, canvas = neckline(top)[0][1] - 4, sewing.canvas
    blade = [
        (-7, y + 12, 1.0),
        (7, y + 12, 1.0),
        (19, y + 178, 1.0),
        (0, y + 204, 1.0),
        (-19, y + 178, 1.0),
    ]
    canvas.paint(
        canvas.patch(loop(blade)),
        sewing.accent,
        folds=[Fold(-3, y + 14, 5, y + 190, 6, 1.6)],
        grain=Grain(0.75),
        shadow=0.55,
    )
    knot = [(-15, y - 5, 1.0), (15, y - 5, 1.0), (8, y + 17, 1.0), (-8, y + 17, 1.0)]
    canvas.paint(canvas.patch(loop(knot)), sewing.accent, grain=Grain(-0.6), shadow=0.5)


def goreum(sewing: Sewing, top: Top) -> None:
    """The long ribbon of a hanbok jacket, tied in a single loop."""
    x, y, canvas = 12.0, neckline(top)[0][1] + 6, sewing.canvas
    for sway, length in ((-2.0, 232.0), (20.0, 196.0)):
        tail = band(
            curve([(x, y), (x + sway * 0.3, y + length * 0.5), (x + sway, y + length)]),
            20,
            end_width=27,
        )
        canvas.paint(
            canvas.patch(tail),
            sewing.accent,
            folds=[Fold(x, y, x + sway, y + length, 5, 2)],
            shadow=0.45,
        )
    wing = loop(
        [
            (x, y - 6, 1),
            (x + 34, y - 18),
            (x + 78, y - 4),
            (x + 76, y + 16),
            (x + 34, y + 13),
            (x, y + 9, 1),
        ]
    )
    canvas.paint(
        canvas.patch(wing), sewing.accent, folds=[Fold(x, y, x + 66, y + 3, 6, 2.6)], shadow=0.48
    )
    canvas.paint(canvas.patch(ellipse(x, y + 2, 13, 15)), sewing.accent, shadow=0.45)


def git(sewing: Sewing, top: Top) -> None:
    """The crossed collar band with its white edge, of hanbok and dobok."""
    w, y = neck_width(top), NECK_Y
    low = neckline(top)[0][1]
    back = curve([(-w - 2, y), (0, y - 8), (w + 2, y)])
    sewing.canvas.paint(sewing.canvas.patch(band(back, 20)), sewing.accent, dim=0.78)
    for side, reach in ((-1, 0.0), (1, 26.0)):
        line = curve(
            [(side * w, y - 2), (side * w * 0.72, y + 46), (-side * reach, low + reach * 1.1)]
        )
        sewing.canvas.paint(
            sewing.canvas.patch(band(line, 24)), sewing.accent, shadow=0.45, volume=0.8
        )
        white = [(a - side * 9, b) for a, b in line]
        sewing.canvas.paint(
            sewing.canvas.patch(band(white, 7)),
            sewing.cloth.of("cotton", (250, 248, 242)),
            volume=0.4,
            shadow=0.2,
        )


def sleeve_stripes(sewing: Sewing, top: Top) -> None:
    """A wide and a narrow stripe down each sleeve."""
    if top.sleeve not in SLEEVES:
        return
    shoulder, _, outer, _, cut = sleeve_points(top)
    for side in (-1, 1):
        for inset, wide in ((15, 8), (25, 3)):
            nx, ny = (
                -math.cos(math.radians(cut.angle)) * inset,
                math.sin(math.radians(cut.angle)) * inset,
            )
            sewing.canvas.line(
                [
                    (side * (shoulder[0] + nx + 6), shoulder[1] + ny + 6),
                    (side * (outer[0] + nx), outer[1] + ny - 4),
                ],
                sewing.accent.colours[0],
                width=wide,
            )


def bands(sewing: Sewing, top: Top) -> None:
    """College bands in the accent colours around V-neck and hem."""
    half = neckline(top)
    line = curve([*flip(reversed(half)), *half[1:]])
    for inset, cloth in ((12, sewing.accent), (20, sewing.accent.second())):
        sewing.canvas.paint(
            sewing.canvas.patch(band([(x * (1 + inset / 90), y + inset) for x, y in line], 6)),
            cloth.of("rib", cloth.colours[0]),
            volume=0.3,
            shadow=0.0,
        )
    for up, cloth in ((40, sewing.accent), (30, sewing.accent.second())):
        hem = curve(
            [
                (-top.hem + 1, top.length - up),
                (0, top.length - up + 7),
                (top.hem - 1, top.length - up),
            ]
        )
        sewing.canvas.paint(
            sewing.canvas.patch(band(hem, 7)),
            cloth.of("rib", cloth.colours[0]),
            volume=0.3,
            shadow=0.0,
        )


def embroidery(sewing: Sewing, top: Top) -> None:
    """Daisies embroidered along a V."""
    from .motifs import MOTIFS

    colours = sewing.accent.colours
    for side in (-1, 1):
        for step in range(5):
            x, y = side * (24 + 11 * step), NECK_Y + 150 - 17 * step
            for points, tint in MOTIFS["daisy"](colours, sewing.rng):
                sewing.canvas.fill(
                    sewing.canvas.patch([(x + px * 11, y + py * 11) for px, py in points]), tint
                )


def patches(sewing: Sewing, top: Top) -> None:
    """Two sewn-on patches."""
    for x, y, size in ((-54, NECK_Y + 96, 40), (56, NECK_Y + 170, 46)):
        sewing.canvas.paint(
            sewing.canvas.patch(box(x, y, size, size * 0.9, turn=0.12)), sewing.accent, shadow=0.4
        )
        sewing.canvas.stitch(
            [(x - size / 2, y - size / 2 + 4), (x + size / 2, y - size / 2 + 8)], sewing.thread
        )
