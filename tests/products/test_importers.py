"""Catalogue files, good, odd and bad, imported into a real database."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, connections
from kombu.exceptions import OperationalError
from pytest_django import Settings

from products import importers
from products.importers import CatalogueImportError, ImportResult, import_catalogue
from products.importing import chunks
from products.models import ClusterAssignment, Product, ProductImage
from styles.models import Style, StyleGroup
from styles.receivers import sync_taxonomy_after_migrate
from tests.photos import draw_photo, encode
from tests.shop import direction, jpeg, make_clustering, make_version

pytestmark = pytest.mark.django_db

Rows = str | bytes


class Shelf:
    """A catalogue folder on disk: a CSV file and photos, imported as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for number in range(4):
            self.photo(f"{number}.jpg", jpeg((40 * number, 90, 200)))

    @property
    def file(self) -> Path:
        return self.folder / "catalogue.csv"

    def photo(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def write(self, content: Rows) -> None:
        self.file.write_bytes(content.encode() if isinstance(content, str) else content)

    def take(self, content: Rows, **options: Any) -> ImportResult:
        self.write(content)
        return import_catalogue(self.file, **options)

    def refused(self, content: Rows, **options: Any) -> str:
        """Import one good row and one bad one; return the code of the bad one."""
        result = self.take(content, **options)
        assert (result.failed, len(result.errors)) == (1, 1), result
        assert result.errors[0].message
        return result.errors[0].code


@pytest.fixture
def shelf(tmp_path: Path, settings: Settings) -> Shelf:
    stored = {"location": str(tmp_path / "stored"), "base_url": "/media/"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": stored,
        },
    }
    if not Style.objects.exists():  # A transactional test before this one emptied the tables.
        sync_taxonomy_after_migrate(apps.get_app_config("styles"), "default", apps=apps)
    folder = tmp_path / "catalogue"
    folder.mkdir()
    return Shelf(folder)


def stored_names() -> set[str]:
    root = Path(default_storage.path(""))
    return {str(path.relative_to(root)) for path in root.rglob("*.jpg")}


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.created, result.updated, result.unchanged, result.failed


def product(sku: str = "a") -> Product:
    return Product.objects.get(sku=sku)


# What a good file becomes


def test_a_row_becomes_a_product_with_its_photo(shelf: Shelf) -> None:
    result = shelf.take(
        "image,price,sku,name,name_ko,brand,currency,stock,gender,category,colour,url,season\n"
        "0.jpg,29000,a,Lace blouse,레이스 블라우스,Ondo,KRW,7,women,Blouses,Ivory,"
        "https://shop.example/a,Summer\n"
    )
    assert counts(result) == (1, 0, 0, 0)
    made = product()
    assert (made.name, made.name_ko, made.brand) == ("Lace blouse", "레이스 블라우스", "Ondo")
    assert (made.price, made.currency, made.stock) == (Decimal(29000), "KRW", 7)
    assert (made.gender, made.category, made.colour) == ("women", "Blouses", "Ivory")
    assert made.url == "https://shop.example/a"
    assert made.attributes == {"season": "Summer"}
    image = made.images.get()
    assert (image.width, image.height, image.position) == (40, 50, 0)
    with image.file.open("rb") as file:
        assert file.read(3) == b"\xff\xd8\xff"


def test_korean_headers_and_words_are_understood(shelf: Shelf) -> None:
    shelf.take(
        '상품 코드,상품명,판매가,성별,색상,스타일,사진\na,청바지,"29,000원",남성,블루,히피,0.jpg\n'
    )
    made = product()
    assert (made.name, made.price, made.currency) == ("청바지", Decimal(29000), "KRW")
    assert (made.gender, made.colour) == ("men", "블루")
    assert [style.code for style in made.styles.all()] == ["hippie"]


def test_headers_are_read_whatever_their_case_spaces_and_underscores(shelf: Shelf) -> None:
    shelf.take("Product_Code,PRODUCT NAME,Base Colour,Image_1\na,Shirt,Red,0.jpg\n")
    made = product()
    assert (made.name, made.colour, made.attributes) == ("Shirt", "Red", {})
    assert made.images.count() == 1


def test_an_english_and_a_korean_name_find_their_fields(shelf: Shelf) -> None:
    shelf.take("상품코드,상품명,영문상품명\na,셔츠,Shirt\n")
    assert (product().name, product().name_ko) == ("Shirt", "셔츠")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(shelf: Shelf, delimiter: str) -> None:
    shelf.take("sku,name,image\na,Shirt,0.jpg\n".replace(",", delimiter))
    assert product().name == "Shirt"


def test_a_byte_order_mark_is_no_part_of_the_first_header(shelf: Shelf) -> None:
    assert counts(shelf.take(b"\xef\xbb\xbfsku,name\r\na,Shirt\r\n")) == (1, 0, 0, 0)


