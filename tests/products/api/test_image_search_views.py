from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from products.models import ImageSearch
from styles.models import ModelVersion
from tests.shop import direction, jpeg, make_clustering, make_product, make_search, place

pytestmark = pytest.mark.django_db

API = "/api/v1"
PROBLEM = "application/problem+json"


def photo(content: bytes | None = None, name: str = "outfit.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content, "image/jpeg")


def test_an_upload_is_accepted_with_its_address_and_stored_clean(client: Client) -> None:
    response = client.post(f"{API}/image-searches/", {"image": photo()})
    assert response.status_code == 202
    body = response.json()
    assert response["Location"] == f"http://testserver{API}/image-searches/{body['id']}/"
    assert body["status"] == "pending"
    assert body["error"] is None
    search = ImageSearch.objects.get(pk=body["id"])
    assert str(search.photo.name).startswith("searches/")
    assert "outfit" not in str(search.photo.name)
    assert search.expires_at > timezone.now() + timedelta(hours=23)


def test_filters_sent_with_the_photo_are_kept_for_its_results(client: Client) -> None:
    response = client.post(
        f"{API}/image-searches/", {"image": photo(), "max_price": "50000", "style": "펑크"}
    )
    search = ImageSearch.objects.get(pk=response.json()["id"])
    assert search.filters == {"max_price": "50000", "style": "punk"}


def test_a_crop_is_kept_and_the_photo_stays_whole(client: Client) -> None:
    response = client.post(f"{API}/image-searches/", {"image": photo(), "crop": "0.1,0.2,0.5,0.6"})
    assert response.status_code == 202
    assert response.json()["crop"] == [0.1, 0.2, 0.5, 0.6]
    search = ImageSearch.objects.get(pk=response.json()["id"])
    with search.photo.open("rb") as file, Image.open(file) as stored:
        assert stored.size == (40, 50)


@pytest.mark.parametrize(
    ("crop", "code"),
    [
        ("left,top,w,h", "invalid_crop"),
        ("0,0,0,0.5", "crop_empty"),
        ("0.8,0,0.5,0.5", "crop_outside"),
        ("0,0,0.1,0.1", "crop_too_small"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_bad_crop_is_a_problem_with_its_code(
    client: Client, crop: str, code: str, language: str
) -> None:
    response = client.post(
        f"{API}/image-searches/",
        {"image": photo(), "crop": crop},
        headers={"Accept-Language": language},
    )
    assert response.status_code == 400
    assert response.json()["code"] == code
    assert "crop" in response.json()["errors"]
    assert not ImageSearch.objects.exists()


def test_waiting_without_a_worker_ends_in_202(client: Client) -> None:
    response = client.post(
        f"{API}/image-searches/", {"image": photo()}, headers={"Prefer": "respond-async, wait=1"}
    )
    assert response.status_code == 202
    assert response["Preference-Applied"] == "wait=1"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "image_empty"),
        (b"just some text", "image_unsupported_format"),
        (b"<html><script>alert(1)</script></html>", "image_unsupported_format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image_unsupported_format"),
        (jpeg()[:-200], "image_truncated"),
        (jpeg(size=(1, 3000)), "image_extreme_shape"),
    ],
)
def test_a_refused_photo_is_a_problem_with_its_code(
    client: Client, content: bytes, code: str
) -> None:
    response = client.post(f"{API}/image-searches/", {"image": photo(content)})
    assert response.status_code == 400
    assert response["Content-Type"] == PROBLEM
    assert response.json()["code"] == code
    assert ImageSearch.objects.count() == 0


def test_problems_speak_the_language_of_the_caller(client: Client) -> None:
    english = client.post(f"{API}/image-searches/", {})
    korean = client.post(f"{API}/image-searches/", {}, headers={"Accept-Language": "ko"})
    assert english.json()["code"] == korean.json()["code"] == "image_required"
    assert english.json()["detail"] != korean.json()["detail"]


def test_a_body_of_another_type_is_refused(client: Client) -> None:
    response = client.post(f"{API}/image-searches/", {"image": "x"}, "application/json")
    assert response.status_code == 415
    assert response["Content-Type"] == PROBLEM
    assert response.json()["code"] == "unsupported_media_type"


def test_a_text_field_is_not_a_photo(client: Client) -> None:
    response = client.post(f"{API}/image-searches/", {"image": "no file"})
    assert response.json()["code"] == "image_required"


def test_a_body_that_is_not_what_it_says_is_refused(client: Client) -> None:
    broken = client.post(
        f"{API}/image-searches/", b"no boundary here", "multipart/form-data; boundary=x"
    )
    assert broken.status_code == 400
    assert broken["Content-Type"] == PROBLEM
    unbounded = client.post(f"{API}/image-searches/", b"x", "multipart/form-data")
    assert unbounded.status_code == 400
    assert unbounded.json()["code"] == "parse_error"


def test_the_api_can_be_called_without_a_session_or_a_csrf_token(version: ModelVersion) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{API}/image-searches/", {"image": photo()}).status_code == 202


def test_a_failed_search_says_why(client: Client, version: ModelVersion) -> None:
    search = make_search(
        version, direction(a=1), status="failed", error_code="image_truncated", embedding=None
    )
    body = client.get(f"{API}/image-searches/{search.pk}/").json()
    assert body["status"] == "failed"
    assert body["error"]["code"] == "image_truncated"
    assert "damaged" in body["error"]["detail"]
    assert client.get(f"{API}/image-searches/{search.pk}/results/").json()["code"] == (
        "search_failed"
    )


def test_deleting_a_search_removes_photo_and_row(
    client: Client, version: ModelVersion, settings: Settings
) -> None:
    search = make_search(version, direction(a=1))
    stored = Path(search.photo.path)
    assert stored.exists()
    assert client.delete(f"{API}/image-searches/{search.pk}/").status_code == 204
    assert not stored.exists()
    assert client.get(f"{API}/image-searches/{search.pk}/").status_code == 404


def test_an_expired_search_is_gone(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1), expires_at=timezone.now())
    response = client.get(f"{API}/image-searches/{search.pk}/")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_a_finished_search_tells_group_mix_and_hits(
    client: Client, version: ModelVersion, settings: Settings
) -> None:
    clustering = make_clustering(version, {"Coats": direction(a=1), "Shirts": direction(b=1)})
    coats, shirts = clustering.clusters.all()
    place(make_product("coat", category="Coats"), direction(a=1), version=version, cluster=coats)
    place(make_product("shirt"), direction(a=1, b=1), version=version, cluster=shirts)
    search = make_search(
        version, direction(a=1), cluster=coats, cluster_probabilities={"0": 0.97, "1": 0.03}
    )
    body = client.get(f"{API}/image-searches/{search.pk}/").json()
    assert body["cluster"] == {"number": 0, "name": "Coats", "probability": 0.97}
    assert body["styles"][0] == {"code": "classic", "name": "Classic", "probability": 0.7}
    assert [group["code"] for group in body["style_groups"]] == ["traditional", "subculture"]
    assert body["model_version"] == version.number
    results = client.get(body["results"].removeprefix("http://testserver")).json()
    assert results["count"] == 2
    first, second = results["results"]
    assert first["rank"] == 1
    assert first["in_group"] is True
    assert first["distance"] == pytest.approx(0, abs=1e-3)
    assert first["similarity"] == pytest.approx(1, abs=1e-3)
    assert first["product"]["sku"] == "coat"
    assert first["product"]["cluster"] == 0
    assert first["product"]["image"].startswith("http://testserver/media/products/")
    assert second["in_group"] is False


