"""Charts as the numbers they draw: places on a plot of 440 by so much."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from styles.charts import Line, draw_lines, draw_reliability
from styles.ml.calibration import ReliabilityBin

SVG_LEFT, SVG_RIGHT, SVG_TOP, SVG_BOTTOM = 46.0, 430.0, 14.0, 234.0


def drawn(svg: str) -> ElementTree.Element:
    """Return the parsed drawing: it has to be well-formed to stand in a page."""
    return ElementTree.fromstring(svg)  # noqa: S314 - what we drew ourselves


def curve(svg: str) -> list[tuple[float, float]]:
    (line,) = drawn(svg).iter("polyline")
    pairs = [point.split(",") for point in line.attrib["points"].split()]
    return [(float(x), float(y)) for x, y in pairs]


def ticks(svg: str) -> list[str]:
    return [text.text or "" for text in drawn(svg).iter("text") if text.get("class") == "tick"]


def test_percentages_run_from_a_round_number_to_a_hundred() -> None:
    lines = [Line("accuracy", [(1, 0.7), (2, 0.8), (3, 1.0)], 1)]
    svg = draw_lines(lines, description="a curve", x_title="epoch", percent=True)
    assert curve(svg) == [
        (SVG_LEFT, pytest.approx(SVG_BOTTOM - 220 / 4)),  # 70 is a quarter of 60 to 100.
        ((SVG_LEFT + SVG_RIGHT) / 2, pytest.approx(SVG_BOTTOM - 220 / 2)),
        (SVG_RIGHT, SVG_TOP),
    ]
    assert ticks(svg) == ["60%", "70%", "80%", "90%", "100%", "1", "2", "3"]


def test_what_is_no_percentage_runs_from_zero_past_the_highest() -> None:
    lines = [Line("loss", [(1, 1.5), (2, 0.4)], 1)]
    svg = draw_lines(lines, description="a curve", x_title="epoch", percent=False)
    assert ticks(svg)[:5] == ["0", "0.4", "0.8", "1.2", "1.6"]
    assert curve(svg)[0][1] == pytest.approx(SVG_BOTTOM - 220 * 1.5 / 1.6, abs=0.1)


@pytest.mark.parametrize("highest", [0.0, 1e-9, 0.39, 4.0, 4.1, 1234.5])
def test_any_height_fits(highest: float) -> None:
    svg = draw_lines(
        [Line("loss", [(1, 0.0), (2, highest)], 1)], description="", x_title="", percent=False
    )
    assert all(SVG_TOP <= y <= SVG_BOTTOM for _, y in curve(svg))


def test_a_single_epoch_is_a_dot() -> None:
    svg = draw_lines([Line("loss", [(1, 0.5)], 1)], description="", x_title="", percent=False)
    (dot,) = drawn(svg).iter("circle")
    assert float(dot.attrib["cx"]) == SVG_LEFT


def test_long_trainings_get_few_ticks() -> None:
    lines = [Line("loss", [(float(epoch), 1.0) for epoch in range(1, 101)], 1)]
    marks = ticks(draw_lines(lines, description="", x_title="", percent=False))[5:]
    assert (marks[0], marks[-1]) == ("1", "100")
    assert len(marks) <= 9


def test_stages_are_marked_and_words_escaped() -> None:
    lines = [Line("loss", [(1, 1.0), (2, 0.5)], 1, dashed=True)]
    svg = draw_lines(
        lines, description='"a" & <b>', x_title="<x>", percent=False, stages=[(2, "R&D")]
    )
    picture = drawn(svg)
    assert picture.attrib["role"] == "img"
    assert picture.attrib["aria-label"] == '"a" & <b>'
    assert {"R&D", "<x>"} <= {text.text for text in picture.iter("text")}
    (line,) = picture.iter("polyline")
    assert line.attrib["class"] == "line line-1 dashed"


def test_bars_show_accuracy_and_how_far_confidence_is_from_it() -> None:
    bins = [
        ReliabilityBin(0.0, 0.5, 0, None, None),
        ReliabilityBin(0.5, 1.0, 4, confidence=0.75, accuracy=0.5),
    ]
    svg = draw_reliability(
        bins, description="", confidence_title="c", accuracy_title="a", photos_title="p"
    )
    bar, gap, photos = drawn(svg).iter("rect")
    assert [rect.attrib["class"] for rect in (bar, gap, photos)] == ["bar", "gap over", "bar quiet"]
    assert float(bar.attrib["height"]) == pytest.approx(110)
    assert float(gap.attrib["height"]) == pytest.approx(55)
    assert float(gap.attrib["y"]) == pytest.approx(float(bar.attrib["y"]) - 55)
    assert float(photos.attrib["height"]) == pytest.approx(80)
