from __future__ import annotations

import pytest
from pytest_django import Settings

from products.models import ImageClassification, PhotoTraits, Product
from products.search.candidates import Candidates, style_mixes
from products.search.rankers import (
    ColourRanker,
    PaletteRanker,
    StyleMixRanker,
    WordRanker,
    overlap,
    share_of,
    totals,
)
from styles.appearance import PaletteColour
from styles.models import ModelVersion, Style
from tests.shop import add_photo, direction, make_product, make_version, place

pytestmark = pytest.mark.django_db


def candidates(version: ModelVersion, *products: Product) -> Candidates:
    return Candidates([(product.pk, 0.25) for product in products], model_version=version)


def classify(product: Product, version: ModelVersion, **label_sets: dict[str, float]) -> None:
    ImageClassification.objects.create(
        image=add_photo(product), model_version=version, probabilities=label_sets
    )


def test_a_mix_is_worth_what_it_shares_with_the_wanted_one() -> None:
    wanted = (("punk", 0.6), ("retro", 0.4))
    assert overlap(wanted, {"punk": 0.6, "retro": 0.4}) == pytest.approx(1)
    assert overlap(wanted, {"punk": 1.0}) == pytest.approx(0.6)
    assert overlap(wanted, {"romantic": 1.0}) == 0
    assert overlap(wanted, {}) == 0


def test_a_group_holds_the_shares_of_its_styles() -> None:
    assert share_of("subculture", {"punk": 0.3, "retro": 0.2, "classic": 0.5}) == 0.5
    assert share_of("feminine", {"feminine": 0.3, "romantic": 0.2, "punk": 0.5}) == 0.5


def test_where_only_groups_are_known_a_style_has_the_share_of_its_group() -> None:
    assert share_of("punk", {"subculture": 0.7, "feminine": 0.3}) == 0.7
    assert share_of("punk", {"retro": 0.7, "feminine": 0.3}) == 0


def test_products_have_the_mix_of_their_first_photo_by_one_version(version: ModelVersion) -> None:
    learnt = make_product("learnt")
    classify(learnt, version, style={"punk": 0.9, "retro": 0.1}, style_group={"subculture": 1.0})
    classify(learnt, version, style={"classic": 1.0})
    classify(learnt, make_version(status="retired"), style={"sexy": 1.0})
    groups = make_product("groups")
    classify(groups, version, style_group={"casual": 0.8, "sporty": 0.2}, product_type={"Coats": 1})
    given = make_product("given")
    given.styles.set(Style.objects.filter(code__in=["punk", "modern"]))
    unknown = make_product("unknown")
    mixes = style_mixes([p.pk for p in (learnt, groups, given, unknown)], model_version=version)
    assert mixes == {
        learnt.pk: {"punk": 0.9, "retro": 0.1},
        groups.pk: {"casual": 0.8, "sporty": 0.2},
        given.pk: {"punk": 0.5, "modern": 0.5},
    }
    scores = StyleMixRanker((("punk", 1.0),)).score(candidates(version, learnt, given, unknown))
    assert scores.tolist() == [0.9, 0.5, 0.0]


def test_colours_match_in_the_words_of_the_shop_and_in_korean(version: ModelVersion) -> None:
    navy, red = make_product("n", colour="Navy Blue"), make_product("r", colour="Red")
    found = candidates(version, navy, red, make_product("unknown"))
    assert ColourRanker(("navy blue",)).score(found).tolist() == [1, 0, 0]
    assert ColourRanker(("네이비", "RED")).score(found).tolist() == [1, 1, 0]


def test_words_count_by_how_many_a_product_carries(version: ModelVersion) -> None:
    both = make_product("1", name="Linen summer dress", name_ko="린넨 여름 원피스")
    one = make_product("2", name="Wool dress", brand="Linenhouse")
    found = candidates(version, both, one, make_product("3", name="Coat"))
    assert WordRanker(("LINEN", "summer")).score(found).tolist() == [1, 0.5, 0]
    assert WordRanker(("원피스",)).score(found).tolist() == [1, 0, 0]


def test_the_same_palette_scores_one_and_an_unknown_palette_nothing(version: ModelVersion) -> None:
    same, other, unknown = (make_product(sku) for sku in "abc")
    for product, colour in ((same, "#c41f2d"), (other, "#1f2947")):
        PhotoTraits.objects.create(
            image=add_photo(product), palette=[[colour, 1.0]], fingerprint=bytes(32)
        )
    ranker = PaletteRanker((PaletteColour("#c41f2d", 1.0),))
    assert ranker.score(candidates(version, same, other, unknown)).tolist() == [1, 0, 0]


def test_the_total_is_the_weighted_mean_of_likeness_and_scores(
    version: ModelVersion, settings: Settings
) -> None:
    settings.KFASHION = {"RANKER_WEIGHT": 0.5}
    found = candidates(version, make_product("a", name="Linen"), make_product("b"))
    total, scores = totals(found, [WordRanker(("linen",)), ColourRanker(("red",))])
    assert total.tolist() == pytest.approx([(0.75 + 0.5) / 2, 0.75 / 2])
    assert set(scores) == {"likeness", "words", "colour", "total"}


def test_a_product_deleted_meanwhile_scores_nothing(version: ModelVersion) -> None:
    gone = place(make_product("gone", name="Linen", colour="Red"), direction(a=1), version=version)
    found = candidates(version, gone)
    gone.delete()
    for ranker in (WordRanker(("linen",)), ColourRanker(("red",)), StyleMixRanker((("punk", 1),))):
        assert ranker.score(found).tolist() == [0]
    assert not found.vectors.any()
