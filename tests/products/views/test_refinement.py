from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from products.views.chips import chips_in_force
from products.views.refinement import Refinement
from tests.shop import make_product

pytestmark = pytest.mark.django_db

ADDRESS = {
    "gender": "women",
    "min_price": "10000",
    "in_stock": "false",
    "exclude": "a,b",
    "mix": "casual:0.7,subculture:0.3",
    "prefer_colour": "Red,Blue",
    "same_palette": "true",
    "prefer_words": "lace silk",
    "diversity": "0.4",
    "like": "a",
    "unlike": "b,c",
    "sort": "-price",
}


def test_an_address_is_read_and_written_again() -> None:
    refinement = Refinement.parse(ADDRESS)
    assert not refinement.errors
    assert dict(parse_qsl(refinement.query())) == ADDRESS
    assert Refinement.parse(refinement.as_parameters()) == refinement


def test_what_does_not_belong_to_the_interface_is_left_out_of_the_address() -> None:
    assert Refinement.parse({"utm": "x", "q": "", "cursor": "y", "page": "2"}).query() == ""


def test_a_list_of_the_catalogue_has_no_wishes_and_no_examples() -> None:
    refinement = Refinement.parse(ADDRESS, is_of_look_alikes=False)
    assert not refinement.wishes
    assert not refinement.examples
    assert refinement.filters.gender == "women"


def test_what_is_wrong_is_told_and_the_rest_still_counts() -> None:
    refinement = Refinement.parse(
        {"cluster": "99", "min_price": "cheap", "gender": "men", "mix": "nope", "sort": "rating"}
    )
    assert set(refinement.errors) == {"cluster", "min_price", "mix", "sort"}
    assert refinement.query() == "gender=men"
    assert len(refinement.sentences) == 4


def test_prices_the_wrong_way_round_are_told() -> None:
    refinement = Refinement.parse({"min_price": "9", "max_price": "1"})
    assert set(refinement.errors) == {"min_price"}
    assert refinement.query() == "max_price=1"


def test_filters_a_search_began_with_hold_until_the_address_says_otherwise() -> None:
    stored = {"gender": "women", "min_price": "10"}
    untouched = Refinement.parse({}, stored=stored)
    assert (untouched.filters.gender, untouched.query()) == ("women", "")
    changed = Refinement.parse({"gender": "men", "min_price": ""}, stored=stored)
    assert changed.query() == "gender=men&min_price="
    assert Refinement.parse(changed.as_parameters(), stored=stored).filters == changed.filters
    assert changed.cleared_query == "gender=&min_price="


def test_a_wrong_word_gives_way_to_the_filter_the_search_began_with() -> None:
    refinement = Refinement.parse({"gender": "x"}, stored={"gender": "women"})
    assert refinement.filters.gender == "women"
    assert set(refinement.errors) == {"gender"}


def test_a_stored_filter_that_no_longer_makes_sense_is_an_error() -> None:
    with pytest.raises(ValidationError):
        Refinement.parse({}, stored={"cluster": "7"})
    assert Refinement.parse({"cluster": ""}, stored={"cluster": "7"}).filters.cluster is None


def test_everything_in_force_has_a_chip_that_takes_it_away_alone() -> None:
    make_product("a", name="Lace blouse", name_ko="레이스 블라우스")
    refinement = Refinement.parse(ADDRESS)
    chips = chips_in_force(refinement, None)
    assert [chip.label for chip in chips] == [
        "Women",
        "from ₩10,000",
        "Sold-out products too",
        "2 products left out",
        "Style mix: Casual 70%, Subculture 30%",
        "Red, Blue first",
        "Colours of the photo first",
        "“lace silk” first",
        "Variety 40%",
        "More like Lace blouse",
        "Less like another photo",
        "Less like another photo",
    ]
    for chip in chips:
        left = dict(parse_qsl(chip.query))
        assert len({name for name in ADDRESS if left.get(name) != ADDRESS[name]}) == 1
    assert dict(parse_qsl(chips[-1].query))["unlike"] == "b"
    with translation.override("ko"):
        assert any("레이스 블라우스" in chip.label for chip in chips_in_force(refinement, None))
