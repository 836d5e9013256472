"""Pages that list products ask the database seldom, and no oftener in a large shop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from products.models import Product
from styles.models import Cluster, Clustering, ModelVersion, Style
from tests.shop import direction, make_product, make_search, place

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
# A product's page shows a product with all its facts, and then a list.
MOST_ON_PRODUCT_PAGE = 14
SIZES = (8, 96)

ADDRESSES: dict[str, Callable[[], str]] = {
    "home": lambda: reverse("products:home"),
    "list": lambda: reverse("products:list"),
    "filtered list": lambda: f"{reverse('products:list')}?colour=Red&style=punk",
    "styles": lambda: reverse("products:groups"),
    "style group": lambda: reverse("products:group", args=["subculture"]),
    "cluster": lambda: reverse("products:cluster", args=[Cluster.objects.earliest("pk").number]),
    "product": lambda: Product.objects.earliest("pk").get_absolute_url(),
    "result": lambda: make_search(
        ModelVersion.objects.get(), direction(a=1), cluster=Cluster.objects.earliest("pk")
    ).get_absolute_url(),
    "trending": lambda: reverse("shoppers:trending"),
    "for you": lambda: reverse("shoppers:for_you"),
}


def stock(clustering: Clustering, *, up_to: int) -> None:
    """Fill the shelves up to a number of products."""
    clusters = list(clustering.clusters.all())
    punk = Style.objects.get(code="punk")
    for number in range(Product.objects.count(), up_to):
        cluster = clusters[number % len(clusters)]
        product = make_product(f"p{number}", colour="Red", category="Coats", price=number)
        vector = direction(a=1, b=1 + number, c=number % 7)
        place(product, vector, version=clustering.model_version, cluster=cluster)
        product.styles.add(punk)


def queries_of(client: Client, address: str) -> list[str]:
    client.get(address)  # Keys of styles are looked up once a process.
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "SET LOCAL"))
    ]


@pytest.mark.parametrize("page", ADDRESSES)
def test_a_page_asks_as_often_in_a_large_shop_as_in_a_small_one_and_seldom(
    client: Client, clustering: Clustering, settings: Settings, page: str
) -> None:
    settings.KFASHION = {**settings.KFASHION, "PAGE_SIZE": 48}
    asked = []
    for size in SIZES:
        stock(clustering, up_to=size)
        asked.append(queries_of(client, ADDRESSES[page]()))
    assert len(asked[0]) == len(asked[1]), "\n".join(asked[1])
    most = MOST_ON_PRODUCT_PAGE if page == "product" else MOST_QUERIES
    assert len(asked[1]) <= most, "\n".join(asked[1])
