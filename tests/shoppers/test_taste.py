from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from products.models import Product
from shoppers.models import Shopper, ShopperEvent
from shoppers.taste import Item, Step, decay, mean_vector, taste_of, weigh
from styles.models import ModelVersion, Style
from tests.shop import direction, make_product, make_search, make_version, place
from tests.shoppers.people import do

NOW = datetime.fromisoformat("2026-05-01T12:00:00+00:00")
KINDS = ["view", "click", "like", "unlike", "purchase"]


def step(kind: str, product: int | None = 1, *, days_ago: float = 0, number: int = 1) -> Step:
    return Step(kind, product, number, NOW - timedelta(days=days_ago))


def item(vector: np.ndarray, weight: float = 1.0, number: int = 1) -> Item:
    return Item("like", number, weight, NOW, number, vector=vector)


def test_a_weight_halves_every_half_life() -> None:
    ages = [NOW - timedelta(days=days) for days in (0, 14, 28)]
    assert [decay(at, now=NOW) for at in ages] == pytest.approx([1, 0.5, 0.25])
    assert decay(NOW + timedelta(days=1), now=NOW) == 1


@given(st.floats(0, 400), st.floats(0, 400))
def test_the_longer_ago_the_less_it_weighs(one: float, other: float) -> None:
    earlier, later = max(one, other), min(one, other)
    left = [decay(NOW - timedelta(days=days), now=NOW) for days in (earlier, later)]
    assert 0 < left[0] <= left[1] <= 1


@given(st.sampled_from(KINDS), st.integers(1, 100))
def test_doing_one_thing_a_hundred_times_says_no_more_than_once(kind: str, times: int) -> None:
    steps = [step(kind, number=number) for number in range(times)]
    assert [each.weight for each in weigh(steps, now=NOW)] == [
        each.weight for each in weigh(steps[:1], now=NOW)
    ]


@given(st.permutations([("view", 3.0), ("like", 2.0), ("unlike", 1.0), ("like", 0.5)]))
def test_the_order_in_which_events_come_in_changes_nothing(order: list[tuple[str, float]]) -> None:
    steps = [step(kind, days_ago=days) for kind, days in order]
    (found,) = weigh(steps, now=NOW)
    (expected,) = weigh(sorted(steps, key=lambda each: each.at), now=NOW)
    assert found == expected
    assert found.kind == "like"


def test_a_like_outweighs_a_view_and_its_withdrawal_undoes_it() -> None:
    viewed, liked = step("view", 1), step("like", 2)
    back = [step("like", 3, days_ago=1), step("unlike", 3)]
    weights = {each.product_id: each.weight for each in weigh([viewed, liked, *back], now=NOW)}
    assert weights == {1: 1.0, 2: 4.0, 3: -1.0}


def test_opposite_opinions_of_one_thing_leave_no_direction() -> None:
    assert mean_vector([item(direction(a=1)), item(direction(a=1), -1.0)]) is None
    assert mean_vector([item(direction(a=1), -1.0)]) is None
    assert mean_vector([]) is None


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0.01, 10)), min_size=1))
def test_a_taste_has_unit_length_and_lies_among_what_made_it(
    weighed: list[tuple[str, float]],
) -> None:
    vector = mean_vector([item(direction(**{axis: 1}), weight) for axis, weight in weighed])
    assert vector is not None
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
    for axis in "abcd":
        is_liked = any(liked == axis for liked, _ in weighed)
        assert (vector[ord(axis) - ord("a")] > 0) == is_liked


@pytest.fixture
def coat(version: ModelVersion) -> Product:
    product = place(make_product("coat"), direction(a=1), version=version)
    product.styles.set([Style.objects.get(code="punk")])
    return product


@pytest.mark.django_db
def test_the_first_click_is_a_taste(shopper: Shopper, version: ModelVersion, coat: Product) -> None:
    assert not taste_of(shopper, model_version=version)
    do(shopper, "view", coat)
    taste = taste_of(shopper, model_version=version)
    assert taste.vector == pytest.approx(direction(a=1))
    assert taste.mix == {"subculture": 1.0}
    assert taste.product_ids == (coat.pk,)


@pytest.mark.django_db
def test_what_was_done_lately_pulls_harder(
    shopper: Shopper, version: ModelVersion, coat: Product
) -> None:
    shirt = place(make_product("shirt"), direction(b=1), version=version)
    do(shopper, "like", coat, days_ago=28)
    do(shopper, "like", shirt)
    vector = taste_of(shopper, model_version=version).vector
    assert vector is not None
    assert vector[:2] == pytest.approx(direction(a=1, b=4)[:2], abs=1e-3)


@pytest.mark.django_db
def test_a_taste_holds_under_a_new_model_version(
    shopper: Shopper, version: ModelVersion, coat: Product
) -> None:
    do(shopper, "like", coat)
    search = make_search(version, direction(b=1))
    event = ShopperEvent.objects.create(
        shopper=shopper, kind="search", dedupe_key=f"search:{search.pk}"
    )
    assert taste_of(shopper, model_version=version).vector is not None
    event.refresh_from_db()
    assert event.embedding is not None
    later = make_version(status="trained")
    place(coat, direction(c=1), version=later)
    taste = taste_of(shopper, model_version=later)
    assert taste.vector == pytest.approx(direction(c=1))
    assert set(taste.mix) == {"subculture", "traditional"}


@pytest.mark.django_db
def test_without_any_model_version_the_things_alone_are_known(shopper: Shopper) -> None:
    do(shopper, "like", make_product("a"))
    taste = taste_of(shopper, model_version=None)
    assert not taste
    assert taste.counts == {"like": 1}


@pytest.mark.django_db
def test_a_long_history_costs_no_more_queries_than_a_short_one(
    shopper: Shopper,
    version: ModelVersion,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        do(shopper, "like", place(make_product(str(number)), direction(a=1), version=version))
    with django_assert_max_num_queries(5):
        assert len(taste_of(shopper, model_version=version).items) == 30


@pytest.mark.django_db
def test_a_search_counts_by_its_photo(shopper: Shopper, version: ModelVersion) -> None:
    search = make_search(version, direction(b=1))
    ShopperEvent.objects.create(
        shopper=shopper, kind="search", dedupe_key=f"search:{search.pk}", at=timezone.now()
    )
    taste = taste_of(shopper, model_version=version)
    assert taste.vector == pytest.approx(direction(b=1), abs=1e-3)
    assert taste.mix == pytest.approx({"traditional": 0.7, "subculture": 0.3})
