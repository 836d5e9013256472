"""What the rows of good catalogue files, plain and odd, become."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.shelf import Shelf, counts, product
from tests.shop import jpeg

pytestmark = pytest.mark.django_db


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
