from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from products.embedding import run_image_search
from products.models import ImageSearch
from styles.models import ModelVersion
from tests.products.test_embedding import pending_search
from tests.shop import direction, make_search

pytestmark = pytest.mark.django_db

HEAT = [[0, 100], [50, 0]]


def address(search: ImageSearch) -> str:
    return f"/api/v1/image-searches/{search.pk}/heat-map/"


def refused(client: Client, search: ImageSearch, *, status: int) -> str:
    response = client.get(address(search), headers={"Accept-Language": "ko"})
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["detail"]
    return str(body["code"])


def test_a_really_answered_search_shows_where_the_model_looked(
    client: Client, learnt: ModelVersion
) -> None:
    search = pending_search()
    run_image_search(search)
    response = client.get(address(search), headers={"Accept": "image/webp"})
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert "no-store" in response["Cache-Control"]
    drawn = Image.open(io.BytesIO(response.content))
    assert (drawn.format, drawn.size) == ("WEBP", (400, 533))
    told = client.get(f"/api/v1/image-searches/{search.pk}/").json()
    assert told["heat_map"] == f"http://testserver{address(search)}"


def test_a_crop_is_shown_alone(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1), heat_map=HEAT, crop=[0, 0, 0.5, 1])
    whole = make_search(version, direction(a=1), heat_map=HEAT)
    sizes = [
        Image.open(io.BytesIO(client.get(address(each)).content)).size for each in (search, whole)
    ]
    assert sizes == [(20, 50), (40, 50)]


def test_a_search_that_is_unknown_or_over_is_not_found(
    client: Client, version: ModelVersion
) -> None:
    over = make_search(
        version, direction(a=1), heat_map=HEAT, expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert refused(client, over, status=404) == "not_found"
    assert refused(client, ImageSearch(), status=404) == "not_found"


@pytest.mark.parametrize(
    ("state", "code"), [("running", "search_unfinished"), ("failed", "search_failed")]
)
def test_a_search_without_an_answer_has_no_heat_map_yet(
    client: Client, db: None, state: str, code: str
) -> None:
    search = pending_search()
    ImageSearch.objects.update(status=state)
    assert refused(client, search, status=409) == code


def test_a_search_from_before_heat_maps_were_kept_says_so(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1))
    assert refused(client, search, status=404) == "heat_map_unknown"
    assert client.get(f"/api/v1/image-searches/{search.pk}/").json()["heat_map"] is None


def test_a_photo_that_is_gone_is_gone(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1), heat_map=HEAT)
    search.photo.storage.delete(str(search.photo.name))
    assert refused(client, search, status=410) == "image_missing"
