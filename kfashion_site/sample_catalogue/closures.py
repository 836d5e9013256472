"""How a front closes: buttons, zips, laces, frogs, wraps; `garments` draws it after the body."""

from collections.abc import Callable

from .cuts import NECK_Y, Top, neckline
from .geometry import Knot, box, loop
from .sewing import Sewing


def draw_closure(sewing: Sewing, top: Top) -> None:
    """The front closure named by the cut; none for an empty name."""
    if top.closure:
        CLOSURES[top.closure](sewing, top)


def _span(top: Top) -> tuple[float, float]:
    """Where a front closure starts and ends."""
    end = {"shirt": 0.0, "waistcoat": -24.0}.get(top.hem_shape, -4.0)
    return neckline(top)[0][1] + 4, top.length + end


def _buttons(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    placket = [(-11.0, start), (11.0, start + 1), (11.0, end + 4), (-11.0, end + 4)]
    sewing.canvas.paint(sewing.canvas.patch(placket), sewing.cloth, volume=0.35, shadow=0.3)
    sewing.canvas.seam([(-8, start), (-8, end)], width=1.0, depth=0.12)
    sewing.canvas.seam([(8, start), (8, end)], width=1.0, depth=0.12)
    count = max(4, round((end - start) / 58))
    for index in range(count):
        sewing.button(0, start + 14 + (end - start - 34) * index / (count - 1))


def _hidden(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    sewing.canvas.darken(sewing.canvas.patch(box(7, (start + end) / 2, 5, end - start)), 0.3)
    sewing.canvas.seam([(5, start), (5, end)], width=1.6, depth=0.34)


def _henley(sewing: Sewing, top: Top) -> None:
    start = neckline(top)[0][1] + 2
    sewing.canvas.paint(sewing.canvas.patch(box(0, start + 38, 20, 80)), sewing.cloth, volume=0.5)
    for index in range(3):
        sewing.button(0, start + 12 + 25 * index, radius=3.6)


def _jacket(sewing: Sewing, top: Top) -> None:
    """Single-breasted: the left front over the right, two or three buttons."""
    start, end = _span(top)
    canvas = sewing.canvas
    canvas.darken(canvas.patch(box(-4, (start + end) / 2, 6, end - start)), 0.35)
    canvas.seam([(-3, start), (-3, end - 26), (-16, end + 2)], width=1.7, depth=0.42)
    for index in range(3 if top.length > 500 else 2):
        sewing.button(6, start + 10 + 52 * index, radius=5.2)


def _double(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    canvas = sewing.canvas
    canvas.darken(canvas.patch(box(-34, (start + end) / 2 + 10, 6, end - start - 20)), 0.32)
    canvas.seam([(-4, start), (-33, start + 24), (-33, end)], width=1.7, depth=0.42)
    for index in range(4 if top.length > 500 else 3):
        for side in (-1, 1):
            sewing.button(side * 25 + 2, start + 26 + 54 * index, radius=5.4)


def _zip(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    sewing.zip([(0, start), (0, end)])


def _half_zip(sewing: Sewing, top: Top) -> None:
    start, _ = _span(top)
    sewing.zip([(0, start - 4), (0, start + 96)])


def _biker(sewing: Sewing, top: Top) -> None:
    y, end = NECK_Y + 140, top.length
    sewing.canvas.darken(sewing.canvas.patch([(12, y), (-6, y), (-34, end), (-20, end)]), 0.36)
    sewing.zip([(14, y - 12), (-14, y + 90), (-26, end - 2)], width=6)


def _frogs(sewing: Sewing, top: Top) -> None:
    """Knotted cord closures along a slanted opening."""
    canvas, colour = sewing.canvas, sewing.accent.colours[0]
    y = NECK_Y + 34
    edge: list[Knot] = [(0, y), (30, y + 22), (top.chest * 0.86, y + 92)]
    canvas.line(edge, colour, width=3.4)
    for x, height in ((3, y + 4), (34, y + 26), (72, y + 66)):
        for side in (-1, 1):
            canvas.line(
                [
                    (x, height),
                    (x + side * 15, height - 6),
                    (x + side * 19, height),
                    (x + side * 15, height + 6),
                    (x, height),
                ],
                colour,
                width=2.6,
            )
        sewing.button(x, height, radius=4, colour=colour)


def _frogs_centre(sewing: Sewing, top: Top) -> None:
    canvas, colour = sewing.canvas, sewing.accent.colours[0]
    start, end = _span(top)
    _hidden(sewing, top)
    for index in range(5):
        y = start + 18 + (end - start - 70) * index / 4
        for side in (-1, 1):
            canvas.line(
                [
                    (4, y),
                    (4 + side * 30, y - 7),
                    (4 + side * 36, y),
                    (4 + side * 30, y + 7),
                    (4, y),
                ],
                colour,
                width=3,
            )
        sewing.button(4, y, radius=4.6, colour=colour)


def _wrap(sewing: Sewing, top: Top) -> None:
    """One front laid across the other."""
    start, y = neckline(top)[0][1], NECK_Y
    canvas = sewing.canvas
    low = min(top.waist_y, top.length) - 4
    canvas.darken(
        canvas.patch(
            [(0, start), (10, start + 8), (-top.waist + 10, low), (-top.waist + 2, low - 10)]
        ),
        0.3,
    )
    canvas.seam(
        [(34, y + 40), (0, start), (-top.waist * 0.6, low - 34), (-top.waist + 3, low)],
        width=1.9,
        depth=0.4,
    )


def _lacing(sewing: Sewing, top: Top) -> None:
    start = neckline(top)[0][1] + 6 if top.sleeve != "strap" else NECK_Y + 84
    cord, canvas = sewing.accent.colours[0], sewing.canvas
    end = min(top.length - 20, start + 150)
    canvas.tone(canvas.patch(box(0, (start + end) / 2, 13, end - start)), 0.45)
    steps = int((end - start) / 19)
    for index in range(steps):
        y = start + 9 + index * 19
        canvas.line([(-13, y), (13, y + 15)], cord, width=2.8)
        canvas.line([(13, y), (-13, y + 15)], cord, width=2.8)
        for side in (-1, 1):
            sewing.button(side * 14, y, radius=2.6)
    for side in (-1, 1):
        canvas.line(
            [(0, start + 6), (side * 18, start + 30), (side * 13, start + 62)], cord, width=2.4
        )


def _toggles(sewing: Sewing, top: Top) -> None:
    start, end = _span(top)
    canvas, cord = sewing.canvas, (92, 66, 44)
    _hidden(sewing, top)
    for index in range(4):
        y = start + 26 + (min(end, 470) - start - 50) * index / 3
        for side in (-1, 1):
            canvas.paint(
                canvas.patch(
                    [
                        (side * 34 + 5, y - 10),
                        (side * 34 + 17 * side, y - 10),
                        (side * 34 + 17 * side, y + 10),
                        (side * 34 + 5, y + 10),
                    ]
                ),
                sewing.cloth.of("leather", cord),
            )
            canvas.line([(side * 36, y), (side * 6, y + 3)], cord, width=2.6)
        canvas.paint(
            canvas.patch(loop([(-13, y + 1), (3, y - 5), (19, y + 1), (3, y + 7)])),
            sewing.cloth.of("suede", (176, 136, 92)),
        )


CLOSURES: dict[str, Callable[[Sewing, Top], None]] = {
    "buttons": _buttons,
    "hidden": _hidden,
    "henley": _henley,
    "jacket": _jacket,
    "double": _double,
    "zip": _zip,
    "half_zip": _half_zip,
    "biker": _biker,
    "frogs": _frogs,
    "frogs_centre": _frogs_centre,
    "wrap": _wrap,
    "lacing": _lacing,
    "toggles": _toggles,
}
