"""Soft trims: fringe, lace, ruffles and ribbons; `trims` looks them up."""

from .bows import ribbon_bow
from .cuts import NECK_Y, Top, neck_width, neckline
from .geometry import Fold, Knot, along, band, curve, ellipse
from .sewing import Sewing, gathers, shift
from .sleeves import sleeve_points


def fringe_line(sewing: Sewing, knots: list[Knot], *, length: float) -> None:
    """Strands that hang from a line."""
    colour, canvas = sewing.cloth.colours[0], sewing.canvas
    line = curve(knots)
    for x, y, _ in along(line, 4.5):
        reach = length + sewing.jitter(7)
        strip = band(
            [(x, y), (x + sewing.jitter(2), y + reach * 0.5), (x + sewing.jitter(4), y + reach)],
            4.4,
            end_width=2.2,
        )
        canvas.fill(canvas.patch(strip), shift(colour, sewing.rng.choice((-34, -16, 0, 14))))
    canvas.stitch(knots, sewing.thread, spacing=4)


def fringe(sewing: Sewing, top: Top) -> None:
    """Fringe across the chest and down the sleeves."""
    y = NECK_Y + 118
    fringe_line(
        sewing,
        [(-top.chest + 4, y - 22), (-44, y - 2), (0, y + 22), (44, y - 2), (top.chest - 4, y - 22)],
        length=64,
    )
    for side in (-1, 1):
        if top.sleeve in ("long", "loose"):
            shoulder, _, outer, _, _ = sleeve_points(top)
            start = (
                side * (shoulder[0] + (outer[0] - shoulder[0]) * 0.32 - 4),
                shoulder[1] + (outer[1] - shoulder[1]) * 0.32,
            )
            fringe_line(sewing, [start, (side * (outer[0] - 6), outer[1] - 34)], length=44)


def fringe_hem(sewing: Sewing, top: Top) -> None:
    """Fringe along the hem."""
    fringe_line(
        sewing,
        [(-top.hem + 3, top.length - 8), (0, top.length), (top.hem - 3, top.length - 8)],
        length=58,
    )


def lace_yoke(sewing: Sewing, top: Top) -> None:
    """A scalloped yoke of lace."""
    w, y = neck_width(top), NECK_Y
    lace = sewing.cloth.of("lace", sewing.accent.colours[0])
    middle = neckline(top)[0][1]
    half: list[Knot] = [
        (0, middle),
        (w * 0.66, y + 26),
        (w, y + 2, 1),
        (top.shoulder - 16, y + 20, 1),
        (top.shoulder - 34, y + 74),
        (46, y + 112),
        (0, y + 120),
    ]
    outline = curve([*half, *[(-k[0], *k[1:]) for k in reversed(half[1:-1])]], closed=True)
    sewing.canvas.paint(sewing.canvas.patch(outline), lace, shadow=0.22, volume=0.5)
    scallops = along(
        curve([(-top.shoulder + 34, y + 74), (0, y + 122), (top.shoulder - 34, y + 74)]), 13
    )
    sewing.canvas.paint(
        sewing.canvas.patch(*[ellipse(x, h, 7.5, 7.5) for x, h, _ in scallops]),
        lace.of("lace", sewing.accent.colours[0]),
        shadow=0.3,
        volume=0.5,
    )


def lace_hem(sewing: Sewing, top: Top) -> None:
    """A scalloped band of lace below the hem."""
    lace = sewing.cloth.of("lace", sewing.accent.colours[0])
    line = curve([(-top.hem, top.length - 7), (0, top.length), (top.hem, top.length - 7)])
    dots = [ellipse(x, y + 15, 7.5, 8) for x, y, _ in along(line, 13)]
    sewing.canvas.paint(
        sewing.canvas.patch(band([(x, y + 7) for x, y in line], 18), *dots),
        lace,
        shadow=0.3,
        volume=0.6,
    )


def lace_front(sewing: Sewing, top: Top) -> None:
    """Two strips of lace beside the front."""
    lace = sewing.cloth.of("lace", sewing.accent.colours[0])
    start = neckline(top)[0][1] + 6
    for side in (-1, 1):
        strip = band(
            curve(
                [
                    (side * 24, start),
                    (side * 22, (start + top.length) / 2),
                    (side * 23, top.length - 8),
                ]
            ),
            19,
        )
        sewing.canvas.paint(sewing.canvas.patch(strip), lace, shadow=0.3, volume=0.6)


def ruffle_front(sewing: Sewing, top: Top) -> None:
    """Two layers of ruffles beside the front."""
    start, end = neckline(top)[0][1] + 2, min(top.length - 30, top.waist_y + 30)
    for side in (-1, 1):
        for layer in (1, 0):
            outer = 16 + 15 * layer
            wave: list[Knot] = [
                (side * (outer + 7 * (i % 2)), start + (end - start) * i / 9) for i in range(10)
            ]
            outline = [*curve(wave), (side * 5, end), (side * 5, start)]
            folds = [Fold(side * 5, k[1], k[0], k[1] + 7, 4, 2.4) for k in wave]
            sewing.canvas.paint(
                sewing.canvas.patch(outline), sewing.cloth, folds=folds, shadow=0.42
            )


def ruffle_band(sewing: Sewing, top: Top) -> None:
    """The frill of an off-shoulder neckline."""
    y, width = NECK_Y + 58, top.chest + 34
    edge: list[Knot] = [
        (width - 2 * width * i / 14, y + 62 + 12 * (1 - (1 - i / 7) ** 2) + (5 if i % 2 else -4))
        for i in range(15)
    ]
    outline = [*curve([(-width + 6, y + 2), (0, y + 16), (width - 6, y + 2)]), *curve(edge)]
    folds = gathers(-width, width, y, length=74, rng=sewing.rng, every=12, height=2.8, spread=1.06)
    sewing.canvas.paint(sewing.canvas.patch(outline), sewing.cloth, folds=folds, shadow=0.45)
    elastic = band(curve([(-width + 6, y + 2), (0, y + 16), (width - 6, y + 2)]), 11)
    sewing.canvas.paint(
        sewing.canvas.patch(elastic),
        sewing.cloth,
        folds=gathers(-width, width, y, length=16, rng=sewing.rng, every=7),
        volume=0.8,
    )


def ribbons(sewing: Sewing, top: Top) -> None:
    """Three small bows down the front."""
    for index in range(3):
        ribbon_bow(
            sewing,
            0,
            neckline(top)[0][1] + 34 + index * 56,
            size=0.62 - 0.06 * index,
            cloth=sewing.accent,
            tails=24,
        )


def waist_bow(sewing: Sewing, top: Top) -> None:
    """A large bow at the waist."""
    ribbon_bow(sewing, 0, top.waist_y, size=1.15, cloth=sewing.accent, tails=84)
