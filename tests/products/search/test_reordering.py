from __future__ import annotations

import pytest
from pgvector import HalfVector

from products.filters import ProductFilters
from products.models import Product
from products.search import HitCursor, Page, QueryVector, Wishes, look_alikes, reordering
from styles.models import ModelVersion
from tests.shop import direction, make_product, place

pytestmark = pytest.mark.django_db

RED_FIRST = Wishes(colours=("red",))


def page(
    version: ModelVersion,
    wishes: Wishes = RED_FIRST,
    *,
    limit: int,
    cursor: HitCursor | None = None,
    offset: int = 0,
) -> Page:
    return look_alikes(
        QueryVector(HalfVector(direction(a=1)), version),
        filters=ProductFilters(),
        wishes=wishes,
        limit=limit,
        cursor=cursor,
        offset=offset,
    )


def skus(found: Page) -> list[str]:
    names = dict(Product.objects.values_list("pk", "sku"))
    return [names[hit.product_id] for hit in found.hits]


def sell(version: ModelVersion, sku: str, away: int, colour: str = "") -> None:
    place(make_product(sku, colour=colour), direction(a=9, b=away), version=version)


@pytest.fixture
def windows_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reordering, "WINDOW", 2)


@pytest.mark.usefixtures("windows_of_two")
def test_each_window_is_reordered_on_its_own(version: ModelVersion) -> None:
    for number in range(5):
        sell(version, f"p{number}", number, "Red" if number % 2 else "Blue")
    found = page(version, limit=10)
    assert skus(found) == ["p1", "p0", "p3", "p2", "p4"]
    assert [hit.rank for hit in found.hits] == [1, 2, 3, 4, 5]
    assert (found.count, found.next) == (5, None)
    assert skus(page(version, limit=2, offset=3)) == ["p2", "p4"]
    assert skus(page(version, limit=2, offset=40)) == []


@pytest.mark.usefixtures("windows_of_two")
def test_what_was_shown_of_a_window_that_grew_is_not_shown_again(version: ModelVersion) -> None:
    sell(version, "near", 5)
    sell(version, "far-red", 6, "Red")
    sell(version, "last", 7)
    first = page(version, limit=1)
    assert skus(first) == ["far-red"]
    for number in range(9):
        sell(version, f"new-{number}", 0)
    shown, cursor = skus(first), first.next
    while cursor is not None:
        part = page(version, limit=3, cursor=cursor)
        shown += skus(part)
        cursor = part.next
    assert len(shown) == len(set(shown))
    assert {"near", "far-red", "last"} <= set(shown)


@pytest.mark.usefixtures("windows_of_two")
def test_a_window_that_was_deleted_whole_leads_to_the_next(version: ModelVersion) -> None:
    for number in range(4):
        sell(version, f"p{number}", number)
    first = page(version, limit=1)
    Product.objects.filter(sku__in=["p0", "p1"]).delete()
    assert skus(page(version, limit=9, cursor=first.next)) == ["p2", "p3"]


def test_diversity_moves_a_twin_behind_what_is_different(version: ModelVersion) -> None:
    place(make_product("first"), direction(a=9, b=4), version=version)
    place(make_product("twin"), direction(a=9, b=4), version=version)
    place(make_product("other"), direction(a=9, c=5), version=version)
    assert skus(page(version, Wishes(diversity=0.0), limit=3)) == ["first", "twin", "other"]
    assert skus(page(version, Wishes(diversity=0.5), limit=3)) == ["first", "other", "twin"]
