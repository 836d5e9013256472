"""Draws the charts of a report as SVG that stands in a page: no script, no font, no colours.

Lines and bars carry classes; the style sheet of the page colours them, for light and dark. Pure
Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from styles.ml.calibration import ReliabilityBin

# Narrow enough to be read on a phone without shrinking, wide enough for two beside each other.
WIDTH = 440
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 14, 40
TICK_LENGTH = 4


@dataclass(frozen=True)
class Line:
    """One curve: `points` are (x, y), `number` picks its colour, a trained one is dashed."""

    name: str
    points: Sequence[tuple[float, float]]
    number: int
    dashed: bool = False


@dataclass(frozen=True)
class _Plot:
    """A rectangle on the drawing and the values at its edges."""

    top: float
    height: float
    x_from: float
    x_to: float
    y_from: float
    y_to: float

    def x(self, value: float) -> float:
        share = (value - self.x_from) / ((self.x_to - self.x_from) or 1.0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = (value - self.y_from) / ((self.y_to - self.y_from) or 1.0)
        return round(self.top + self.height - share * self.height, 1)


def draw_lines(
    lines: Sequence[Line],
    *,
    description: str,
    x_title: str,
    percent: bool,
    stages: Sequence[tuple[float, str]] = (),
) -> str:
    """Return curves over whole numbers such as epochs, from 0 up, or as an SVG.

    `stages` are (x, name): a mark where a stage begins. Percentages end at 100, what else is drawn
    ends above its highest value.
    """
    every = [point for line in lines for point in line.points]
    highest = 1.0 if percent else _round_up(max((y for _, y in every), default=1.0))
    last = max((x for x, _ in every), default=1.0)
    lowest = 0.0
    if percent and every:
        # Steps of a fifth: a quarter of what is left to 100 is a whole number of percent.
        lowest = min(max(int(min(y for _, y in every) * 5), 0), 4) / 5
    plot = _Plot(TOP, 220, 1.0, max(last, 2.0), lowest, highest)
    parts = [
        *_horizontal_ticks(plot, [plot.y_from + (highest - lowest) * n / 4 for n in range(5)],
                           percent=percent),
        *_vertical_ticks(plot, _whole_steps(int(max(last, 2)))),
        _axis_title(plot, x_title),
    ]  # fmt: skip
    for x, name in stages:
        parts.append(
            f'<line class="mark" x1="{plot.x(x)}" x2="{plot.x(x)}" y1="{TOP}" '
            f'y2="{TOP + plot.height}"/>'
            f'<text class="small" x="{plot.x(x) + 4}" y="{TOP + plot.height - 6}">'
            f"{escape(name)}</text>"
        )
    for line in lines:
        shape = " ".join(f"{plot.x(x)},{plot.y(y)}" for x, y in line.points)
        kind = f"line line-{line.number}" + (" dashed" if line.dashed else "")
        parts.append(f'<polyline class="{kind}" points="{shape}"/>')
        if len(line.points) == 1:
            ((x, y),) = line.points
            dot = f"dot dot-{line.number}"
            parts.append(f'<circle class="{dot}" cx="{plot.x(x)}" cy="{plot.y(y)}" r="3"/>')
    return _svg(parts, height=TOP + plot.height + BOTTOM, description=description)


def draw_reliability(
    bins: Sequence[ReliabilityBin],
    *,
    description: str,
    confidence_title: str,
    accuracy_title: str,
    photos_title: str,
) -> str:
    """Return a reliability diagram and, under it on the same axis, how many photos each bin has.

    A bar up to the dashed diagonal is a bin that is right as often as it says.
    """
    diagram = _Plot(TOP + 8, 220, 0.0, 1.0, 0.0, 1.0)
    total = sum(found.count for found in bins) or 1
    most = max(found.count for found in bins) / total
    histogram = _Plot(diagram.top + diagram.height + 36, 80, 0.0, 1.0, 0.0, most)
    quarters = [0.0, 0.25, 0.5, 0.75, 1.0]
    parts = [
        f'<text class="small" x="{LEFT}" y="{diagram.top - 8}">{escape(accuracy_title)}</text>',
        f'<text class="small" x="{LEFT}" y="{histogram.top - 8}">{escape(photos_title)}</text>',
        *_horizontal_ticks(diagram, quarters, percent=True),
        *_horizontal_ticks(histogram, [0.0, most], percent=True),
        *_vertical_ticks(histogram, quarters, percent=True),
        _axis_title(histogram, confidence_title),
    ]
    for found in bins:
        if found.accuracy is None or found.confidence is None:
            continue
        parts.append(_bar(diagram, found, found.accuracy, kind="bar"))
        low, high = sorted((found.accuracy, found.confidence))
        gap = "gap over" if found.confidence > found.accuracy else "gap under"
        parts.append(_bar(diagram, found, high, kind=gap, bottom=low))
        parts.append(_bar(histogram, found, found.count / total, kind="bar quiet"))
    parts.append(
        f'<line class="diagonal" x1="{diagram.x(0)}" y1="{diagram.y(0)}" '
        f'x2="{diagram.x(1)}" y2="{diagram.y(1)}"/>'
    )
    return _svg(parts, height=histogram.top + histogram.height + BOTTOM, description=description)


def _bar(
    plot: _Plot, found: ReliabilityBin, value: float, *, kind: str, bottom: float = 0.0
) -> str:
    left, right = plot.x(found.lower) + 1.5, plot.x(found.upper) - 1.5
    height = round(plot.y(bottom) - plot.y(value), 1)
    return (
        f'<rect class="{kind}" x="{left:.1f}" y="{plot.y(value)}" width="{right - left:.1f}" '
        f'height="{height}"/>'
    )


def _horizontal_ticks(plot: _Plot, values: Sequence[float], *, percent: bool) -> list[str]:
    right = WIDTH - RIGHT
    return [
        f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{plot.y(value)}" y2="{plot.y(value)}"/>'
        f'<text class="tick" text-anchor="end" x="{LEFT - 7}" y="{plot.y(value) + 4}">'
        f"{_number(value, percent=percent)}</text>"
        for value in values
    ]


def _vertical_ticks(plot: _Plot, values: Sequence[float], *, percent: bool = False) -> list[str]:
    bottom = plot.top + plot.height
    return [
        f'<line class="grid" x1="{plot.x(value)}" x2="{plot.x(value)}" y1="{bottom}" '
        f'y2="{bottom + TICK_LENGTH}"/>'
        f'<text class="tick" text-anchor="{_anchor(plot, value)}" x="{plot.x(value)}" '
        f'y="{bottom + 17}">{_number(value, percent=percent)}</text>'
        for value in values
    ]


def _anchor(plot: _Plot, value: float) -> str:
    return "end" if value == plot.x_to else "middle"


def _axis_title(plot: _Plot, title: str) -> str:
    return (
        f'<text class="small" text-anchor="end" x="{WIDTH - RIGHT}" '
        f'y="{plot.top + plot.height + 34}">{escape(title)}</text>'
    )


def _svg(parts: Sequence[str], *, height: float, description: str) -> str:
    return (
        f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'aria-label="{escape(description)}">{"".join(parts)}</svg>'
    )


def _number(value: float, *, percent: bool) -> str:
    return f"{100 * value:.0f}%" if percent else f"{value:.3g}"


def _round_up(value: float) -> float:
    """Return the next number at or above that is easy to divide by four."""
    scale = 1.0
    while value > 4 * scale:
        scale *= 10
    while value <= 0.4 * scale:
        scale /= 10
        if scale < 1e-6:
            return 1.0
    return next(step * scale for step in (0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0)
                if value <= step * scale)  # fmt: skip


def _whole_steps(last: int) -> list[float]:
    """Return at most eight whole numbers from 1 to `last`, both among them."""
    step = max(1, -(-last // 7))
    values = [float(value) for value in range(1, last + 1, step)]
    if last - values[-1] < step / 2:
        values.pop()
    return [*values, float(last)]
