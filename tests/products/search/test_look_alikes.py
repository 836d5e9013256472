from __future__ import annotations

import numpy as np
import pytest
from django.db import connection
from pgvector import HalfVector
from pytest_django import Settings

from products.filters import ProductFilters
from products.models import Product, ProductEmbedding
from products.search import (
    Page,
    ProductNotEmbeddedError,
    QueryVector,
    look_alikes,
    predicted_group,
    query_of_product,
    query_of_search,
)
from styles.models import Clustering, ModelVersion
from tests.shop import (
    direction,
    make_clustering,
    make_product,
    make_search,
    make_version,
    place,
)

pytestmark = pytest.mark.django_db

QUERY = HalfVector(direction(a=1))


@pytest.fixture
def clustering(version: ModelVersion) -> Clustering:
    return make_clustering(version, {"near": direction(a=1), "far": direction(b=1)})


def at_a(version: ModelVersion) -> QueryVector:
    return QueryVector(QUERY, version)


def skus(page: Page) -> list[str]:
    return [Product.objects.get(pk=hit.product_id).sku for hit in page.hits]


def test_hits_come_in_order_of_cosine_distance(version: ModelVersion) -> None:
    place(make_product("far"), direction(a=1, b=3), version=version)
    place(make_product("near"), direction(a=3, b=1), version=version)
    place(make_product("same"), direction(a=1), version=version)
    found = look_alikes(at_a(version), filters=ProductFilters(), limit=10)
    assert skus(found) == ["same", "near", "far"]
    assert [hit.rank for hit in found.hits] == [1, 2, 3]
    assert found.hits[0].distance == pytest.approx(0, abs=1e-3)
    assert found.hits[1].similarity == pytest.approx(3 / np.sqrt(10), abs=1e-3)
    assert found.count == 3


def test_a_product_with_three_photos_is_found_once_at_its_nearest(version: ModelVersion) -> None:
    photos = [direction(b=1), direction(a=1), direction(a=1, b=1)]
    place(make_product("many"), photos, version=version)
    place(make_product("one"), direction(a=1, b=1), version=version)
    found = look_alikes(at_a(version), filters=ProductFilters(), limit=10)
    assert skus(found) == ["many", "one"]
    assert found.hits[0].distance == pytest.approx(0, abs=1e-3)
    assert found.count == 2


def test_hidden_and_sold_out_products_are_not_found_unless_asked(version: ModelVersion) -> None:
    place(make_product("hidden", is_published=False), direction(a=1), version=version)
    place(make_product("sold-out", stock=0), direction(a=1), version=version)
    place(make_product("untracked", stock=None), direction(b=1), version=version)
    shown = look_alikes(at_a(version), filters=ProductFilters(), limit=10)
    assert skus(shown) == ["untracked"]
    asked = ProductFilters(in_stock=False)
    assert skus(look_alikes(at_a(version), filters=asked, limit=10)) == [
        "sold-out",
        "untracked",
    ]


def test_embeddings_of_another_model_version_are_never_compared(version: ModelVersion) -> None:
    other = make_version(status="retired")
    place(make_product("old"), direction(a=1), version=other)
    place(make_product("new"), direction(b=1), version=version)
    found = look_alikes(at_a(version), filters=ProductFilters(), limit=10)
    assert skus(found) == ["new"]


def test_the_predicted_group_comes_first_then_what_lies_beyond(
    version: ModelVersion, clustering: Clustering
) -> None:
    near, far = clustering.clusters.all()
    place(make_product("in-2"), direction(a=1, b=2), version=version, cluster=near)
    place(make_product("in-1"), direction(a=2, b=1), version=version, cluster=near)
    place(make_product("beyond-1"), direction(a=1), version=version, cluster=far)
    place(make_product("beyond-2"), direction(b=1), version=version)
    search = make_search(
        version, direction(a=1), cluster=near, cluster_probabilities={"0": 0.95, "1": 0.05}
    )
    query = query_of_search(search)
    found = look_alikes(query, filters=ProductFilters(), limit=10)
    assert skus(found) == ["in-1", "in-2", "beyond-1", "beyond-2"]
    assert [hit.is_in_group for hit in found.hits] == [True, True, False, False]
    for limit in (1, 2, 3):
        parts = [
            sku
            for offset in range(0, 4, limit)
            for sku in skus(
                look_alikes(query, filters=ProductFilters(), limit=limit, offset=offset)
            )
        ]
        assert parts == ["in-1", "in-2", "beyond-1", "beyond-2"]


def test_a_cluster_filter_overrides_the_prediction(
    version: ModelVersion, clustering: Clustering
) -> None:
    near, far = clustering.clusters.all()
    place(make_product("in"), direction(a=1), version=version, cluster=near)
    place(make_product("beyond"), direction(a=1), version=version, cluster=far)
    search = make_search(version, direction(a=1), cluster_probabilities={"0": 1.0})
    query = query_of_search(search, is_grouped=False)
    found = look_alikes(query, filters=ProductFilters(cluster=1), limit=10)
    assert skus(found) == ["beyond"]


def test_the_group_is_as_many_clusters_as_it_takes_to_be_sure() -> None:
    assert predicted_group({"0": 0.95, "1": 0.05}) == (0,)
    assert predicted_group({"0": 0.3, "2": 0.65, "1": 0.05}) == (2, 0)
    assert predicted_group({}) == ()


def test_a_product_is_not_its_own_look_alike(version: ModelVersion) -> None:
    shirt = place(make_product("shirt"), direction(a=1), version=version)
    place(make_product("twin"), direction(a=1), version=version)
    query = query_of_product(shirt, model_version=version)
    assert skus(look_alikes(query, filters=ProductFilters(), limit=10)) == ["twin"]


def test_a_product_without_an_embedding_has_no_look_alikes_yet(version: ModelVersion) -> None:
    shirt = make_product("shirt")
    with pytest.raises(ProductNotEmbeddedError):
        query_of_product(shirt, model_version=version)


def many_products(version: ModelVersion, number: int) -> np.ndarray:
    """Create products at random unit vectors; every 50th is a coat. Returns the vectors."""
    random = np.random.default_rng(7)
    vectors = random.normal(size=(number, 256)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    products = Product.objects.bulk_create(
        Product(sku=f"p{i}", name="p", category="Coats" if i % 50 == 0 else "Shirts")
        for i in range(number)
    )
    from products.models import ProductImage

    images = ProductImage.objects.bulk_create(
        ProductImage(product=p, file="none.jpg", sha256=f"{i:064x}", width=1, height=1)
        for i, p in enumerate(products)
    )
    ProductEmbedding.objects.bulk_create(
        ProductEmbedding(
            image=image, product=product, model_version=version, embedding=HalfVector(vector)
        )
        for image, product, vector in zip(images, products, vectors, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE products_productembedding, products_product")
    return vectors


def test_the_index_never_returns_fewer_than_match_under_a_filter(
    version: ModelVersion, settings: Settings
) -> None:
    vectors = many_products(version, 1500)
    settings.KFASHION = {"EXACT_SCAN_MAX_PRODUCTS": 0}
    coats = ProductFilters(category="Coats")
    query = HalfVector(vectors[1])
    through_index = look_alikes(QueryVector(query, version), filters=coats, limit=25)
    settings.KFASHION = {"EXACT_SCAN_MAX_PRODUCTS": 10_000}
    exact = look_alikes(QueryVector(query, version), filters=coats, limit=25)
    assert len(through_index.hits) == 25
    assert exact.count == 30
    overlap = {h.product_id for h in through_index.hits} & {h.product_id for h in exact.hits}
    assert len(overlap) >= 24
