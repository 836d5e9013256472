from __future__ import annotations

import pytest
from django.test import Client

from styles.models import ModelVersion
from tests.shop import direction, make_clustering

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
