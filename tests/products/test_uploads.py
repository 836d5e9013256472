"""Photos that come in through the page, whole or with a box around what is meant."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from products import submission
from products.models import ImageSearch
from styles.models import ModelVersion
from tests.pages import text_of, upload
from tests.photos import draw_photo, encode
from tests.shop import direction, make_search

pytestmark = pytest.mark.django_db


def send(client: Client, crop: str, content: bytes | None = None) -> Any:
    photo = encode(draw_photo()) if content is None else content
    fields = {"image": SimpleUploadedFile("photo.jpg", photo), "crop": crop}
    return client.post(reverse("products:search"), fields, headers={"accept-language": "en"})


def again(client: Client, search: ImageSearch, crop: str) -> Any:
    return client.post(reverse("products:search_again", args=[search.pk]), {"crop": crop})


def test_a_box_is_kept_with_the_whole_photo(client: Client) -> None:
    assert send(client, "0.1,0.2,0.5,0.6").status_code == 302
    found = ImageSearch.objects.get()
    assert found.crop == [0.1, 0.2, 0.5, 0.6]
    with found.photo.open("rb") as file:
        assert len(file.read()) > 1000


def test_without_a_box_the_whole_photo_is_meant(client: Client) -> None:
    send(client, "")
    assert ImageSearch.objects.get().crop == []


@pytest.mark.parametrize(
    ("crop", "sentence"),
    [
        ("0.8,0,0.5,0.5", "The crop lies outside the photo"),
        ("0,0,0,1", "The crop has no area"),
        ("a,b", "A crop is four numbers"),
        ("0,0,0.01,0.01", "The crop is too small"),
        ("0,0,\x00", "Null characters are not allowed."),
    ],
)
def test_a_box_that_is_refused_says_why(client: Client, crop: str, sentence: str) -> None:
    response = send(client, crop)
    assert response.status_code == 400
    assert sentence in text_of(response)
    assert not ImageSearch.objects.exists()


def test_an_empty_file_with_a_box_is_refused_for_being_empty(client: Client) -> None:
    response = send(client, "0,0,1,1", b"")
    assert (response.status_code, response.context["form"].errors.keys()) == (400, {"image"})


def test_the_browser_is_told_the_limits_in_the_words_of_the_shop(
    client: Client, settings: Settings
) -> None:
    settings.KFASHION = {"MAX_UPLOAD_BYTES": 5 * 1024 * 1024, "MAX_STORED_SIDE": 900}
    page = client.get(reverse("products:search")).content.decode()
    assert 'data-max-bytes="5242880"' in page
    assert 'data-max-side="900"' in page
    assert 'data-too-large="The photo is larger than 5 MB.' in page


def test_a_photo_above_the_limit_is_refused_with_the_form(
    client: Client, settings: Settings
) -> None:
    settings.KFASHION = {"MAX_UPLOAD_BYTES": 1000}
    response = send(client, "")
    assert response.status_code == 400
    assert "larger than" in text_of(response)


def test_too_many_photos_are_told_when_to_come_back(client: Client, settings: Settings) -> None:
    settings.KFASHION = {"THROTTLE_RATES": {"anonymous": {"searches": "1/hour"}}}
    photo = encode(draw_photo())

    def sent() -> Any:
        fields = {"image": SimpleUploadedFile("photo.jpg", photo)}
        return client.post(reverse("products:search"), fields, REMOTE_ADDR="198.51.100.7")

    assert sent().status_code == 302
    response = sent()
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "Many photos have come from your network." in text_of(response)
    assert ImageSearch.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_upload_waits_a_moment_for_its_result(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KFASHION = {"UPLOAD_WAIT_SECONDS": 5}
    waited: list[float] = []

    def finish(search: ImageSearch, *, timeout_seconds: float) -> None:
        waited.append(timeout_seconds)

    monkeypatch.setattr(submission, "wait_until_finished", finish)
    assert upload(client, encode(draw_photo())).status_code == 302
    assert waited == [5]


def test_another_part_is_searched_without_sending_the_photo_again(
    client: Client, version: ModelVersion
) -> None:
    send(client, "")
    first = ImageSearch.objects.get()
    response = again(client, first, "0,0,0.5,1")
    second = ImageSearch.objects.exclude(pk=first.pk).get()
    assert response["Location"] == second.get_absolute_url()
    assert second.crop == [0, 0, 0.5, 1]
    assert second.owner == first.owner
    assert second.photo.name != first.photo.name
    third = ImageSearch.objects.get(pk=again(client, second, "")["Location"].split("/")[2])
    assert (third.crop, third.first_search) == ([], first)


def test_only_the_owner_searches_a_photo_again(client: Client) -> None:
    send(client, "")
    assert again(Client(), ImageSearch.objects.get(), "").status_code == 404
    assert ImageSearch.objects.count() == 1


def test_a_refused_part_shows_the_photo_and_why(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    response = again(client, search, "0.9,0.9,0.2,0.2")
    assert response.status_code == 400
    assert "The crop lies outside the photo" in text_of(response)
    assert search.photo.url in response.content.decode()


def test_a_part_of_a_photo_that_is_gone_is_not_found(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    search.photo.storage.delete(str(search.photo.name))
    assert again(client, search, "").status_code == 404
    assert ImageSearch.objects.count() == 1


def test_the_result_page_offers_the_heat_map_and_another_part(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1), heat_map=[[0, 100], [50, 0]])
    page = client.get(search.get_absolute_url()).content.decode()
    address = f"{search.get_absolute_url()}heat-map/"
    assert f'src="{address}"' in page
    assert f'action="{search.get_absolute_url()}again/"' in page
    response = client.get(address)
    assert response["Content-Type"] == "image/webp"
    assert "no-store" in response["Cache-Control"]


def test_all_ten_style_groups_are_shown(client: Client, version: ModelVersion) -> None:
    mix = {"natural": 0.6, "feminine": 0.3, "casual": 0.09, "sporty": 0.01}
    search = make_search(version, direction(a=1), probabilities={"style_group": mix})
    page = text_of(client.get(search.get_absolute_url()))
    assert "Natural 60%" in page
    assert "Other style groups together: 1%" in page
    assert "Sporty 1%" in page
