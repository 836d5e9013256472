from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from products.filters import ProductFilters
from products.models import Product
from products.search import Wishes
from shoppers.cursors import MOST_SHOWN, read_cursor, write_cursor
from shoppers.models import Shopper, Trend, TrendSnapshot
from shoppers.recommendations import Recommended, explain, recommend, usual_wishes
from shoppers.recording import Deed, record
from shoppers.taste import Taste, taste_of
from styles.models import ModelVersion, Style
from tests.shop import direction, make_product, make_search, place
from tests.shoppers.people import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def coats(version: ModelVersion) -> list[Product]:
    """Ten coats, ever farther from the first."""
    return [
        place(
            make_product(f"coat-{number}", name=f"Coat {number}", price=100 * number),
            direction(a=10, b=number),
            version=version,
        )
        for number in range(10)
    ]


@pytest.fixture
def shoes(version: ModelVersion) -> list[Product]:
    """Five shoes, where no coats are."""
    return [
        place(
            make_product(f"shoe-{number}", name=f"Shoe {number}"),
            direction(c=10, d=number),
            version=version,
        )
        for number in range(5)
    ]


def find(shopper: Shopper, version: ModelVersion, limit: int = 20, **asked: object) -> Recommended:
    taste = taste_of(shopper, model_version=version)
    return recommend(taste, model_version=version, limit=limit, **asked)  # type: ignore[arg-type]


def skus(found: Recommended) -> list[str]:
    return [entry.product.sku for entry in found.entries]


def test_the_nearest_to_what_is_liked_comes_first_and_says_why(
    shopper: Shopper, version: ModelVersion, coats: list[Product]
) -> None:
    do(shopper, "like", coats[0])
    found = find(shopper, version, wishes=Wishes(diversity=0.0))
    assert found.basis == "taste"
    assert skus(found) == [f"coat-{number}" for number in range(1, 10)]
    assert [entry.rank for entry in found.entries] == list(range(1, 10))
    because = found.entries[0].because
    assert because is not None
    assert because.sentence == "Because you liked Coat 0"
    assert because.similarity > 0.99


def test_what_was_seen_is_not_recommended_nor_what_is_hidden_or_sold_out(
    shopper: Shopper, version: ModelVersion, coats: list[Product]
) -> None:
    do(shopper, "like", coats[0])
    do(shopper, "view", coats[1])
    Product.objects.filter(pk=coats[2].pk).update(is_published=False)
    Product.objects.filter(pk=coats[3].pk).update(stock=0)
    assert not {f"coat-{number}" for number in range(4)} & set(skus(find(shopper, version)))


def test_likes_far_apart_each_have_their_share(
    shopper: Shopper, version: ModelVersion, coats: list[Product], shoes: list[Product]
) -> None:
    do(shopper, "like", coats[0], shoes[0])
    found = find(shopper, version, limit=6)
    assert sum(sku.startswith("shoe") for sku in skus(found)) == 3
    for entry in found.entries:
        assert entry.because is not None
        assert entry.because.product is not None
        assert entry.because.product.sku[:4] == entry.product.sku[:4]


def test_diversity_brings_up_what_is_different(
    shopper: Shopper, version: ModelVersion, coats: list[Product]
) -> None:
    do(shopper, "like", coats[0])
    alike = find(shopper, version, limit=3, wishes=Wishes(diversity=0.0))
    varied = find(shopper, version, limit=3, wishes=Wishes(diversity=0.9))
    assert skus(alike) == ["coat-1", "coat-2", "coat-3"]
    assert "coat-9" in skus(varied)


def test_filters_and_wishes_mean_what_they_mean_elsewhere(
    shopper: Shopper, version: ModelVersion, coats: list[Product]
) -> None:
    do(shopper, "like", coats[0])
    filters = ProductFilters.parse({"min_price": "400", "max_price": "600"})
    assert set(skus(find(shopper, version, filters=filters))) == {"coat-4", "coat-5", "coat-6"}
    coats[9].styles.set([Style.objects.get(code="punk")])
    first = find(shopper, version, limit=1, wishes=Wishes.parse({"mix": "punk"})).entries[0]
    assert first.product == coats[9]
    assert first.scores["mix"] == 1


def test_parts_neither_repeat_nor_hide_anything_while_the_taste_changes(
    shopper: Shopper, version: ModelVersion, coats: list[Product], shoes: list[Product]
) -> None:
    do(shopper, "like", coats[0])
    seen: list[str] = []
    cursor, ranks = "", []
    for _ in range(10):
        found = find(shopper, version, limit=4, cursor=cursor)
        seen += skus(found)
        ranks += [entry.rank for entry in found.entries]
        cursor = found.next
        if not cursor:
            break
        do(shopper, "view", Product.objects.get(sku=skus(found)[0]))
    assert sorted(seen) == sorted({*seen})
    assert len(seen) == 14
    assert ranks == list(range(1, 15))


