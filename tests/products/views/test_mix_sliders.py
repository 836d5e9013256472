from __future__ import annotations

import pytest

from products.search import Wishes
from products.views.mix_sliders import GROUPS, mix_sliders, read_sliders

OWN = {"casual": 0.62, "subculture": 0.38}


def form(**values: object) -> dict[str, str]:
    """Return the fields of all ten sliders, those not named at nothing."""
    return {f"mix-{group.code}": str(values.get(group.code, 0)) for group in GROUPS}


def test_sliders_stand_at_the_photos_own_mix_until_another_is_wished_for() -> None:
    at_own = {slider.code: slider for slider in mix_sliders(Wishes(), OWN)}
    assert len(at_own) == 10
    assert (at_own["casual"].value, at_own["casual"].own, at_own["casual"].percent) == (60, 60, 60)
    assert (at_own["subculture"].value, at_own["sporty"].value) == (40, 0)
    wished = {s.code: s for s in mix_sliders(Wishes(mix=(("sporty", 1.0),)), OWN)}
    assert (wished["sporty"].value, wished["sporty"].own) == (100, 0)
    assert (wished["casual"].value, wished["casual"].own) == (0, 60)


def test_a_wish_for_a_single_style_shows_at_its_group() -> None:
    wished = {s.code: s.value for s in mix_sliders(Wishes(mix=(("punk", 1.0),)), OWN)}
    assert wished["subculture"] == 100


def test_sliders_that_nobody_moved_wish_for_nothing() -> None:
    assert read_sliders(form(casual=60, subculture=40), shown=OWN, own=OWN) is None
    assert read_sliders({}, shown=OWN, own=OWN) is None


def test_a_moved_slider_makes_a_mix_of_all() -> None:
    sent = form(casual=60, subculture=40, sporty=100)
    moved = read_sliders(sent, shown=OWN, own=OWN) or ""
    assert sorted(moved.split(",")) == ["casual:0.6", "sporty:1", "subculture:0.4"]


def test_sliders_put_back_to_the_photos_own_mix_or_to_nothing_take_the_wish_away() -> None:
    shown = {"sporty": 1.0}
    assert read_sliders(form(casual=60, subculture=40), shown=shown, own=OWN) == ""
    assert read_sliders(form(), shown=shown, own=OWN) == ""


def test_sliders_of_an_address_with_a_single_style_keep_it_while_nobody_moves_them() -> None:
    assert read_sliders(form(subculture=100), shown={"punk": 1.0}, own=OWN) is None


@pytest.mark.parametrize("value", ["much", "-5", "1e9", "²", "1000000"])
def test_what_is_no_position_is_handed_on_to_be_refused(value: str) -> None:
    text = read_sliders(form(casual=value), shown=OWN, own=OWN)
    assert f"casual:{value}" in (text or "").split(",")
