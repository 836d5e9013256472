"""Curves and folds in garment coordinates; the garment modules build every outline from these."""

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Point = tuple[float, float]
Knot = tuple[float, ...]
"""(x, y) where a curve passes smoothly, (x, y, 1) where it turns a corner.

The x axis is 0 at the middle of the garment.
"""


class Fold(NamedTuple):
    """A ridge (height > 0) or groove in cloth from (x0, y0) to (x1, y1).

    All lengths in pixels of the picture.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    height: float
    bend: float = 0.0
    rise: float = 0.75
    """How soon it is at its height: small where cloth is gathered, 1 in the middle."""


def curve(knots: Sequence[Knot], *, closed: bool = False, steps: int = 9) -> list[Point]:
    """The polyline of a cubic through all knots, with tangents broken at corners."""
    count = len(knots)
    points: list[Point] = []
    for index in range(count if closed else count - 1):
        start, end = knots[index], knots[(index + 1) % count]
        before = knots[index - 1] if closed or index else None
        after = knots[(index + 2) % count] if closed or index + 2 < count else None
        leave, arrive = _tangent(before, start, end), _tangent(start, end, after, towards=True)
        for step in range(steps):
            t = step / steps
            a, b = 2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t
            c, d = -2 * t**3 + 3 * t**2, t**3 - t**2
            points.append(
                (
                    a * start[0] + b * leave[0] + c * end[0] + d * arrive[0],
                    a * start[1] + b * leave[1] + c * end[1] + d * arrive[1],
                )
            )
    if not closed:
        points.append((knots[-1][0], knots[-1][1]))
    return points


def _tangent(
    before: Knot | None, here: Knot, after: Knot | None, *, towards: bool = False
) -> Point:
    """The tangent at `here`, scaled to the segment that leaves (or, `towards`, reaches) it."""
    is_corner = len(here) > 2
    if before is None or (is_corner and not towards):
        return (after[0] - here[0], after[1] - here[1]) if after else (0.0, 0.0)
    if after is None or is_corner:
        return (here[0] - before[0], here[1] - before[1])
    first = math.hypot(here[0] - before[0], here[1] - before[1])
    second = math.hypot(after[0] - here[0], after[1] - here[1])
    share = (first if towards else second) / max(first + second, 1e-6)
    return ((after[0] - before[0]) * share, (after[1] - before[1]) * share)


def flip(knots: Iterable[Knot]) -> list[Knot]:
    """The same knots on the other side of the garment."""
    return [(-knot[0], *knot[1:]) for knot in knots]


def moved(knots: Iterable[Knot], x: float, y: float) -> list[Knot]:
    """The same knots, x to the right and y down."""
    return [(knot[0] + x, knot[1] + y, *knot[2:]) for knot in knots]


def both_sides(half: Sequence[Knot]) -> list[Point]:
    """A closed symmetric outline from its right half, listed from top middle to bottom middle."""
    left = [k for k in reversed(flip(half)) if abs(k[0]) > 1e-6]
    return curve([*half, *left], closed=True)


def loop(knots: Sequence[Knot]) -> list[Point]:
    """A closed outline through the knots."""
    return curve(knots, closed=True)


def ellipse(x: float, y: float, rx: float, ry: float, *, turn: float = 0.0) -> list[Point]:
    """An ellipse as a polygon, turned by `turn` radians."""
    cos, sin = math.cos(turn), math.sin(turn)
    return [
        (
            x + rx * math.cos(a) * cos - ry * math.sin(a) * sin,
            y + rx * math.cos(a) * sin + ry * math.sin(a) * cos,
        )
        for a in (index * math.tau / 28 for index in range(28))
    ]


def box(x: float, y: float, width: float, height: float, *, turn: float = 0.0) -> list[Point]:
    """A rectangle around its middle (x, y), turned by `turn` radians."""
    cos, sin = math.cos(turn), math.sin(turn)
    return [
        (x + dx * cos - dy * sin, y + dx * sin + dy * cos)
        for dx, dy in (
            (-width / 2, -height / 2),
            (width / 2, -height / 2),
            (width / 2, height / 2),
            (-width / 2, height / 2),
        )
    ]


def band(points: Sequence[Point], width: float, *, end_width: float | None = None) -> list[Point]:
    """The outline of a strip along a line, `width` wide at its start, `end_width` at its end."""
    last = width if end_width is None else end_width
    left: list[Point] = []
    right: list[Point] = []
    for index, (x, y) in enumerate(points):
        ahead = points[min(index + 1, len(points) - 1)]
        behind = points[max(index - 1, 0)]
        length = math.hypot(ahead[0] - behind[0], ahead[1] - behind[1]) or 1.0
        half = (width + (last - width) * index / max(len(points) - 1, 1)) / 2
        nx, ny = -(ahead[1] - behind[1]) / length * half, (ahead[0] - behind[0]) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left + right[::-1]


def along(points: Sequence[Point], spacing: float) -> list[tuple[float, float, float]]:
    """(x, y, direction in radians) every `spacing` pixels along a line."""
    found: list[tuple[float, float, float]] = []
    due = spacing / 2
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        while due <= length and length > 0:
            t = due / length
            found.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, math.atan2(y1 - y0, x1 - x0)))
            due += spacing
        due -= length
    return found
