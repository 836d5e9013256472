from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from pgvector import HalfVector

from products.models import PhotoTraits
from products.search import QueryVector, Wishes
from products.search.wishes import palette_of
from styles.appearance import PaletteColour
from styles.models import ModelVersion
from tests.shop import add_photo, direction, make_product


def test_nothing_is_wished_for_without_parameters() -> None:
    assert not Wishes.parse({"mix": " ", "diversity": "", "same_palette": "false", "page": "2"})
    assert Wishes.parse({"diversity": "0"}) == Wishes()


def test_a_mix_is_read_in_any_spelling_and_sums_to_one() -> None:
    assert Wishes.parse({"mix": "casual:3, Punk:1"}).mix == (("casual", 0.75), ("punk", 0.25))
    assert Wishes.parse({"mix": "로맨틱"}).mix == (("romantic", 1.0),)
    assert Wishes.parse({"mix": "punk,retro,punk:0"}).mix == (("punk", 0.5), ("retro", 0.5))


def test_colours_are_parted_by_commas_and_words_by_spaces() -> None:
    wishes = Wishes.parse({"prefer_colour": "Navy Blue, red,,", "prefer_words": "linen  summer"})
    assert wishes.colours == ("Navy Blue", "red")
    assert wishes.words == ("linen", "summer")


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("mix", "steampunk:1", "unknown_style"),
        ("mix", "punk:much", "invalid_mix"),
        ("mix", "punk:-1", "invalid_mix"),
        ("mix", "punk:nan", "invalid_mix"),
        ("mix", "punk:inf", "invalid_mix"),
        ("mix", "punk:0", "invalid_mix"),
        ("diversity", "2", "invalid_diversity"),
        ("diversity", "-0.1", "invalid_diversity"),
        ("diversity", "nan", "invalid_diversity"),
        ("diversity", "much", "invalid_diversity"),
        ("same_palette", "perhaps", "invalid_boolean"),
        ("prefer_colour", "a\x00", "invalid_words"),
        ("prefer_words", " ".join(map(str, range(21))), "invalid_words"),
        ("prefer_words", "x" * 201, "invalid_words"),
    ],
)
def test_a_bad_wish_has_a_stable_code(parameter: str, value: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Wishes.parse({parameter: value})
    (error,) = refused.value.error_dict[parameter]
    assert error.code == code
    assert error.messages[0]


@pytest.mark.django_db
def test_the_palette_is_the_photos_or_the_first_products(version: ModelVersion) -> None:
    red = PaletteColour("#c41f2d", 1.0)
    at_a = HalfVector(direction(a=1))
    assert palette_of(QueryVector(at_a, version, palette=(red,))) == (red,)
    product = make_product("p")
    query = QueryVector(at_a, version, examples=(product.pk,))
    with pytest.raises(ValidationError) as refused:
        palette_of(query)
    assert refused.value.error_dict["same_palette"][0].code == "palette_unknown"
    PhotoTraits.objects.create(
        image=add_photo(product), palette=[["#c41f2d", 1.0]], fingerprint=bytes(32)
    )
    assert palette_of(query) == (red,)
