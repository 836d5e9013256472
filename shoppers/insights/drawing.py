"""Draws the insights as SVG that stands in a page: no script, no font, no colours of its own.

Lines and bars carry classes, which ``static/kfashion/insights.css`` colours for light and dark;
only the colours of clothes are written into a drawing. Pure Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

LEFT, RIGHT, TOP, BOTTOM = 4, 8, 16, 6
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Curve:
    """A line over equal steps; ``kind`` is its class, None leaves a gap."""

    kind: str
    values: Sequence[float | None]


def draw_curves(
    curves: Sequence[Curve],
    *,
    top: float,
    top_label: str,
    description: str,
    level: float | None = None,
    width: int = 260,
    height: int = 110,
) -> str:
    """Return curves from 0 to ``top``, as an SVG.

    Args:
        level: where a dashed line is drawn through the whole.
    """

    def x(place: int, count: int) -> float:
        return round(LEFT + place / max(count - 1, 1) * (width - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        return round(height - BOTTOM - value / (top or 1.0) * (height - TOP - BOTTOM), 1)

    parts = [_across("grid", y(top), width), _across("grid", y(0.0), width)]
    parts.append(f'<text class="tick" x="{LEFT}" y="{TOP - 4}">{escape(top_label)}</text>')
    if level is not None:
        parts.append(_across("level", y(level), width))
    for curve in curves:
        count = len(curve.values)
        for points in _stretches(curve.values):
            shape = " ".join(f"{x(place, count)},{y(value)}" for place, value in points)
            parts.append(f'<polyline class="line {curve.kind}" points="{shape}"/>')
            place, value = points[-1]
            parts.append(
                f'<circle class="dot {curve.kind}" cx="{x(place, count)}" cy="{y(value)}" r="2.5"/>'
            )
    return _svg(parts, width=width, height=height, kind="curves", description=description)


def draw_bars(counts: Sequence[int], *, description: str, width: int = 168) -> str:
    """Return a bar for each count, as an SVG."""
    height, most = 40, max([*counts, 1])
    step = width / max(len(counts), 1)
    parts = [f'<line class="grid" x1="0" x2="{width}" y1="{height - 0.5}" y2="{height - 0.5}"/>']
    for place, count in enumerate(counts):
        tall = round(count / most * (height - 4), 1)
        parts.append(
            f'<rect class="bar" x="{place * step + 1:.1f}" y="{height - tall}" '
            f'width="{step - 2:.1f}" height="{tall}" rx="1"/>'
        )
    return _svg(parts, width=width, height=height, kind="bars", description=description)


def draw_strip(shares: Sequence[tuple[str, float]]) -> str:
    """Return colours such as #1a2b3c, as wide as their shares, as an SVG for the eye alone."""
    total = sum(share for _, share in shares) or 1.0
    parts, left = [], 0.0
    for colour, share in shares:
        wide = share / total * 100
        parts.append(
            f'<rect x="{left:.2f}" width="{wide:.2f}" height="12" fill="{escape(colour)}"/>'
        )
        left += wide
    return _svg(parts, width=100, height=12, kind="strip", description="")


def draw_interval(
    low: float, share: float, high: float, *, average: float, top: float, kind: str
) -> str:
    """Return an interval with its middle, and the average of all as a mark, from 0 to ``top``."""
    width, height = 200, 16

    def x(value: float) -> float:
        return round(4 + min(value / (top or 1.0), 1.0) * (width - 8), 1)

    parts = [
        f'<line class="average" x1="{x(average)}" x2="{x(average)}" y1="0" y2="{height}"/>',
        (
            f'<rect class="interval {kind}" x="{x(low)}" y="5" '
            f'width="{x(high) - x(low):.1f}" height="6" rx="3"/>'
        ),
        f'<circle class="middle {kind}" cx="{x(share)}" cy="8" r="4"/>',
    ]
    return _svg(parts, width=width, height=height, kind="wide", description="")


def draw_pair(supply: float, demand: float, *, top: float) -> str:
    """Return two bars beneath each other, what there is and what is sought, from 0 to ``top``."""
    width, height = 200, 16
    parts = [
        f'<rect class="{kind}" x="0" y="{y}" width="{value / (top or 1.0) * width:.1f}" '
        'height="6" rx="1"/>'
        for kind, value, y in (("supply", supply, 1), ("demand", demand, 9))
    ]
    return _svg(parts, width=width, height=height, kind="wide", description="")


def round_up(value: float) -> float:
    """Return the next number at or above that is easy to read: 3, 40, 0.05."""
    if value <= 0:
        return 1.0
    scale = 1.0
    while value > 10 * scale:
        scale *= 10
    while value <= scale:
        scale /= 10
    return next(step * scale for step in _STEPS if value <= step * scale * (1 + 1e-9))


def _stretches(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Yield the runs of values that are known, each with its places."""
    for is_known, run in groupby(enumerate(values), key=lambda entry: entry[1] is not None):
        if is_known:
            yield [(place, value) for place, value in run if value is not None]


def _across(kind: str, y: float, width: int) -> str:
    return f'<line class="{kind}" x1="{LEFT}" x2="{width - RIGHT}" y1="{y}" y2="{y}"/>'


def _svg(parts: Sequence[str], *, width: int, height: int, kind: str, description: str) -> str:
    told = f'role="img" aria-label="{escape(description)}"' if description else 'aria-hidden="true"'
    stretched = ' preserveAspectRatio="none"' if kind == "strip" else ""
    return (
        f'<svg class="insight insight--{kind}" viewBox="0 0 {width} {height}"{stretched} '
        f'focusable="false" {told}>{"".join(parts)}</svg>'
    )