def test_the_surest_type_column_is_the_category_and_the_rest_is_kept(shelf: Shelf) -> None:
    shelf.take("sku,name,category,article_type,master_category\na,Shirt,Tops,Shirts,Apparel\n")
    assert product().category == "Shirts"
    assert product().attributes == {"category": "Tops", "master_category": "Apparel"}


def test_several_photos_come_from_one_cell_and_from_numbered_columns(shelf: Shelf) -> None:
    shelf.take("sku,name,image2,image\na,Shirt,2.jpg,0.jpg | 1.jpg\n")
    assert [image.position for image in product().images.all()] == [0, 1, 2]
    assert product().images.count() == 3


def test_the_same_photo_named_twice_is_stored_once(shelf: Shelf) -> None:
    shelf.take("sku,name,image\na,Shirt,0.jpg|0.jpg\n")
    assert product().images.count() == 1


def test_photos_come_from_the_folder_that_is_named(shelf: Shelf, tmp_path: Path) -> None:
    elsewhere = tmp_path / "photos"
    elsewhere.mkdir()
    (elsewhere / "x.jpg").write_bytes(jpeg())
    assert counts(shelf.take("sku,name,image\na,Shirt,x.jpg\n", images=elsewhere)) == (1, 0, 0, 0)


def test_a_photo_name_from_a_mac_finds_its_file(shelf: Shelf) -> None:
    shelf.photo("\u1112\u1161\u11ab.jpg", jpeg())  # Decomposed, as macOS writes it.
    assert counts(shelf.take("sku,name,image\na,Shirt,\ud55c.jpg\n")) == (1, 0, 0, 0)


def test_an_undecodable_cell_is_no_reason_to_lose_the_other_rows(shelf: Shelf) -> None:
    result = shelf.take(b"sku,name\na,Shirt\nb,\xb0\xa1\xb3\xaa\nc,Coat\n")
    assert counts(result) == (2, 0, 0, 1)
    (error,) = result.errors
    assert (error.row, error.sku, error.code) == (3, "b", "not_utf8")


def test_row_numbers_are_those_of_a_spreadsheet(shelf: Shelf) -> None:
    result = shelf.take('sku,name\n"a","two\nlines"\n\nb,\n')
    assert product().name == "two lines"
    assert [(error.row, error.sku) for error in result.errors] == [(4, "b")]


@pytest.mark.parametrize(
    ("cells", "price", "currency"),
    [
        ("29000,", "29000", "KRW"),
        ('"₩29,000",', "29000", "KRW"),
        ('"1,290,000원",', "1290000", "KRW"),
        (
            "\uffe6\uff12\uff19\uff10\uff10\uff10,",
            "29000",
            "KRW",
        ),  # Full width, as keyboards write it.
        ("12.50 EUR,", "12.50", "EUR"),
        ('"12,50 €",', "12.50", "EUR"),
        ('"1.290,00",EUR', "1290.00", "EUR"),
        ("USD 12.5,", "12.50", "USD"),
        ("$12,CAD", "12", "CAD"),
        ("0,", "0", "KRW"),
    ],
)
def test_prices_are_read_as_people_write_them(
    shelf: Shelf, cells: str, price: str, currency: str
) -> None:
    result = shelf.take(f"sku,name,price,currency\na,Shirt,{cells}\n")
    assert result.errors == []
    assert (product().price, product().currency) == (Decimal(price), currency)


@pytest.mark.parametrize(
    ("word", "gender"),
    [("Men", "men"), ("M", "men"), ("여성", "women"), ("Women's", "women"), ("NA", ""), ("", "")],
)
def test_genders_are_read_in_many_words(shelf: Shelf, word: str, gender: str) -> None:
    shelf.take(f"sku,name,gender\na,Shirt,{word}\n")
    assert product().gender == gender


def test_several_styles_in_one_cell_all_count(shelf: Shelf) -> None:
    shelf.take("sku,name,style\na,Shirt,punk | 로맨틱; Hip-Hop\n")
    assert {style.code for style in product().styles.all()} == {"punk", "romantic", "hiphop"}


@pytest.mark.parametrize(
    ("header", "cells", "group"),
    [
        ("usage", "Sports", "sporty"),
        ("usage", "Smart Casual", None),
        ("style", "casual", "casual"),
        ("style_group", "에스닉", "ethnic"),
        ("style_group,usage", "ethnic,Formal", "ethnic"),
        ("style,usage", "punk,Formal", None),
    ],
)
def test_a_style_outdoes_a_group_and_a_group_the_usage(
    shelf: Shelf, header: str, cells: str, group: str | None
) -> None:
    shelf.take(f"sku,name,{header}\na,Shirt,{cells}\n")
    found = product().style_group
    assert (found.code if found else None) == group
    assert ("usage" in product().attributes) == ("usage" in header)


