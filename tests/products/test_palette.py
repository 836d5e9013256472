from __future__ import annotations

import numpy as np
import pytest
from django.utils import translation

from products.models import PhotoTraits
from products.palette import (
    NAMED_COLOURS,
    Palette,
    as_json,
    colour_code,
    from_json,
    palette_distance,
    palette_distances,
    palettes_of,
    shared_colours,
)
from products.vocabulary import COLOURS_KO
from styles.appearance import PaletteColour
from tests.shop import add_photo, make_product


def palette(*colours: tuple[str, float]) -> Palette:
    return tuple(PaletteColour(code, share) for code, share in colours)


BLACK, WHITE = palette(("#000000", 1.0)), palette(("#ffffff", 1.0))
HALF = palette(("#000000", 0.5), ("#ffffff", 0.5))


def test_single_colours_are_as_far_apart_as_they_are_in_lab() -> None:
    assert palette_distance(BLACK, WHITE) == pytest.approx(100, abs=0.1)
    # 100 / 2 between, less 50 / 2 within the half one.
    assert palette_distance(BLACK, HALF) == pytest.approx(25, abs=0.1)


def test_equal_palettes_are_at_no_distance_and_the_order_does_not_matter() -> None:
    assert palette_distance(HALF, HALF[::-1]) == pytest.approx(0, abs=1e-9)
    red = palette(("#c02020", 0.7), ("#202020", 0.3))
    assert palette_distance(red, HALF) == pytest.approx(palette_distance(HALF, red))


def test_distances_to_many_are_those_to_each() -> None:
    others = [BLACK, HALF, palette(("#aa3311", 0.2), ("#11aa33", 0.3), ("#eeeeee", 0.5))]
    expected = [palette_distance(WHITE, other) for other in others]
    assert palette_distances(WHITE, others) == pytest.approx(expected)


def test_what_has_no_palette_is_at_no_known_distance() -> None:
    assert list(np.isnan(palette_distances(WHITE, [(), BLACK]))) == [True, False]
    assert np.isnan(palette_distances((), [BLACK])).all()
    assert palette_distances(WHITE, []).shape == (0,)


def test_every_name_has_its_korean_word_and_is_the_nearest_of_its_own_shade() -> None:
    for name, shade in NAMED_COLOURS:
        assert name in COLOURS_KO
        assert colour_code(shade) == name


def test_shared_colours_have_names_in_both_languages() -> None:
    one = palette(("#c41f2d", 0.6), ("#141416", 0.4))
    other = palette(("#c8242f", 0.5), ("#f2d53c", 0.5))
    (red,) = shared_colours(one, other)
    assert (red.code, red.hex, red.share) == ("red", "#c41f2d", 0.5)
    with translation.override("ko"):
        assert red.name == "레드"
    with translation.override("en"):
        assert red.name == "red"


def test_photos_without_a_common_colour_share_none() -> None:
    assert shared_colours(BLACK, WHITE) == ()
    assert shared_colours((), WHITE) == ()


def test_shades_of_one_name_are_put_together() -> None:
    greys = palette(("#9a9b9d", 0.5), ("#6f7173", 0.5))
    (grey,) = shared_colours(greys, greys)
    assert (grey.code, grey.share) == ("grey", 1.0)


def test_palettes_keep_what_rows_keep() -> None:
    assert from_json(as_json(HALF)) == HALF


@pytest.mark.django_db
def test_products_have_the_palette_of_their_first_photo() -> None:
    product, other = make_product("a"), make_product("b")
    for stored in (HALF, WHITE):
        PhotoTraits.objects.create(
            image=add_photo(product), palette=as_json(stored), fingerprint=bytes(32)
        )
    assert palettes_of([product.pk, other.pk]) == {product.pk: HALF}
