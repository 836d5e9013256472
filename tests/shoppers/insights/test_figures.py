from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from shoppers.insights import drawing
from shoppers.insights.balance import balances
from shoppers.insights.conversion import conversions
from shoppers.insights.drawing import Curve
from shoppers.insights.facets import colour_key, name_of, price_key
from shoppers.insights.health_report import health_report
from shoppers.insights.intervals import wilson
from shoppers.insights.models import InterestWeek, SearchDay
from shoppers.insights.popularity import style_curves
from shoppers.insights.weeks import monday_of, weeks_up_to
from shoppers.insights.wording import milliseconds, percent

WEEKS = weeks_up_to(date(2026, 5, 29), count=12)


def row(
    key: str, week: date = WEEKS[-1], facet: str = "style_group", **counts: int
) -> InterestWeek:
    return InterestWeek(week=week, facet=facet, key=key, **counts)


def test_weeks_begin_on_mondays() -> None:
    assert monday_of(date(2026, 5, 29)) == WEEKS[-1] == date(2026, 5, 25)
    assert WEEKS[0] == date(2026, 3, 9)


def test_wilson_knows_the_textbook() -> None:
    # Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662, and 0 of 20 is 0 to 0.1611.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@given(st.integers(1, 10_000), st.data())
def test_an_interval_holds_its_share(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    low, high = wilson(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (3, 2), (-1, 5)])
def test_no_share_of_nothing(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="successes"):
        wilson(successes, trials)


def test_a_style_rises_by_whole_weeks_and_shares_are_of_each_week() -> None:
    rows = [
        row(key, week, searches=40 if key == "sporty" and week >= WEEKS[-3] else 20, products=n)
        for week in WEEKS[:-1]
        for key, n in (("sporty", 1), ("casual", 3))
    ]
    rows.append(row("casual", WEEKS[-1], searches=20, products=3))
    rising, falling = style_curves(rows, weeks=WEEKS)
    assert (rising.code, rising.direction) == ("sporty", "rising")
    assert (falling.code, falling.direction) == ("casual", "falling")
    assert rising.searches[0] == 0.5
    assert rising.searches[-2] == pytest.approx(2 / 3)
    # Of this week nothing is told yet.
    assert rising.searches[-1] is None
    assert rising.votes == 80


def test_before_there_is_a_week_to_compare_with_all_is_steady() -> None:
    (curve,) = style_curves([row("sporty", seen=9, products=1)], weeks=WEEKS)
    assert (curve.lift, curve.direction, curve.catalogue) == (1.0, "steady", 1.0)


def test_groups_are_compared_by_their_lower_bound_and_only_if_seen_enough() -> None:
    rows = [
        row("a", seen=400, liked=200, taken_up=200),
        row("b", seen=30, liked=18, taken_up=18),
        row("c", seen=400, taken_up=40),
        row("d", seen=5, taken_up=5),
        row("e"),
        row("a", facet="cluster", seen=10),
    ]
    found = conversions(rows, facet="style_group", min_seen=30)
    assert [each.key for each in found.groups] == ["a", "b", "c"]
    assert found.average == pytest.approx(263 / 835)
    assert [each.is_sure for each in found.groups] == [True, True, True]
    assert found.groups[0].low == pytest.approx(wilson(200, 400)[0])
    assert conversions([], facet="cluster", min_seen=1).average is None


def test_balance_compares_shares_and_shrinks_what_rests_on_little() -> None:
    rows = [
        row("red", facet="colour", products=10, seen=60),
        row("blue", facet="colour", products=30, seen=20),
        row("green", facet="colour", products=0, seen=10),
        row("red", WEEKS[-2], facet="colour", products=99, seen=10),
    ]
    found = {each.key: each for each in balances(rows, facet="colour", latest=WEEKS[-1])}
    assert found["red"].supply_share == 0.25
    assert found["red"].demand_share == 0.7
    # 70 and a quarter of 20, beside a quarter of 120.
    assert found["red"].ratio == pytest.approx(2.5)
    assert found["blue"].ratio == pytest.approx(35 / 90)
    assert found["green"].ratio is None
    idle = balances([row("x", facet="colour", products=5)], facet="colour", latest=WEEKS[-1])
    assert idle[0].ratio == 1.0