@pytest.mark.parametrize("text", ["x", "!", "eJyL", "a" * 5000, "eJyLVkpSitVRMtJRMgYADwUCcg"])
def test_a_cursor_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_cursor(text)


def test_a_cursor_fits_into_an_address_and_the_list_has_an_end() -> None:
    keys = [10**9 + 7919 * number for number in range(MOST_SHOWN - 1)]
    text = write_cursor(keys)
    assert read_cursor(text) == tuple(keys)
    assert len(text) < 2000
    assert write_cursor(range(MOST_SHOWN)) == ""
    assert write_cursor([]) == ""


def test_who_is_unknown_gets_what_is_trending_and_else_the_newest(
    version: ModelVersion, coats: list[Product]
) -> None:
    newest = recommend(Taste(), model_version=version, limit=2)
    assert newest.basis == "newest"
    assert skus(newest) == ["coat-9", "coat-8"]
    assert skus(recommend(Taste(), model_version=None, limit=2, cursor=newest.next)) == [
        "coat-7",
        "coat-6",
    ]
    snapshot = TrendSnapshot.objects.create(votes=9)
    for rank, number in enumerate((4, 2), start=1):
        Trend.objects.create(
            snapshot=snapshot,
            product=coats[number],
            rank=rank,
            lift=2,
            votes=5,
            votes_before=1,
            shoppers=4,
        )
    trending = recommend(Taste(), model_version=version, limit=9)
    assert trending.basis == "trending"
    assert skus(trending) == ["coat-4", "coat-2"]
    assert trending.entries[0].because is None
    assert trending.entries[0].similarity is None


def test_a_taste_for_what_the_version_has_not_seen_is_as_good_as_none(
    shopper: Shopper, version: ModelVersion, coats: list[Product]
) -> None:
    do(shopper, "like", make_product("unseen"))
    assert find(shopper, version).basis == "newest"


def test_a_reason_that_is_hidden_by_now_is_not_told(
    shopper: Shopper, version: ModelVersion, coats: list[Product]
) -> None:
    do(shopper, "like", coats[0])
    Product.objects.filter(pk=coats[0].pk).update(is_published=False)
    found = find(shopper, version)
    assert found.entries
    assert {entry.because for entry in found.entries} == {None}


def test_explanations_name_the_styles_shared_with_the_taste(
    shopper: Shopper, version: ModelVersion, coats: list[Product]
) -> None:
    for coat in coats[:2]:
        coat.styles.set([Style.objects.get(code="punk")])
    do(shopper, "like", coats[0])
    taste = taste_of(shopper, model_version=version)
    found = explain(find(shopper, version), taste, model_version=version)
    by_sku = {entry.product.sku: entry.explanation for entry in found.entries}
    assert by_sku["coat-1"] is not None
    assert [style.code for style in by_sku["coat-1"].styles] == ["subculture"]
    assert by_sku["coat-2"] is not None
    assert by_sku["coat-2"].styles == ()


def test_an_empty_shop_recommends_nothing(shopper: Shopper, version: ModelVersion) -> None:
    only = place(make_product("only"), direction(a=1), version=version)
    do(shopper, "like", only)
    found = find(shopper, version)
    assert (found.basis, found.entries, found.next) == ("taste", (), "")


def test_a_longer_list_costs_no_more_queries(
    shopper: Shopper,
    version: ModelVersion,
    coats: list[Product],
    shoes: list[Product],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    do(shopper, "like", coats[0], shoes[0])
    taste = taste_of(shopper, model_version=version)
    with django_assert_max_num_queries(20) as few:
        recommend(replace(taste), model_version=version, limit=2)
    with django_assert_max_num_queries(len(few)):
        recommend(taste, model_version=version, limit=12)


def test_a_photo_is_a_reason_as_well(
    shopper: Shopper, version: ModelVersion, coats: list[Product]
) -> None:
    search = make_search(version, direction(a=1))
    record(shopper, [Deed("search", search_id=str(search.pk))])
    because = find(shopper, version).entries[0].because
    assert because is not None
    assert because.product is None
    assert because.sentence == "Because you searched with a photo"


def test_the_dial_for_diversity_stands_where_the_shop_put_it_until_it_is_turned() -> None:
    assert usual_wishes({}).diversity == 0.3
    assert usual_wishes({"diversity": " "}).diversity == 0.3
    assert usual_wishes({"diversity": "0"}).diversity == 0.0
