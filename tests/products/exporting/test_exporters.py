"""The catalogue goes out in every format, and comes back without a change."""

from __future__ import annotations

import csv
import io
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from products.exporters import KINDS, Export, Format, read_filters
from products.exporting import rows
from products.exporting.workbook import MAX_ROWS, check_rows
from products.importers import ImportResult, import_catalogue
from products.importing.records import CatalogueImportError
from products.models import ClusterAssignment, ImageClassification, Product
from styles.models import ModelVersion, Style, StyleGroup
from tests.shop import add_photo, direction, make_clustering, make_product, make_version

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "https://shop.example/"
G = "{http://base.google.com/ns/1.0}"


@pytest.fixture
def catalogue(db: None) -> list[Product]:
    """Return products of every kind: full, empty, hostile, sold out, hidden."""
    full = make_product(
        "A-1",
        name="Silk dress",
        name_ko="실크 원피스",
        brand="Lace & Co",
        price=Decimal("29000.00"),
        currency="KRW",
        stock=5,
        gender="girls",
        category="Dresses",
        colour="Navy Blue",
        url="https://elsewhere.example/a-1",
        attributes={
            "season": "Fall",
            "usage": "Party",
            "이름": "가",
            "name": "inner",
            "year": 2026,
        },
    )
    full.styles.set(Style.objects.filter(code__in=["romantic", "resort"]))
    grouped = make_product(
        "+B", name="=SUM(A1)", price=Decimal("12.50"), currency="EUR", stock=0, gender="unisex"
    )
    grouped.style_group = StyleGroup.objects.exclude(code="other").order_by("pk")[0]
    grouped.save()
    hostile = make_product(
        "-C",
        name="'=cmd|' /c calc'!A1",
        brand='@quote" and, comma',
        attributes={"note": "+1\n2", "season": "\u3042"},
        price=Decimal("1.00"),
    )
    plain = make_product("D")
    make_product("H", is_published=False)
    for product in (full, grouped, hostile):
        add_photo(product)
    add_photo(full)
    return [full, grouped, hostile, plain]


def written(to: Format, **options: Any) -> bytes:
    return b"".join(Export(to, address=ADDRESS, **options).parts())


def reimported(content: bytes, to: Format, folder: Path) -> ImportResult:
    file = folder / f"products.{KINDS[to].suffix}"
    file.write_bytes(content)
    return import_catalogue(file)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("to", Format)
def test_what_was_exported_is_imported_again_without_a_change(
    to: Format, catalogue: list[Product], tmp_path: Path
) -> None:
    before = list(Product.objects.order_by("pk").values())
    expected = 3 if KINDS[to].is_feed else 4

    result = reimported(written(to), to, tmp_path)

    assert (result.created, result.updated, result.errors) == (0, 0, [])
    assert result.unchanged == expected
    assert list(Product.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("to", [Format.CSV, Format.XLSX])
def test_another_shop_gets_the_same_products_from_the_file(
    to: Format, catalogue: list[Product], tmp_path: Path
) -> None:
    fields = [*rows._FIELDS[1:-1]]
    before = list(Product.objects.published().order_by("sku").values(*fields))
    content = written(to)
    Product.objects.all().delete()

    result = reimported(content, to, tmp_path)

    assert result.created == 4
    assert list(Product.objects.order_by("sku").values(*fields)) == before
    full = Product.objects.get(sku="A-1")
    assert {style.code for style in full.styles.all()} == {"romantic", "resort"}
    # A number among the attributes would come back as text, so that key stays at home.
    assert full.attributes == {"season": "Fall", "usage": "Party", "이름": "가", "name": "inner"}


def test_what_is_changed_in_an_exported_file_is_changed_by_its_import(
    catalogue: list[Product], tmp_path: Path
) -> None:
    content = written(Format.CSV).replace(b"Silk dress", b"Silk gown").replace(b"Fall", b"Winter")
    assert reimported(content, Format.CSV, tmp_path).updated == 1
    changed = Product.objects.get(sku="A-1")
    assert (changed.name, changed.attributes["season"]) == ("Silk gown", "Winter")


def test_no_cell_is_a_formula(catalogue: list[Product]) -> None:
    for line in read_csv(written(Format.CSV)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line.values())
    tsv = written(Format.MERCHANT_TSV).decode()
    cells = [cell for line in csv.reader(io.StringIO(tsv), delimiter="\t") for cell in line]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    sheet = load_workbook(io.BytesIO(written(Format.XLSX))).active
    cells_of_sheet = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells_of_sheet} == {"s"}
    assert not any(cell.value.startswith(("=", "-", "@")) for cell in cells_of_sheet)