def test_health_sums_up_days() -> None:
    days = [
        SearchDay(
            day=date(2026, 5, 1) + timedelta(days=number),
            answered=10,
            failures={"image_too_large": 1},
            judged=8,
            unmatched=number,
            median_milliseconds=100 * number,
            p95_milliseconds=None,
        )
        for number in range(3)
    ]
    report = health_report(days, [])
    assert (report.answered, report.failed, report.unmatched_share) == (30, 3, 3 / 24)
    assert (report.median_milliseconds, report.p95_milliseconds, report.recall) == (100, None, None)
    assert health_report([], []).unmatched_share is None


@pytest.mark.parametrize(
    ("price", "key"),
    [("0", "KRW:0"), ("0.99", "KRW:0"), ("1", "KRW:1"), ("4.99", "KRW:2"), ("5", "KRW:5"),
     ("19999", "KRW:10000"), ("20000", "KRW:20000"), ("999999", "KRW:500000")],
)  # fmt: skip
def test_prices_fall_into_bands_of_one_two_and_five(price: str, key: str) -> None:
    assert price_key(Decimal(price), "KRW") == key


def test_bands_are_named_as_people_write_money() -> None:
    names = [name_of("price", f"KRW:{lower}", clusters={}) for lower in (0, 1, 2, 5, 200_000)]
    bands = [name.split(" \u2013 ") for name in names]
    assert bands[:4] == [["₩0", "₩1"], ["₩1", "₩2"], ["₩2", "₩5"], ["₩5", "₩10"]]
    assert bands[4] == ["₩200,000", "₩500,000"]
    assert name_of("cluster", "7", clusters={}) == "#7"


def test_colours_of_both_languages_are_one() -> None:
    assert colour_key(" 레드 ") == colour_key("RED") == "red"
    assert colour_key("Zebra") == "zebra"
    assert colour_key("  ") == ""


@given(st.floats(1e-6, 1e9))
def test_axes_end_at_or_above_what_is_drawn(value: float) -> None:
    top = drawing.round_up(value)
    assert value <= top * (1 + 1e-9)
    assert top <= value * 2.5


def test_drawings_are_sound_and_escape_what_they_are_told() -> None:
    told = '<b> & "quotes"'
    drawn = [
        drawing.draw_curves(
            [Curve("seen", [0.1, None, 0.3, 0.2]), Curve("liked", [])],
            top=0.4,
            top_label=told,
            description=told,
            level=0.2,
        ),
        drawing.draw_bars([0, 3, 1], description=told),
        drawing.draw_bars([], description=told),
        drawing.draw_strip([("#aabbcc", 0.5), ('"/><script>', 0.5)]),
        drawing.draw_interval(0.1, 0.2, 0.3, average=0.25, top=0.0, kind="best"),
        drawing.draw_pair(0.1, 0.2, top=0.0),
    ]
    for svg in drawn:
        root = fromstring(svg)
        assert root.tag == "svg"
        assert not root.findall("script")
    curves = fromstring(drawn[0])
    # A gap ends one line and begins another.
    assert len(curves.findall("polyline")) == 2
    assert curves.get("aria-label") == told


def test_figures_are_written_as_people_read_them() -> None:
    assert [percent(share) for share in (None, 0.0, 0.034, 0.5, 1.0)] == [
        *("—", "0%", "3.4%", "50%", "100%"),
    ]
    assert [milliseconds(value) for value in (None, 320.4, 1400)] == ["—", "320 ms", "1.4 s"]


def test_no_likes_are_told_and_too_few_people_are_not() -> None:
    rows = [
        row("sporty", seen=9, liked=0),
        row("casual", seen=9, liked=3),
        row("ethnic", searches=0),
    ]
    curves = {curve.code: curve for curve in style_curves(rows, weeks=WEEKS)}
    assert curves["sporty"].liked[-1] == 0.0
    assert curves["ethnic"].liked[-1] is None
    assert curves["sporty"].searches[-1] is None
