from __future__ import annotations

import pytest
from django.test import Client

from styles.models import ModelVersion, Style
from tests.shop import direction, make_clustering, make_product, place

pytestmark = pytest.mark.django_db

API = "/api/v1"


def test_the_taxonomy_is_listed_whole(client: Client) -> None:
    body = client.get(f"{API}/styles/", headers={"Accept-Language": "ko"}).json()
    assert body["count"] == 24
    assert body["results"][5]["code"] == "romantic"
    assert body["results"][5]["name"] == "로맨틱"
    assert body["results"][5]["group"] == {"code": "feminine", "name": "페미닌"}


def test_clusters_in_force_are_listed(client: Client, version: ModelVersion) -> None:
    assert client.get(f"{API}/clusters/").json() == {"count": 0, "results": []}
    make_clustering(version, {"old": direction(a=1)}, status="retired")
    make_clustering(version, {"Coats": direction(a=1)})
    body = client.get(f"{API}/clusters/").json()
    assert [cluster["name"] for cluster in body["results"]] == ["Coats"]


def test_a_style_group_tells_its_story_with_typical_products(
    client: Client, version: ModelVersion
) -> None:
    coat = make_product("coat")
    coat.styles.add(Style.objects.get(code="classic"))
    body = client.get(f"{API}/styles/traditional/", headers={"Accept-Language": "ko"}).json()
    assert (body["kind"], body["name"]) == ("style_group", "트래디셔널")
    assert [style["code"] for style in body["styles"]] == ["classic", "preppy"]
    assert "트렌치코트" in body["story"]
    assert body["count"] == 1
    assert [product["sku"] for product in body["typical"]] == ["coat"]


def test_a_single_style_tells_the_story_of_its_group(client: Client) -> None:
    body = client.get(f"{API}/styles/punk/").json()
    assert (body["kind"], body["group"]["code"]) == ("style", "subculture")
    assert body["story"]
    assert body["count"] == 0
    assert client.get(f"{API}/styles/polka/").status_code == 404


def test_a_cluster_tells_what_is_in_it(client: Client, version: ModelVersion) -> None:
    clustering = make_clustering(version, {"Soft": direction(a=1), "Loud": direction(b=1)})
    soft, loud = clustering.clusters.all()
    place(make_product("near"), direction(a=1), version=version, cluster=soft)
    place(make_product("far"), direction(a=1, b=0.5), version=version, cluster=soft)
    place(make_product("other"), direction(b=1), version=version, cluster=loud)
    body = client.get(f"{API}/clusters/0/").json()
    assert [product["sku"] for product in body["typical"]] == ["near", "far"]
    assert body["count"] == 2
    assert body["nearest"] == [{"number": 1, "name": "Loud"}]
    for gone in ("7", "-1", "99999999999999999999"):
        assert client.get(f"{API}/clusters/{gone}/").status_code == 404
