"""Real HTTP clients search while versions are flipped to and fro; no response mixes two of them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
from django.db import transaction
from pytest_django.live_server_helper import LiveServer

from products.models import Product
from styles.activation import _flip
from styles.models import ModelVersion
from tests.shop import direction, make_clustering, make_product, make_search, make_version, place

pytestmark = pytest.mark.django_db(transaction=True)

PRODUCTS = 12
CLIENTS = 4
SECONDS = 4.0


@dataclass(frozen=True)
class Known:
    """What a version says: the vectors and the cluster numbers of products by sku."""

    version: ModelVersion
    vectors: Mapping[str, np.ndarray]
    clusters: Mapping[str, int]

    def said(self, query: np.ndarray, hits: list[dict[str, Any]]) -> bool:
        """Return whether these hits are this version's, distances and clusters."""
        return all(
            abs(1 - float(query @ self.vectors[hit["product"]["sku"]]) - hit["distance"]) < 2e-3
            and hit["product"]["cluster"] == self.clusters[hit["product"]["sku"]]
            for hit in hits
        )


def teach(status: str, *, turned: int) -> Known:
    """Make a version to which products lie in another order and other clusters than to others."""
    version = make_version(status)
    clustering = make_clustering(version, {"even": direction(a=1), "odd": direction(b=1)})
    clusters = list(clustering.clusters.order_by("number"))
    vectors, numbers = {}, {}
    for number, product in enumerate(Product.objects.order_by("sku")):
        place_number = (number * 5 + turned) % PRODUCTS
        vectors[product.sku] = direction(a=6, b=place_number)
        cluster = clusters[(number + turned) % 2]
        numbers[product.sku] = cluster.number
        place(product, vectors[product.sku], version=version, cluster=cluster)
    return Known(version, vectors, numbers)


@pytest.fixture
def versions() -> tuple[Known, Known]:
    for number in range(PRODUCTS):
        make_product(f"p{number:02}")
    return teach("active", turned=0), teach("staged", turned=7)


def read(address: str) -> Any:
    with urlopen(address, timeout=30) as answer:  # noqa: S310 - http only
        return json.load(answer)


def flip_to_and_fro(versions: tuple[Known, Known], *, until: float) -> int:
    flips = 0
    while time.monotonic() < until:
        with transaction.atomic():
            _flip(ModelVersion.objects.get(pk=versions[(flips + 1) % 2].version.pk))
        flips += 1
        time.sleep(0.003)
    return flips


def test_no_response_mixes_two_versions(
    versions: tuple[Known, Known], live_server: LiveServer
) -> None:
    search = make_search(
        versions[0].version,
        direction(a=1),
        cluster=versions[0].version.clusterings.get().clusters.get(number=0),
        cluster_probabilities={"0": 0.95, "1": 0.05},
    )
    until = time.monotonic() + SECONDS

    def look(client: int) -> list[tuple[str, list[dict[str, Any]]]]:
        seen: list[tuple[str, list[dict[str, Any]]]] = []
        while time.monotonic() < until:
            sku = f"p{(client + len(seen)) % PRODUCTS:02}"
            listed = read(f"{live_server.url}/api/v1/products/{sku}/similar/?limit=8")
            seen.append((sku, listed["results"]))
            found = read(f"{live_server.url}/api/v1/image-searches/{search.pk}/results/?limit=8")
            seen.append(("", found["results"]))
        return seen

    with ThreadPoolExecutor(CLIENTS) as clients:
        futures = [clients.submit(look, client) for client in range(CLIENTS)]
        flips = flip_to_and_fro(versions, until=until)
        answers = [answer for future in futures for answer in future.result()]
    said = {
        tuple(known.said(known.vectors[sku] if sku else direction(a=1), hits) for known in versions)
        for sku, hits in answers
    }
    assert flips > 20
    assert (True, False) in said
    assert (False, True) in said
    assert (False, False) not in said, "a response of neither version"
    searched = [hits for sku, hits in answers if not sku]
    assert all(versions[0].said(direction(a=1), hits) for hits in searched)
    assert all([hit["in_group"] for hit in hits] == [True] * 6 + [False] * 2 for hits in searched)


def test_a_list_begun_before_a_flip_goes_on_in_its_version(
    versions: tuple[Known, Known], live_server: LiveServer
) -> None:
    old, new = versions
    address = f"{live_server.url}/api/v1/products/p00/similar/?limit=4"
    first = read(address)
    with transaction.atomic():
        _flip(new.version)
    second = read(f"{address}&cursor={first['next_cursor']}")
    for page in (first, second):
        assert old.said(old.vectors["p00"], page["results"])
    assert new.said(new.vectors["p00"], read(address)["results"])
