"""What must hold of every search, whatever is sold, filtered, wished for or deleted meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from pytest_django import Settings

from products.filters import ProductFilters
from products.models import Product
from products.search import HitCursor, QueryVector, Wishes, look_alikes, reordering
from styles.models import Clustering, ModelVersion
from tests.random_shop import (
    Coordinates,
    Draft,
    Shop,
    coordinates,
    distance,
    drafts,
    filters,
    passes,
    rolled_back,
    unit,
)

pytestmark = pytest.mark.django_db

bounded = bounds(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CLOSE = 1e-3  # Half vectors, and sums of 256 products in single precision.

wishes = st.sampled_from(
    (
        *(Wishes(),) * 4,
        Wishes(diversity=0.4),
        Wishes(diversity=1.0),
        Wishes(colours=("red",)),
        Wishes(colours=("red",), words=("r1",), mix=(("punk", 1.0),), diversity=0.2),
    )
)


@pytest.fixture(params=["exact scan", "index"])
def way(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Take either way to the nearest products; the small shops drawn here go the first."""
    settings.KFASHION = {"EXACT_SCAN_MAX_PRODUCTS": 1 if request.param == "index" else 10_000}


@pytest.fixture
def shop(version: ModelVersion, clustering: Clustering) -> Shop:
    return Shop(version, list(clustering.clusters.order_by("number")))


def sku_of(product_ids: Sequence[int]) -> list[str]:
    skus = dict(Product.objects.filter(pk__in=product_ids).values_list("pk", "sku"))
    return [skus[product_id] for product_id in product_ids]


@pytest.mark.usefixtures("way")
@bounded
@given(
    drawn=st.lists(drafts, max_size=30),
    query=coordinates,
    wanted=filters(),
    limit=st.integers(1, 12),
    data=st.data(),
)
def test_the_answer_is_that_of_brute_force(
    shop: Shop,
    *,
    drawn: list[Draft],
    query: Coordinates,
    wanted: ProductFilters,
    limit: int,
    data: st.DataObject,
) -> None:
    with rolled_back():
        shop.add(drawn)
        gone = data.draw(st.sets(st.sampled_from(drawn)) if drawn else st.just(set()))
        Product.objects.filter(sku__in=[draft.sku for draft in gone]).delete()
        matching = {d.sku: distance(d, query) for d in drawn if d not in gone and passes(d, wanted)}
        page = look_alikes(QueryVector(unit(query), shop.version), filters=wanted, limit=limit)
        found = sku_of([hit.product_id for hit in page.hits])
        assert page.count == len(matching) or not page.is_count_exact
        assert len(found) == len(set(found)) == min(limit, len(matching))
        for hit, sku in zip(page.hits, found, strict=True):
            assert hit.distance == pytest.approx(matching[sku], abs=CLOSE)
        keys = [(hit.distance, hit.product_id) for hit in page.hits]
        assert keys == sorted(keys)
        assert [hit.rank for hit in page.hits] == list(range(1, len(found) + 1))
        left_out = [far for sku, far in matching.items() if sku not in found]
        assert max((matching[sku] for sku in found), default=0) <= min(left_out, default=2) + CLOSE
        assert (page.next is not None) == bool(left_out)


@pytest.mark.usefixtures("way")
@bounded
@given(
    drawn=st.lists(drafts, min_size=8, max_size=25),
    query=coordinates,
    wanted=filters(),
    wished=wishes,
    is_grouped=st.booleans(),
    data=st.data(),
)
def test_paging_shows_each_product_once_whatever_comes_and_goes(
    shop: Shop,
    *,
    monkeypatch: pytest.MonkeyPatch,
    drawn: list[Draft],
    query: Coordinates,
    wanted: ProductFilters,
    wished: Wishes,
    is_grouped: bool,
    data: st.DataObject,
) -> None:
    monkeypatch.setattr(reordering, "WINDOW", 5)
    with rolled_back():
        shop.add(drawn)
        group = (shop.clusters[0].pk,) if is_grouped else ()
        vector = QueryVector(unit(query), shop.version, group=group)
        steady, seen, ranks = list(drawn), [], []
        cursor: HitCursor | None = None
        for _ in range(200):
            page = look_alikes(
                vector,
                filters=wanted,
                wishes=wished,
                limit=data.draw(st.integers(1, 7)),
                cursor=cursor,
            )
            seen += sku_of([hit.product_id for hit in page.hits])
            ranks += [hit.rank for hit in page.hits]
            if page.next is None:
                break
            cursor = HitCursor.parse(page.next.encode())
            shop.add(data.draw(st.lists(drafts, max_size=2)))
            gone = data.draw(st.sets(st.sampled_from(drawn), max_size=2))
            Product.objects.filter(sku__in=[draft.sku for draft in gone]).delete()
            steady = [draft for draft in steady if draft not in gone]
        else:
            pytest.fail("the list has no end")
        assert len(seen) == len(set(seen))
        assert {draft.sku for draft in steady if passes(draft, wanted)} <= set(seen)
        assert ranks == list(range(1, len(seen) + 1))


@bounded
@given(
    drawn=st.lists(drafts, min_size=8, max_size=25),
    query=coordinates,
    wished=wishes,
    size=st.integers(1, 7),
    is_grouped=st.booleans(),
)
def test_numbered_pages_and_cursors_lead_through_the_same_list(
    shop: Shop,
    *,
    monkeypatch: pytest.MonkeyPatch,
    drawn: list[Draft],
    query: Coordinates,
    wished: Wishes,
    size: int,
    is_grouped: bool,
) -> None:
    monkeypatch.setattr(reordering, "WINDOW", 5)
    with rolled_back():
        shop.add(drawn)
        group = (shop.clusters[0].pk,) if is_grouped else ()
        vector = QueryVector(unit(query), shop.version, group=group)
        cursor: HitCursor | None = None
        for number in range(len(drawn) + 1):
            by_number, by_cursor = (
                look_alikes(vector, filters=ProductFilters(), wishes=wished, limit=size, **place)
                for place in ({"offset": number * size}, {"cursor": cursor})
            )
            assert by_number.hits == by_cursor.hits
            assert by_number.next == by_cursor.next
            if by_cursor.next is None:
                break
            cursor = by_cursor.next


@bounded
@given(
    drawn=st.lists(drafts, min_size=8, max_size=25),
    query=coordinates,
    wished=wishes.filter(bool),
    size=st.integers(1, 7),
)
def test_the_order_of_wishes_does_not_depend_on_the_size_of_pages(
    shop: Shop, drawn: list[Draft], query: Coordinates, wished: Wishes, size: int
) -> None:
    with rolled_back():
        shop.add(drawn)
        vector = QueryVector(unit(query), shop.version)
        whole = look_alikes(vector, filters=ProductFilters(), wishes=wished, limit=100)
        parts: list[int] = []
        cursor: HitCursor | None = None
        while True:
            page = look_alikes(
                vector, filters=ProductFilters(), wishes=wished, limit=size, cursor=cursor
            )
            parts += [hit.product_id for hit in page.hits]
            cursor = page.next
            if cursor is None:
                break
        assert parts == [hit.product_id for hit in whole.hits]
