"""Photos taken back by their owner, and the receipt for it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse

from products.deletion import erase_with_receipt
from products.models import DeletionReceipt, ImageSearch
from products.submission import search_again
from styles.models import ModelVersion
from tests.pages import text_of
from tests.shop import direction, make_search

pytestmark = pytest.mark.django_db


def is_stored(search: ImageSearch, name: str) -> bool:
    return bool(search.photo.storage.exists(name))


def test_a_receipt_says_what_is_gone_and_nothing_of_the_photo(version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    pk, name = str(search.pk), str(search.photo.name)
    receipt = erase_with_receipt(search)
    assert (receipt.photos, receipt.vectors) == (1, 1)
    assert receipt.search_sha256 == hashlib.sha256(pk.encode()).hexdigest()
    assert not is_stored(search, name)
    assert not ImageSearch.objects.exists()


def test_a_photo_goes_with_the_searches_of_its_other_parts(version: ModelVersion) -> None:
    first = make_search(version, direction(a=1))
    other = make_search(version, direction(a=1))
    again = search_again(first, crop=None)
    names = [str(first.photo.name), str(again.photo.name)]
    receipt = erase_with_receipt(again)
    assert (receipt.photos, receipt.vectors) == (2, 1)
    assert not any(is_stored(first, name) for name in names)
    assert list(ImageSearch.objects.all()) == [other]
    assert is_stored(other, str(other.photo.name))


def test_a_search_without_a_photo_or_vector_counts_none(version: ModelVersion) -> None:
    search = make_search(version, direction(a=1), status="failed", embedding=None)
    search.forget_photo()
    search.refresh_from_db()
    receipt = erase_with_receipt(search)
    assert (receipt.photos, receipt.vectors) == (0, 0)


def test_deleting_twice_answers_with_the_one_receipt(version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    same = ImageSearch.objects.get()
    assert erase_with_receipt(search) == erase_with_receipt(same)
    assert DeletionReceipt.objects.get().photos == 1


def test_the_page_leads_to_the_receipt_also_when_pressed_twice(
    client: Client, version: ModelVersion
) -> None:
    search = make_search(version, direction(a=1))
    address = reverse("products:search_delete", args=[search.pk])
    first, second = client.post(address), client.post(address)
    receipt = DeletionReceipt.objects.get()
    assert first["Location"] == second["Location"] == receipt.get_absolute_url()
    page = text_of(client.get(receipt.get_absolute_url()))
    assert "Your photo is deleted" in page
    assert receipt.number in page
    assert receipt.search_sha256 in page
    assert "1 stored photo, 1 vector with what was found" in page
    assert client.post(reverse("products:search_delete", args=[receipt.pk])).status_code == 404


def test_the_api_names_the_receipt_and_shows_it(client: Client, version: ModelVersion) -> None:
    search = make_search(version, direction(a=1))
    response = client.delete(f"/api/v1/image-searches/{search.pk}/")
    assert response.status_code == 204
    receipt = DeletionReceipt.objects.get()
    assert response["Receipt"] == f"http://testserver/api/v1/deletion-receipts/{receipt.pk}/"
    body = client.get(response["Receipt"]).json()
    assert body == {
        "id": str(receipt.pk),
        "number": receipt.number,
        "deleted_at": receipt.deleted_at.isoformat().replace("+00:00", "Z"),
        "photos": 1,
        "vectors": 1,
        "search_sha256": hashlib.sha256(str(search.pk).encode()).hexdigest(),
    }


def test_a_receipt_nobody_gave_is_not_found(client: Client) -> None:
    pk = "01234567-89ab-4def-8123-456789abcdef"
    assert client.get(reverse("products:deletion_receipt", args=[pk])).status_code == 404
    response = client.get(f"/api/v1/deletion-receipts/{pk}/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_storage_that_fails_keeps_all_for_another_try(
    client: Client, version: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = make_search(version, direction(a=1))
    address = reverse("products:search_delete", args=[search.pk])
    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "delete", refuse)
        response = client.post(address)
    assert response.status_code == 503
    assert "could not be deleted just now" in text_of(response)
    assert ImageSearch.objects.exists()
    assert not DeletionReceipt.objects.exists()
    assert client.post(address).status_code == 302
    assert not is_stored(search, str(search.photo.name))


def refuse(*arguments: Any) -> None:
    raise PermissionError("the disk is read-only")
