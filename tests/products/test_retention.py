"""What is kept of a shopper's photo, and that it goes when its time is over."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from products import embedding
from products.embedding import run_image_search
from products.models import ImageSearch
from products.submission import search_again
from products.tasks import purge_expired_image_searches
from products.tasks import run_image_search as run_image_search_task
from styles.models import ModelVersion
from tests.pages import text_of, upload
from tests.photos import draw_photo, encode
from tests.products.test_deletion import refuse
from tests.products.test_embedding import pending_search
from tests.shop import direction, make_search

pytestmark = pytest.mark.django_db

GPS, MAKE = 0x8825, 0x010F


def expire(*searches: ImageSearch) -> None:
    ImageSearch.objects.filter(pk__in=[search.pk for search in searches]).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )


def test_place_camera_and_comments_are_not_stored(client: Client) -> None:
    exif = Image.Exif()
    exif[MAKE] = "Camera of a shopper"
    exif.get_ifd(GPS)[2] = (37.0, 33.0, 59.0)
    sent = encode(draw_photo(), exif=exif, comment=b"at home", dpi=(72, 72))
    assert b"Camera of a shopper" in sent
    upload(client, sent)
    with ImageSearch.objects.get().photo.open("rb") as file:
        stored = file.read()
    with Image.open(io.BytesIO(stored)) as photo:
        assert not photo.getexif()
        assert "comment" not in photo.info
        assert photo.size == (400, 533)
    assert b"Camera" not in stored
    assert b"at home" not in stored


def test_the_purge_removes_file_row_and_all_that_came_of_the_photo(version: ModelVersion) -> None:
    first = make_search(version, direction(a=1), heat_map=[[0, 100]])
    again = search_again(first, crop=None)
    kept = make_search(version, direction(a=1))
    folder = Path(first.photo.path).parent
    before = {file.name for file in folder.iterdir()}
    expire(first, again)
    assert purge_expired_image_searches() == 2
    assert list(ImageSearch.objects.all()) == [kept]
    gone = before - {file.name for file in folder.iterdir()}
    assert gone == {Path(first.photo.path).name, Path(again.photo.path).name}


def test_another_part_does_not_keep_the_photo_any_longer(version: ModelVersion) -> None:
    first = make_search(version, direction(a=1), expires_at=timezone.now() + timedelta(minutes=1))
    assert search_again(first, crop=None).expires_at == first.expires_at


def test_purging_twice_finds_nothing_the_second_time(version: ModelVersion) -> None:
    expire(make_search(version, direction(a=1)))
    assert [purge_expired_image_searches(), purge_expired_image_searches()] == [1, 0]


def test_a_photo_that_is_gone_already_does_not_stop_the_purge(version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    search.photo.storage.delete(str(search.photo.name))
    expire(search)
    assert purge_expired_image_searches() == 1
    assert not ImageSearch.objects.exists()


def test_a_storage_that_fails_for_one_photo_holds_up_no_other(
    version: ModelVersion, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, free = (make_search(version, direction(a=1)) for _ in range(2))
    expire(stuck, free)
    delete = FileSystemStorage.delete

    def delete_others(storage: FileSystemStorage, name: str) -> None:
        if name == stuck.photo.name:
            refuse()
        delete(storage, name)

    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "delete", delete_others)
        assert purge_expired_image_searches() == 1
    assert "could not be deleted" in caplog.text
    assert list(ImageSearch.objects.all()) == [stuck]
    assert purge_expired_image_searches() == 1
    assert not stuck.photo.storage.exists(str(stuck.photo.name))


def test_a_photo_purged_while_the_worker_looks_at_it_leaves_nothing_behind(
    learnt: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = pending_search()
    classify = embedding.classify

    def classify_too_late(photo: bytes) -> ImageSearch:
        expire(search)
        purge_expired_image_searches()
        return classify(photo)

    monkeypatch.setattr(embedding, "classify", classify_too_late)
    run_image_search_task(str(search.pk))
    assert not ImageSearch.objects.exists()
    assert not search.photo.storage.exists(str(search.photo.name))


class TestWhereNoPhotosAreKept:
    @pytest.fixture(autouse=True)
    def keep_none(self, settings: Settings) -> None:
        settings.KFASHION = {"IMAGE_SEARCH_LIFETIME_HOURS": 0}

    @pytest.fixture
    def answered(self, learnt: ModelVersion) -> ImageSearch:
        search = pending_search()
        self.name = str(search.photo.name)
        run_image_search(search)
        return ImageSearch.objects.get()

    def test_the_vector_alone_outlives_the_worker(self, answered: ImageSearch) -> None:
        assert answered.status == "done"
        assert answered.embedding is not None
        assert not answered.photo
        assert not answered.photo.storage.exists(self.name)
        assert answered.expires_at > timezone.now() + timedelta(hours=23)

    def test_the_page_shows_the_result_and_says_why_there_is_no_photo(
        self, client: Client, answered: ImageSearch
    ) -> None:
        page = text_of(client.get(answered.get_absolute_url()))
        assert "This shop deletes photos as soon as it has looked at them." in page
        assert "This cannot be shown: the photo was deleted" in page
        assert "Search for another part" not in page
        assert client.post(f"{answered.get_absolute_url()}again/").status_code == 404
        assert client.get(f"{answered.get_absolute_url()}heat-map/").status_code == 404

    def test_the_api_says_so_with_a_code(self, client: Client, answered: ImageSearch) -> None:
        response = client.get(f"/api/v1/image-searches/{answered.pk}/heat-map/")
        assert (response.status_code, response.json()["code"]) == (410, "photo_not_kept")
        assert client.get(f"/api/v1/image-searches/{answered.pk}/").json()["photo"] is None

    def test_a_photo_that_cannot_be_looked_at_goes_as_well(self, learnt: ModelVersion) -> None:
        search = pending_search(encode(draw_photo())[:-300])
        name = str(search.photo.name)
        run_image_search(search)
        assert not search.photo.storage.exists(name)
        assert ImageSearch.objects.get().status == "failed"

    def test_a_photo_that_a_killed_worker_left_is_swept_away(self, version: ModelVersion) -> None:
        left = make_search(version, direction(a=1))
        waiting = pending_search()
        assert purge_expired_image_searches() == 0
        left.refresh_from_db()
        assert not left.photo
        assert left.embedding is not None
        assert waiting.photo.storage.exists(str(waiting.photo.name))

    def test_the_form_does_not_promise_hours(self, client: Client) -> None:
        page = text_of(client.get("/search/"))
        assert "We delete it as soon as we have looked at it." in page
        assert "its vector and what was found" in text_of(client.get("/privacy/")).lower()


def test_a_shopper_can_read_what_is_kept(client: Client, settings: Any) -> None:
    settings.KFASHION = {"IMAGE_SEARCH_LIFETIME_HOURS": 6}
    page = text_of(client.get("/privacy/"))
    assert "deleted 6 hours after you sent it" in page
    for cookie in ("csrftoken", "sessionid", "django_language"):
        assert cookie in page