def test_results_are_paged_without_gaps_or_repeats(client: Client, version: ModelVersion) -> None:
    for number in range(5):
        place(make_product(f"p{number}"), direction(a=5, b=number), version=version)
    search = make_search(version, direction(a=1))
    address, seen = f"{API}/image-searches/{search.pk}/results/?limit=2", []
    cursor: str | None = ""
    while cursor is not None:
        body = client.get(f"{address}&cursor={cursor}").json()
        seen += [(hit["rank"], hit["product"]["sku"]) for hit in body["results"]]
        cursor = body["next_cursor"]
    assert seen == [(1, "p0"), (2, "p1"), (3, "p2"), (4, "p3"), (5, "p4")]


def test_results_of_an_unfinished_search_are_a_conflict(client: Client) -> None:
    search_id = client.post(f"{API}/image-searches/", {"image": photo()}).json()["id"]
    response = client.get(f"{API}/image-searches/{search_id}/results/")
    assert response.status_code == 409
    assert response.json()["code"] == "search_unfinished"


def test_another_box_on_a_photo_needs_no_second_upload(
    client: Client, version: ModelVersion
) -> None:
    sent = client.post(f"{API}/image-searches/", {"image": photo(), "max_price": "50"}).json()
    again = client.post(
        f"{API}/image-searches/",
        {"photo_of": sent["id"], "crop": "0,0,0.5,1", "gender": "women", "max_price": ""},
    )
    assert again.status_code == 202
    assert again.json()["id"] != sent["id"]
    assert again["Location"].endswith(f"/image-searches/{again.json()['id']}/")
    search = ImageSearch.objects.get(pk=again.json()["id"])
    assert (search.crop, search.filters) == ([0, 0, 0.5, 1], {"gender": "women"})
    kept = client.post(f"{API}/image-searches/", {"photo_of": sent["id"]}).json()
    assert ImageSearch.objects.get(pk=kept["id"]).filters == {"max_price": "50"}


@pytest.mark.parametrize("named", ["no id", "00000000-0000-4000-8000-000000000000", "\x00"])
def test_a_photo_that_is_not_there_cannot_be_searched_again(client: Client, named: str) -> None:
    response = client.post(f"{API}/image-searches/", {"photo_of": named})
    assert response.status_code == 400
    assert response.json()["code"] == "unknown_search"


def test_the_photo_of_another_app_cannot_be_searched_again(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1), owner="key:somebody")
    response = client.post(f"{API}/image-searches/", {"photo_of": str(search.pk)})
    assert response.json()["code"] == "unknown_search"


def test_a_photo_is_sent_or_named_but_not_both(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    both = {"image": photo(), "photo_of": str(search.pk)}
    assert client.post(f"{API}/image-searches/", both).json()["code"] == "photo_given_twice"
