"""Files of which nothing can be imported, each refused with its code."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from products import importers
from products.importers import CatalogueImportError, import_catalogue
from products.importing.columns import Columns
from products.importing.rows import read_row, readable_sku
from products.importing.sources.csv_table import CsvTable
from tests.shelf import CATALOGUE, Rows, Shelf, counts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "file_empty"),
        ("\n \n", "file_empty"),
        ("name,price\nShirt,5\n", "sku_column_missing"),
        ("sku,name,Name\na,Shirt,Shirt\n", "duplicate_column"),
        ("sku,name\n", "no_rows"),
        (b"PK\x03\x04\x00\x00\xff", "not_a_csv"),
        ("sku,name\na,Shirt\n".encode("utf-16"), "not_a_csv"),
        ("상품코드,상품명\na,셔츠\n".encode("cp949"), "not_a_csv"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_with_a_code(
    shelf: Shelf, content: Rows, code: str
) -> None:
    with pytest.raises(CatalogueImportError) as refusal:
        shelf.take(content)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueImportError, match="There is no file") as refusal:
        import_catalogue(tmp_path / "nothing.csv")
    assert refusal.value.code == "file_missing"


def test_a_missing_folder_of_photos_is_refused(shelf: Shelf) -> None:
    with pytest.raises(CatalogueImportError) as refusal:
        shelf.take("sku,name\na,Shirt\n", images=shelf.folder / "nowhere")
    assert refusal.value.code == "images_folder_missing"


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_are_refused(shelf: Shelf) -> None:
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [importers._LOCK_KEY])
        with pytest.raises(CatalogueImportError) as refusal:
            shelf.take(CATALOGUE)
        assert refusal.value.code == "import_running"
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [importers._LOCK_KEY])
    finally:
        other.close()
    assert counts(shelf.take(CATALOGUE)) == (2, 0, 0, 0)


NASTY = st.lists(
    st.sampled_from(
        [b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"\xea\xb0\x80", b"a", b"-1", b"1,5"]
    ),
    max_size=40,
).map(b"".join)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=NASTY | st.binary(max_size=200))
def test_whatever_the_bytes_every_row_is_read_or_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.csv"
    file.write_bytes(b"sku,name,price,stock,style,image\n" + content)
    table = CsvTable(file, name="catalogue.csv")
    columns = Columns.of(table.header)
    for record in table.records():
        try:
            row = read_row(record, columns=columns)
        except ValidationError as refusal:
            reasons = [refusal.code, refusal.messages[0]]
            shown = readable_sku(record, columns=columns).encode()
        else:
            reasons, shown = [row.sku, "read"], row.sku.encode()
        assert all(reasons)
        assert b"\0" not in shown
