"""What stands beside a product's row is the same by one statement as by its relations."""

from __future__ import annotations

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from products.api.product_facts import facts_of
from products.models import Product
from styles.models import Clustering, Style, StyleGroup
from tests.shop import add_photo, direction, jpeg, make_product, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def all_kinds(clustering: Clustering) -> None:
    """Make products with and without styles, groups, photos and clusters."""
    soft = clustering.clusters.get(name_en="Soft")
    group = StyleGroup.objects.get(code="casual")
    full = make_product("full", style_group=group)
    place(full, direction(a=1), version=clustering.model_version, cluster=soft)
    add_photo(full, jpeg((1, 2, 3)))
    full.images.update(position=1)
    add_photo(full, jpeg((9, 9, 9)))
    full.styles.add(*Style.objects.filter(code__in=["punk", "classic"]))
    make_product("grouped", style_group=group)
    add_photo(make_product("bare"))
    make_product("empty")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.usefixtures("all_kinds")
def test_one_statement_tells_what_the_relations_tell(
    language: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with translation.override(language):
        related = {product.sku: facts_of(product) for product in Product.objects.for_cards()}
        with django_assert_num_queries(1):
            told = {product.sku: facts_of(product) for product in Product.objects.for_answers()}
    assert told == related
    assert told["full"].cluster is not None
    assert [style["code"] for style in told["full"].styles] == ["classic", "punk"]
    assert told["grouped"].style_group == "casual"
    assert (told["bare"].photo is None, told["empty"].photo is None) == (False, True)


@pytest.mark.usefixtures("all_kinds")
def test_without_a_clustering_in_force_no_cluster_is_told() -> None:
    Clustering.objects.update(status=Clustering.Status.RETIRED)
    assert {facts_of(product).cluster for product in Product.objects.for_answers()} == {None}