# Running it again


CATALOGUE = (
    "sku,name,price,style,usage,image\n"
    "a,Shirt,29000,punk,Casual,0.jpg\n"
    "b,Coat,,,Formal,1.jpg|2.jpg\n"
)


def test_a_second_run_changes_nothing_and_stores_nothing(shelf: Shelf) -> None:
    assert counts(shelf.take(CATALOGUE)) == (2, 0, 0, 0)
    names, moments = stored_names(), list(Product.objects.values_list("updated_at", flat=True))
    assert counts(shelf.take(CATALOGUE)) == (0, 0, 2, 0)
    assert stored_names() == names
    assert list(Product.objects.values_list("updated_at", flat=True)) == moments


def test_a_second_run_decodes_no_photo(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.take(CATALOGUE)

    def fail(_file: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("products.importing.photos.clean_upload", fail)
    assert counts(shelf.take(CATALOGUE)) == (0, 0, 2, 0)


def test_a_changed_cell_updates_its_product_alone(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    result = shelf.take(CATALOGUE.replace("29000", "31000").replace("punk", "retro"))
    assert counts(result) == (0, 1, 1, 0)
    assert product("a").price == 31000
    assert [style.code for style in product("a").styles.all()] == ["retro"]


def test_a_changed_photo_replaces_the_old_one_and_keeps_the_others(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    before = {image.position: image for image in product("b").images.all()}
    shelf.photo("2.jpg", jpeg((1, 2, 3)))
    result = shelf.take(CATALOGUE)
    assert counts(result) == (0, 1, 1, 0)
    assert (result.images_added, result.images_removed) == (1, 1)
    kept, new = product("b").images.all()
    assert kept.pk == before[0].pk
    assert new.pk != before[1].pk
    assert new.position == 1


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_replaced_photo_is_deleted(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    shelf.photo("0.jpg", jpeg((1, 2, 3)))
    shelf.take(CATALOGUE)
    assert stored_names() == {image.file.name for image in ProductImage.objects.all()}


def test_photos_in_another_order_change_places_without_being_stored_again(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    names = stored_names()
    first, second = product("b").images.all()
    assert counts(shelf.take(CATALOGUE.replace("1.jpg|2.jpg", "2.jpg|1.jpg"))) == (0, 1, 1, 0)
    assert [image.pk for image in product("b").images.all()] == [second.pk, first.pk]
    assert stored_names() == names


def test_a_product_with_new_photos_loses_the_cluster_of_the_old_ones(shelf: Shelf) -> None:
    shelf.take(CATALOGUE)
    clustering = make_clustering(make_version(), {"Lace": direction(a=1)})
    for made in Product.objects.all():
        ClusterAssignment.objects.create(
            product=made, clustering=clustering, cluster=clustering.clusters.get()
        )
    shelf.photo("0.jpg", jpeg((1, 2, 3)))
    shelf.take(CATALOGUE)
    assert ClusterAssignment.objects.get().product == product("b")


def test_columns_that_are_absent_leave_everything_as_it_is(shelf: Shelf) -> None:
    shelf.take(
        "sku,name,price,stock,brand,gender,style,season,image\n"
        "a,Shirt,29000,3,Ondo,men,punk,Fall,0.jpg\n"
    )
    assert counts(shelf.take("sku,stock\na,2\n")) == (0, 1, 0, 0)
    kept = product()
    assert (kept.stock, kept.price) == (2, Decimal(29000))
    assert (kept.brand, kept.gender) == ("Ondo", "men")
    assert kept.attributes == {"season": "Fall"}
    assert kept.styles.get() == Style.objects.get(code="punk")
    assert kept.images.count() == 1


def test_an_empty_cell_empties_its_field(shelf: Shelf) -> None:
    shelf.take("sku,name,price,style,season\na,Shirt,29000,punk,Fall\n")
    shelf.take("sku,name,price,style,season\na,Shirt,,,\n")
    assert (product().price, product().attributes) == (None, {})
    assert not product().styles.exists()


def test_a_sale_during_the_import_keeps_its_effect(shelf: Shelf) -> None:
    shelf.take("sku,name,stock,image\na,Shirt,5,0.jpg\n")
    shelf.photo("0.jpg", jpeg((1, 2, 3)))

    def sell(done: int, total: int) -> None:
        Product.objects.update(stock=4)

    shelf.take("sku,name,image\na,Blouse,0.jpg\n", on_progress=sell)
    assert (product().name, product().stock) == ("Blouse", 4)


def test_a_group_set_by_hand_survives_a_file_that_says_nothing_of_styles(shelf: Shelf) -> None:
    shelf.take("sku,name\na,Shirt\n")
    Product.objects.update(style_group=StyleGroup.objects.get(code="ethnic"))
    shelf.take("sku,name\na,Blouse\n")
    assert product().style_group == StyleGroup.objects.get(code="ethnic")


def test_usage_sets_no_group_beside_styles_known_from_elsewhere(shelf: Shelf) -> None:
    shelf.take("sku,name,style\na,Shirt,punk\n")
    shelf.take("sku,name,usage\na,Shirt,Formal\n")
    assert product().style_group is None


# Made-up prices


def test_demo_prices_are_marked_and_always_the_same(shelf: Shelf) -> None:
    shelf.take("sku,name\na,Shirt\n", demo_prices=True)
    made = product()
    assert made.price is not None
    assert 9_900 <= made.price <= 199_900
    assert made.stock in range(1, 61)
    assert (made.currency, made.attributes) == ("KRW", {"demo_price": True})
    assert counts(shelf.take("sku,name\na,Shirt\n", demo_prices=True)) == (0, 0, 1, 0)
    assert counts(shelf.take("sku,name\na,Shirt\n")) == (0, 0, 1, 0)
    assert counts(shelf.take("sku,name,price,stock\na,Shirt,,\n")) == (0, 0, 1, 0)


def test_demo_prices_leave_real_ones_alone(shelf: Shelf) -> None:
    shelf.take("sku,name,price\na,Shirt,5000\n", demo_prices=True)
    assert (product().price, product().stock, product().attributes) == (Decimal(5000), None, {})


def test_a_real_price_replaces_a_made_up_one_and_its_mark(shelf: Shelf) -> None:
    shelf.take("sku,name\na,Shirt\n", demo_prices=True)
    shelf.take("sku,price\na,5000\n")
    assert (product().price, product().attributes) == (Decimal(5000), {})


# Rows that fail: one test for each code


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


# Files that fail


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


# Interruptions, dry runs, and what happens after


def test_a_dry_run_counts_and_checks_but_stores_nothing(shelf: Shelf) -> None:
    shelf.photo("bad.jpg", _truncated())
    result = shelf.take(CATALOGUE + "c,Hat,1,punk,,bad.jpg\n", dry_run=True)
    assert counts(result) == (2, 0, 0, 1)
    assert not Product.objects.exists()
    assert not stored_names()


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_import_keeps_what_is_committed_and_a_rerun_completes_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importers, "CHUNK_ROWS", 1)

    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.take(CATALOGUE, on_progress=interrupt)
    assert Product.objects.get().sku == "a"
    assert len(stored_names()) == 1
    assert counts(shelf.take(CATALOGUE)) == (1, 0, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_files_of_a_chunk_that_is_rolled_back_are_deleted(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(drafts: object) -> list[int]:
        raise IntegrityError("on purpose")

    monkeypatch.setattr(chunks, "_save_photos", fail)
    with pytest.raises(IntegrityError):
        shelf.take(CATALOGUE)
    assert not Product.objects.exists()
    assert not stored_names()


def test_progress_counts_every_row(shelf: Shelf) -> None:
    seen: list[tuple[int, int]] = []
    shelf.take(
        CATALOGUE + "c,,1,,,0.jpg\n", on_progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1] == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_new_photos_are_queued_for_the_serving_and_the_staged_version_alone(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[tuple[int, int]] = []
    monkeypatch.setattr(
        chunks,
        "queue_images",
        lambda ids, model_version: queued.append((len(ids), model_version.pk)),
    )
    active, staged = make_version("active"), make_version("staged")
    make_version("retired")
    shelf.take(CATALOGUE)
    assert sorted(queued) == sorted([(3, active.pk), (3, staged.pk)])
    queued.clear()
    shelf.take(CATALOGUE)
    assert queued == []


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_import_completes_and_says_who_waits(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OperationalError("no broker")

    make_version("active")
    monkeypatch.setattr(chunks, "queue_images", refuse)
    assert counts(shelf.take(CATALOGUE)) == (2, 0, 0, 0)
    assert "3 photos wait" in caplog.text
    assert len(stored_names()) == 3


def test_the_real_catalogue_imports_without_a_failed_row(shelf: Shelf, shared_data: Path) -> None:
    source = shared_data / "catalogue"
    lines = (source / "catalogue.csv").read_text().splitlines(keepends=True)
    content = "".join(lines[:200])
    result = shelf.take(content, images=source)
    assert counts(result) == (199, 0, 0, 0)
    skirt = product("10001")
    assert (skirt.category, skirt.gender, skirt.colour) == ("Skirts", "women", "Blue")
    assert skirt.style_group == StyleGroup.objects.get(code="casual")
    assert skirt.attributes["usage"] == "Casual"
    assert counts(shelf.take(content, images=source)) == (0, 0, 199, 0)
