"""Figures as people read them, and drawings as templates take them; for the page of insights."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from shoppers.insights.drawing import draw_strip


def percent(share: float | None) -> str:
    """Return a share for people; a dash where it is not known."""
    if share is None:
        return "—"
    return f"{share:.1%}" if 0 < share < 0.1 else f"{share:.0%}"


def milliseconds(value: float | None) -> str:
    """Return a time for people: 320 ms, 1.4 s."""
    if value is None:
        return "—"
    return f"{value / 1000:.3g} s" if value >= 1000 else f"{value:.0f} ms"


def draw_colours(shares: Sequence[tuple[str, float]]) -> SafeString:
    """Return colours such as #1a2b3c, as wide as their shares."""
    return safe(draw_strip(shares))


def safe(svg: str) -> SafeString:
    """Let a drawing stand in a page."""
    # Drawings hold numbers, classes and escaped texts.
    return mark_safe(svg)  # noqa: S308
