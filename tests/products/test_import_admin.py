"""The admin pages of imports, without a browser."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from products.importing import steering
from products.models import CatalogueImport, Product
from tests.imports import TABLE, catalogue_zip, finish, send, take, workbook
from tests.shelf import Shelf, product
from tests.shop import make_product

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "admin:products_catalogueimport_add"


@pytest.fixture(autouse=True)
def storage_of_its_own(shelf: Shelf) -> None:
    """Have photos stored where no other test does."""


def page_of(client: Client, found: CatalogueImport) -> str:
    response = client.get(reverse("admin:products_catalogueimport_change", args=[found.pk]))
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, found: CatalogueImport, action: str, **fields: str) -> str:
    address = reverse("admin:products_catalogueimport_do", args=[found.pk, action])
    response = client.post(address, fields, follow=True)
    found.refresh_from_db()
    return response.content.decode()


def downloaded(client: Client, found: CatalogueImport) -> bytes:
    response = client.get(reverse("admin:products_catalogueimport_refused", args=[found.pk]))
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_file_goes_from_upload_over_its_preview_to_its_undo(admin_client: Client) -> None:
    make_product("b", name="Old coat")
    file = SimpleUploadedFile("shop.zip", catalogue_zip())
    response = admin_client.post(reverse(ADD), {"file": file, "with_photos": "on"})
    found = CatalogueImport.objects.get()
    assert response.headers["Location"].endswith(f"/{found.pk}/change/")
    assert "being looked at" in page_of(admin_client, found)
    finish(found)
    page = page_of(admin_client, found)
    assert "Old coat" in page
    assert "Confirm and import" in page
    assert not Product.objects.filter(sku="a").exists()
    assert "The import has begun." in press(admin_client, found, "confirm")
    finish(found)
    page = page_of(admin_client, found)
    assert "Undo this import" in page
    assert "live.js" not in page
    assert product("b").name == "Coat"
    press(admin_client, found, "undo")
    finish(found)
    assert "undone" in page_of(admin_client, found)
    assert product("b").name == "Old coat"
    listing = admin_client.get(reverse("admin:products_catalogueimport_changelist"))
    assert "shop.zip" in listing.content.decode()


def test_a_file_of_another_kind_is_explained_in_the_form(admin_client: Client) -> None:
    file = SimpleUploadedFile("shop.exe", b"MZ")
    page = admin_client.post(reverse(ADD), {"file": file}).content.decode()
    assert "cannot be imported" in page
    assert not CatalogueImport.objects.exists()


def test_columns_are_named_by_hand(admin_client: Client) -> None:
    found = send("Artikel,Name\na,Hemd\n")
    page = page_of(admin_client, found)
    assert "No column holds the SKU" in page
    address = reverse("admin:products_catalogueimport_map", args=[found.pk])
    admin_client.post(address, {"column-0": "sku", "column-1": "name"})
    found.refresh_from_db()
    finish(found)
    assert "Confirm and import" in page_of(admin_client, found)


def test_a_mapping_without_sense_is_explained(admin_client: Client) -> None:
    found = send("Artikel,Name\na,Hemd\n")
    address = reverse("admin:products_catalogueimport_map", args=[found.pk])
    page = admin_client.post(address, {"column-0": "sku", "column-1": "sku"}, follow=True)
    assert "Two columns stand for" in page.content.decode()


def test_an_import_rests_and_goes_on_by_its_buttons(admin_client: Client) -> None:
    found = send(TABLE, with_photos=False)
    press(admin_client, found, "confirm")
    assert "The import rests." in press(admin_client, found, "pause")
    assert "The import goes on." in press(admin_client, found, "resume")
    assert "The import is cancelled." in press(admin_client, found, "cancel")
    assert "cannot do this now" in press(admin_client, found, "pause")


def test_hiding_most_of_the_shop_needs_a_tick(admin_client: Client) -> None:
    for sku in "wxyz":
        make_product(sku)
    found = send("sku,name\na,Shirt\n", is_full_feed=True)
    assert "more than half of the shop" in page_of(admin_client, found)
    assert "Allow this expressly" in press(admin_client, found, "confirm")
    assert found.state == CatalogueImport.State.PREVIEWED
    press(admin_client, found, "confirm", may_hide_most="on")
    assert finish(found).hidden == 4


def test_refused_rows_come_back_with_a_reason_and_are_sent_again(admin_client: Client) -> None:
    found = take('sku,name,price\na,"=HYPERLINK(""x"")",cheap\nb,Coat,5\n')
    content = downloaded(admin_client, found)
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0] == "sku,name,price,reason"
    assert lines[1].startswith('a,"\'=HYPERLINK(""x"")",cheap,')
    assert len(lines) == 2
    mended = take(content.replace(b"cheap", b"29000"), "refused.csv", mends=found)
    assert (mended.created, mended.refused) == (1, 0)
    assert product("a").name == '=HYPERLINK("x")'
    assert product("a").attributes == {}


def test_refused_rows_of_a_workbook_come_back_as_a_workbook(admin_client: Client) -> None:
    found = take(workbook(["sku", "name", "price"], [1001, "=1+1", "cheap"]), "shop.xlsx")
    content = downloaded(admin_client, found)
    sheet = load_workbook(io.BytesIO(content)).active
    header, row = sheet.iter_rows()
    assert [cell.value for cell in header] == ["sku", "name", "price", "reason"]
    assert [(cell.value, cell.data_type) for cell in row[:2]] == [("1001", "s"), ("'=1+1", "s")]
    mended = send(content, "refused.xlsx")
    assert mended.preview["codes"] == {"invalid_price": 1}


def test_what_could_not_be_undone_is_said(admin_client: Client) -> None:
    found = take("sku,name\na,Shirt\n")
    Product.objects.update(stock=7)
    press(admin_client, found, "undo")
    finish(found)
    assert "changed since" in page_of(admin_client, found)


def test_who_may_look_may_not_act(client: Client) -> None:
    user = User.objects.create_user("looker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_catalogueimport"))
    client.force_login(user)
    found = send("sku,name\na,Shirt\n")
    assert "Confirm" not in page_of(client, found)
    assert client.get(reverse(ADD)).status_code == 403
    address = reverse("admin:products_catalogueimport_do", args=[found.pk, "confirm"])
    assert client.post(address).status_code == 403


def test_shoppers_see_nothing_of_it(client: Client) -> None:
    found = send("sku,name\na,Shirt\n")
    for name in ("change", "refused"):
        address = reverse(f"admin:products_catalogueimport_{name}", args=[found.pk])
        assert client.get(address).status_code == 302


def test_an_import_whose_job_failed_says_why_and_goes_on(admin_client: Client) -> None:
    found = send("sku,name\na,Shirt\n")
    steering.confirm(found)
    assert found.job is not None
    found.job.status, found.job.error_message = "failed", "It broke."
    found.job.finished_at = found.created_at
    found.job.save()
    page = page_of(admin_client, found)
    assert "It broke." in page
    assert "Go on" in page
    press(admin_client, found, "resume")
    assert finish(found).created == 1
