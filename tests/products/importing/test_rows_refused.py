"""Rows that fail, each with its code, while the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from products import importers
from products.importers import import_catalogue
from products.models import Product
from tests.photos import draw_photo, encode
from tests.shelf import Shelf, product, stored_names
from tests.shop import jpeg

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("header", "cells", "code"),
    [
        ("name", "", "name_missing"),
        ("name,price", "Shirt,cheap", "invalid_price"),
        ("name,price", "Shirt,-5", "invalid_price"),
        ("name,price", "Shirt,NaN", "invalid_price"),
        ("name,price", "Shirt,1e5", "invalid_price"),
        ("name,price", "Shirt,29.000", "invalid_price"),
        ("name,price", "Shirt,10000000000", "invalid_price"),
        ("name,price", 'Shirt,"1,29"00', "malformed_row"),
        ("name,price", "Shirt,29,000", "cell_without_column"),
        ("name,price,currency", "Shirt,5 EUR,KRW", "currency_conflict"),
        ("name,price,currency", "Shirt,5,Won!", "invalid_currency"),
        ("name,stock", "Shirt,-1", "invalid_stock"),
        ("name,stock", "Shirt,2.5", "invalid_stock"),
        ("name,stock", "Shirt,99999999999", "invalid_stock"),
        ("name,gender", "Shirt,robots", "unknown_gender"),
        ("name,style", "Shirt,boho", "unknown_style"),
        ("name,url", "Shirt,javascript:alert(1)", "invalid_url"),
        ("name", "x" * 201, "too_long"),
        ("name", "a\0b", "invalid_text"),
        ("name,image", "Shirt,", "image_missing"),
        ("name,image", "Shirt,nowhere.jpg", "image_missing"),
        ("name,image", f"Shirt,{'x' * 300}.jpg", "image_missing"),
        ("name,image", "Shirt,../secret.jpg", "image_outside_folder"),
        ("name,image", "Shirt,/etc/passwd", "image_outside_folder"),
        ("name,image", r"Shirt,C:\photos\0.jpg", "image_outside_folder"),
        ("name,image", r"Shirt,..\secret.jpg", "image_outside_folder"),
    ],
)
def test_a_bad_cell_fails_its_row_with_a_code(
    shelf: Shelf, header: str, cells: str, code: str
) -> None:
    result = shelf.take(f"sku,{header}\nbad,{cells}\n")
    assert [(error.row, error.code) for error in result.errors] == [(2, code)]
    assert not Product.objects.exists()
    assert not stored_names()


@pytest.mark.parametrize(
    ("sku", "code"), [("", "sku_missing"), ("a b", "invalid_sku"), ("x" * 65, "too_long")]
)
def test_a_bad_sku_fails_its_row_with_a_code(shelf: Shelf, sku: str, code: str) -> None:
    assert shelf.refused(f"sku,name\n{sku},Shirt\nb,Coat\n") == code
    assert product("b").name == "Coat"


def test_a_duplicate_sku_fails_the_second_row_and_names_the_first(shelf: Shelf) -> None:
    result = shelf.take("sku,name\na,Shirt\nb,Coat\na,Other\n")
    (error,) = result.errors
    assert (error.row, error.code) == (4, "duplicate_sku")
    assert "2" in error.message
    assert product().name == "Shirt"


def test_a_duplicate_sku_is_found_across_chunks(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importers, "CHUNK_ROWS", 1)
    assert shelf.refused("sku,name\na,Shirt\na,Other\n") == "duplicate_sku"


def test_a_link_out_of_the_folder_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(jpeg())
    (shelf.folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    assert shelf.refused("sku,name,image\na,Shirt,link.jpg\n") == "image_outside_folder"


def test_a_photo_that_cannot_be_opened_fails_its_row(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_open = Path.open

    def refuse(self: Path, *args: Any, **options: Any) -> Any:
        if self.suffix == ".jpg":
            raise PermissionError(13, "Permission denied")
        return real_open(self, *args, **options)

    shelf.write("sku,name,image\na,Shirt,0.jpg\n")
    monkeypatch.setattr(Path, "open", refuse)
    result = import_catalogue(shelf.file)
    assert [error.code for error in result.errors] == ["image_unreadable"]


def _truncated() -> bytes:
    return encode(draw_photo())[:2000]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"", "image_empty"),
        (_truncated, "image_truncated"),
        (lambda: b"<html></html>", "image_unsupported_format"),
        (lambda: encode(draw_photo(8, 8)), "image_too_small"),
        (lambda: encode(draw_photo(16, 2000)), "image_extreme_shape"),
    ],
)
def test_a_refused_photo_fails_its_row_with_the_code_of_the_validator(
    shelf: Shelf, content: Callable[[], bytes], code: str
) -> None:
    shelf.photo("bad.jpg", content())
    result = shelf.take("sku,name,image\na,Shirt,0.jpg|bad.jpg\nb,Coat,1.jpg\n")
    (error,) = result.errors
    assert (error.row, error.sku, error.code) == (2, "a", code)
    assert "bad.jpg" in error.message
    assert len(stored_names()) == 1


def test_a_failed_row_leaves_the_product_of_its_sku_alone(shelf: Shelf) -> None:
    shelf.take("sku,name,price,image\na,Shirt,5000,0.jpg\n")
    shelf.take("sku,name,price,image\na,Blouse,6000,nowhere.jpg\n")
    assert (product().name, product().price, product().images.count()) == (
        "Shirt",
        Decimal(5000),
        1,
    )


def test_a_new_sku_in_a_file_without_names_is_refused_and_known_ones_are_updated(
    shelf: Shelf,
) -> None:
    shelf.take("sku,name\na,Shirt\n")
    assert shelf.refused("sku,price\na,5000\nb,6000\n") == "name_missing"
    assert product("a").price == Decimal(5000)
    assert not Product.objects.filter(sku="b").exists()
