from __future__ import annotations

import pytest
from django.test import Client
from pgvector import HalfVector

from products.category_families import complementary_families, family_of
from products.search import Hit, QueryVector, without_doubles
from styles.models import ModelVersion
from tests.shop import direction, make_product, place

pytestmark = pytest.mark.django_db


def test_of_products_in_one_place_the_first_is_kept(version: ModelVersion) -> None:
    places = {"a": 1.0, "twin": 1.0, "b": 2.0, "close": 2.02, "c": 4.0}
    ids = [
        place(make_product(sku), direction(a=10, b=b), version=version).pk
        for sku, b in places.items()
    ]
    unseen = make_product("unseen").pk
    hits = [Hit(rank, key, 0.1, False) for rank, key in enumerate([*ids, unseen], start=1)]
    kept = without_doubles(hits, QueryVector(HalfVector(direction(a=1)), version))
    assert [hit.product_id for hit in kept] == [ids[0], ids[2], ids[4], unseen]


def test_a_product_page_shows_what_is_offered_twice_once(
    client: Client, version: ModelVersion
) -> None:
    asked = place(make_product("asked"), direction(a=1), version=version)
    for sku in ("one", "twin"):
        place(make_product(sku, name=sku.title()), direction(a=1, b=1), version=version)
    place(make_product("other", name="Other"), direction(a=1, b=3), version=version)
    look_alikes = client.get(asked.get_absolute_url()).context["look_alikes"]
    assert [entry.product.name for entry in look_alikes] == ["One", "Other"]


@pytest.mark.parametrize(("offered", "shown"), [(1, 2), (2, 4), (3, 6), (9, 6)])
def test_what_completes_a_look_fills_its_rows(
    client: Client, version: ModelVersion, offered: int, shown: int
) -> None:
    shirt = place(make_product("s", category="Shirts"), direction(a=1), version=version)
    families = complementary_families(family_of("Shirts"))
    assert len(families) >= 2
    for category in ("Jeans", "Heels"):
        for number in range(offered):
            sku = f"{category}{number}"
            at = direction(a=1, b=number + 1)
            place(make_product(sku, category=category), at, version=version)
    entries = client.get(f"/products/{shirt.pk}/look/").context["entries"]
    assert len(entries) == shown
    # The best of each family comes before the second best of any.
    assert {entry.product.category for entry in entries[:2]} == {"Jeans", "Heels"}
