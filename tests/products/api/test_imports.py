"""Imports over the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from products.models import CatalogueImport, Product
from tests.imports import catalogue_zip, finish, send, take
from tests.shelf import Shelf
from tests.shop import make_product

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/api/v1/imports/"
JSON = "application/json"


@pytest.fixture(autouse=True)
def storage_of_its_own(shelf: Shelf) -> None:
    """Have photos stored where no other test does."""


def test_staff_send_confirm_watch_and_undo(admin_client: Client) -> None:
    answer = admin_client.post(ADDRESS, {"file": SimpleUploadedFile("a.zip", catalogue_zip())})
    assert answer.status_code == 202
    assert answer.json()["state"] == "previewing"
    address = answer.headers["Location"]
    found = finish(CatalogueImport.objects.get())
    assert admin_client.get(address).json()["preview"]["created"] == 2
    answer = admin_client.post(f"{address}confirm/", {}, JSON)
    assert (answer.status_code, answer.json()["state"]) == (202, "importing")
    found.refresh_from_db()
    finish(found)
    assert admin_client.get(address).json()["created"] == 2
    assert admin_client.post(f"{address}undo/", {}, JSON).status_code == 202
    found.refresh_from_db()
    finish(found)
    assert admin_client.get(address).json()["restored"] == 2
    assert [each["id"] for each in admin_client.get(ADDRESS).json()["results"]] == [found.pk]
    assert not Product.objects.exists()


def test_refused_rows_are_fetched_and_mended(admin_client: Client) -> None:
    found = take("sku,name,price\na,Shirt,cheap\n")
    refused = admin_client.get(f"{ADDRESS}{found.pk}/refused/")
    content = b"".join(refused.streaming_content)  # type: ignore[attr-defined]
    assert b"reason" in content
    file = SimpleUploadedFile("b.csv", content.replace(b"cheap", b"5"))
    answer = admin_client.post(ADDRESS, {"file": file, "mends": found.pk})
    assert answer.json()["mends"] == found.pk


def test_columns_are_mapped(admin_client: Client) -> None:
    found = send("Artikel,Name\na,Hemd\n")
    address = f"{ADDRESS}{found.pk}/map/"
    mapping = {"mapping": {"Artikel": "sku"}}
    assert admin_client.post(address, mapping, JSON).json()["state"] == "previewing"


@pytest.mark.parametrize("action", ["confirm", "pause", "resume", "undo"])
def test_what_cannot_be_done_now_is_a_conflict(admin_client: Client, action: str) -> None:
    found = send("sku,name\n")
    answer = admin_client.post(f"{ADDRESS}{found.pk}/{action}/", {}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "import_state")
    assert answer.json()["detail"]


def test_hiding_most_is_a_conflict_until_it_is_allowed(admin_client: Client) -> None:
    for sku in "wxyz":
        make_product(sku)
    found = send("sku,name\na,Shirt\n", is_full_feed=True)
    address = f"{ADDRESS}{found.pk}/confirm/"
    assert admin_client.post(address, {}, JSON).json()["code"] == "import_hides_most"
    assert admin_client.post(address, {"may_hide_most": True}, JSON).status_code == 202


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "file_required"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "unknown_format"),
        ({"file": SimpleUploadedFile("a.csv", b"sku"), "mends": "9"}, "unknown_import"),
        ({"file": SimpleUploadedFile("a.csv", b"sku"), "with_photos": "maybe"}, "invalid"),
    ],
)
def test_a_bad_request_has_a_code(
    admin_client: Client, fields: dict[str, object], code: str
) -> None:
    answer = admin_client.post(ADDRESS, fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not CatalogueImport.objects.exists()


def test_a_mapping_that_is_none_is_refused(admin_client: Client) -> None:
    found = send("Artikel,Name\na,Hemd\n")
    bodies: list[object] = [{}, [], {"mapping": {"Artikel": 3}}]
    for sent in bodies:
        answer = admin_client.post(f"{ADDRESS}{found.pk}/map/", sent, JSON)
        assert (answer.status_code, answer.json()["code"]) == (400, "mapping_required")


def test_nobody_else_gets_in(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {}).status_code == 403


def test_an_unknown_action_or_import_is_not_found(admin_client: Client) -> None:
    found = send("sku,name\na,Shirt\n")
    assert admin_client.post(f"{ADDRESS}{found.pk}/burn/", {}, JSON).status_code == 404
    assert admin_client.get(f"{ADDRESS}999999/").status_code == 404