def test_hidden_products_stay_in(catalogue: list[Product]) -> None:
    assert [line["sku"] for line in read_csv(written(Format.CSV))] == ["A-1", "'+B", "'-C", "D"]


def test_filters_narrow_an_export(catalogue: list[Product]) -> None:
    filters = read_filters({"category": "dresses"})
    assert [line["sku"] for line in read_csv(written(Format.CSV, filters=filters))] == ["A-1"]
    in_stock = read_filters({"in_stock": "true"})
    lines = read_csv(written(Format.CSV, filters=in_stock))
    assert [line["sku"] for line in lines] == ["A-1", "'-C", "D"]


def test_labels_tell_group_mix_and_cluster(catalogue: list[Product]) -> None:
    version = make_version()
    full, grouped, *_ = catalogue
    looked_at(full, version, {"romantic": 0.6, "resort": 0.3, "punk": 0.1})
    looked_at(grouped, version, {"punk": 0.9, "resort": 0.1})
    (cluster,) = make_clustering(version, {"Lace": direction(a=1)}).clusters.all()
    ClusterAssignment.objects.create(product=full, clustering=cluster.clustering, cluster=cluster)

    lines = read_csv(written(Format.CSV))

    labels = [[line[f"custom_label_{number}"] for number in range(5)] for line in lines]
    romantic = Style.objects.get(code="romantic").group.code
    assert labels[0] == [romantic, "romantic", "resort", "leaning", "0 Lace"]
    assert grouped.style_group is not None
    assert labels[1] == [grouped.style_group.code, "punk", "", "pure", ""]
    assert labels[3] == [""] * 5


def looked_at(product: Product, version: ModelVersion, mix: dict[str, float]) -> None:
    image = product.first_image
    assert image is not None
    ImageClassification.objects.create(
        image=image, model_version=version, probabilities={"style": mix}
    )


def test_a_feed_says_in_googles_words_what_each_product_is(catalogue: list[Product]) -> None:
    export = Export(Format.MERCHANT_XML, address=ADDRESS)
    first, second, _third = fromstring(b"".join(export.parts())).iter("item")
    assert (export.products, dict(export.left_out)) == (3, {"price_missing": 1})
    said = {child.tag.removeprefix(G): child.text for child in first}
    assert said["id"] == "A-1"
    assert said["price"] == "29000.00 KRW"
    assert (said["gender"], said["age_group"]) == ("female", "kids")
    assert said["link"] == "https://elsewhere.example/a-1"
    assert said["brand"] == "Lace & Co"
    assert said["image_link"].startswith("https://shop.example/media/products/")
    assert len(first.findall(f"{G}additional_image_link")) == 1
    assert second.findtext(f"{G}availability") == "out_of_stock"
    assert second.findtext(f"{G}title") == "=SUM(A1)"
    page = catalogue[1].get_absolute_url()
    assert second.findtext(f"{G}link") == f"https://shop.example{page}"


def test_a_feed_needs_the_address_of_the_shop() -> None:
    with pytest.raises(CatalogueImportError) as refusal:
        Export(Format.MERCHANT_XML)
    assert refusal.value.code == "address_missing"
    with pytest.raises(ValidationError) as error:
        Export(Format.CSV, address="ftp://shop.example")
    assert error.value.code == "invalid_url"


def test_a_workbook_holds_no_more_rows_than_excel_reads() -> None:
    check_rows(MAX_ROWS - 1)
    with pytest.raises(CatalogueImportError) as refusal:
        check_rows(MAX_ROWS)
    assert refusal.value.code == "too_many_rows"


def test_memory_does_not_grow_with_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAGE", 100)
    Product.objects.bulk_create(
        Product(sku=f"s{number}", name="x" * 150, attributes={"season": "y" * 2_000})
        for number in range(3_000)
    )
    size = 0
    tracemalloc.start()
    try:
        for part in Export(Format.CSV).parts():
            size += len(part)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 6_000_000
    assert peak < size / 2


def test_pages_hold_each_product_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAGE", 2)
    skus = [make_product(f"s{number}").sku for number in range(5)]
    assert [found.sku for found in rows.exported_products(Product.objects.all())] == skus
