"""Imports whose rows name photos by web address, from preview to the second run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from products.importers import import_catalogue
from products.models import CatalogueImport, Product, ProductImage
from tests.imports import send, take
from tests.photo_host import PhotoHost, Served, running_photo_host
from tests.shop import jpeg

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host(settings: Settings) -> Iterator[PhotoHost]:
    """Run a host of two photos on this machine, and let photos come from it."""
    settings.KFASHION = {
        **settings.KFASHION,
        "PHOTO_URL_ALLOW_HTTP": True,
        "PHOTO_URL_ALLOW_PRIVATE": True,
        "PHOTO_URL_PAUSE_SECONDS": 0,
    }
    with running_photo_host() as running:
        running.serve("/1.jpg", Served(jpeg((10, 200, 30))))
        running.serve("/2.jpg", Served(jpeg((10, 20, 230))))
        yield running


def table(host: PhotoHost, *paths: str) -> str:
    lines = [f"a{number},Shirt,{host.url(path)}" for number, path in enumerate(paths)]
    return "\n".join(["sku,name,image_link", *lines])


def refusals(found: CatalogueImport) -> dict[str, str]:
    return dict(found.refused_rows.values_list("sku", "code"))


def test_a_preview_asks_nobody(host: PhotoHost) -> None:
    found = send(table(host, "/1.jpg", "/none.jpg"))
    assert (found.preview["created"], found.preview["refused"], host.asked) == (2, 0, [])


def test_photos_are_fetched_once_and_stored_as_all_others_are(host: PhotoHost) -> None:
    content = table(host, "/1.jpg", "/2.jpg")
    found = take(f"{content}|{host.url('/1.jpg')}\n")
    assert (found.created, found.photos_added, found.refused) == (2, 3, 0)
    assert sorted(host.asked) == ["/1.jpg", "/2.jpg"]
    assert Product.objects.get(sku="a1").images.count() == 2


def test_the_second_import_changes_nothing(host: PhotoHost) -> None:
    content = table(host, "/1.jpg", "/2.jpg")
    take(content)
    photos = set(ProductImage.objects.values_list("pk", "file"))
    again = take(content)
    assert (again.created, again.updated, again.unchanged, again.photos_added) == (0, 0, 2, 0)
    assert set(ProductImage.objects.values_list("pk", "file")) == photos


def test_a_photo_that_changed_at_its_address_is_exchanged(host: PhotoHost) -> None:
    host.serve("/3.jpg", Served(jpeg((1, 2, 3))), Served(jpeg((200, 100, 0))))
    take(table(host, "/3.jpg"))
    (before,) = ProductImage.objects.all()
    assert take(table(host, "/3.jpg")).updated == 1
    (after,) = ProductImage.objects.all()
    assert after.sha256 != before.sha256


def test_what_is_no_photo_costs_its_row_alone(host: PhotoHost) -> None:
    html = b"<!doctype html><title>Please sign in</title>"
    host.serve("/page.jpg", Served(html, headers={"Content-Type": "image/jpeg"}))
    found = take(table(host, "/1.jpg", "/page.jpg", "/none.jpg"))
    assert found.created == 1
    assert refusals(found) == {"a1": "image_unsupported_format", "a2": "photo_not_found"}
    assert [product.sku for product in Product.objects.all()] == ["a0"]


def test_an_address_that_is_never_asked_is_refused_in_the_preview(settings: Settings) -> None:
    found = send("sku,name,image_link\na,Shirt,http://example.com/a.jpg\n")
    assert found.preview["codes"] == {"photo_url_not_https": 1}


def test_no_file_makes_the_shop_ask_its_own_network() -> None:
    found = take("sku,name,image_link\na,Shirt,https://169.254.169.254/latest/meta-data\n")
    assert refusals(found) == {"a": "photo_url_private"}


def test_the_command_fetches_photos_too(host: PhotoHost, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.csv"
    file.write_text(table(host, "/1.jpg", "/none.jpg"))
    result = import_catalogue(file)
    assert (result.created, [error.code for error in result.errors]) == (1, ["photo_not_found"])
