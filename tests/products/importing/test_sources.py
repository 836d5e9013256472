"""Files of every format as records, and those that are built to do harm."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from products.importing import archive as archives
from products.importing.records import CatalogueImportError, Record
from products.importing.sources import open_source
from products.importing.sources.merchant_feed import MerchantFeed
from tests.imports import PHOTOS, workbook, zipped

Rows = list[tuple[str, ...]]


def read(folder: Path, name: str, content: bytes | str) -> tuple[tuple[str, ...], list[Record]]:
    file = folder / "stored"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with open_source(file, name=name) as source:
        return source.table.header, list(source.table.records())


def refusal(folder: Path, name: str, content: bytes | str) -> str:
    with pytest.raises(CatalogueImportError) as refused:
        read(folder, name, content)
    assert str(refused.value)
    return refused.value.code


FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
<item><g:id>A-1</g:id><title>Shirt &amp; tie</title><link>https://shop.example/a</link>
<g:price>15000 KRW</g:price><g:availability>in_stock</g:availability>
<g:image_link>https://shop.example/a.jpg</g:image_link>
<g:additional_image_link>https://shop.example/b.jpg</g:additional_image_link>
<g:additional_image_link>https://shop.example/c.jpg</g:additional_image_link>
<g:shipping><g:country>KR</g:country></g:shipping></item>
<item><g:id>A-2</g:id><title>Coat</title><g:color>Navy</g:color></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">
<title>Shop</title><entry><g:id>A-1</g:id><title>Shirt</title>
<link href="https://shop.example/a"/></entry></feed>"""


def test_a_feed_is_read_item_by_item(tmp_path: Path) -> None:
    header, records = read(tmp_path, "feed.xml", FEED)
    first = dict(zip(header, records[0].cells, strict=True))
    assert (first["id"], first["title"], first["price"]) == ("A-1", "Shirt & tie", "15000 KRW")
    assert first["additional_image_link"] == "https://shop.example/b.jpg|https://shop.example/c.jpg"
    assert "shipping" not in first
    assert [record.number for record in records] == [1, 2]


def test_an_atom_feed_is_read_too(tmp_path: Path) -> None:
    header, (record,) = read(tmp_path, "feed.xml", ATOM)
    cells = dict(zip(header, record.cells, strict=True))
    assert cells == {"id": "A-1", "title": "Shirt", "link": "https://shop.example/a"}


def test_a_feed_is_not_held_in_memory(tmp_path: Path) -> None:
    item = "<item><id>{0}</id><title>Shirt {0}</title></item>"
    file = tmp_path / "feed.xml"
    items = "".join(item.format(number) for number in range(2000))
    file.write_text(f"<rss><channel>{items}</channel></rss>")
    feed = MerchantFeed(file, name="feed.xml")
    largest = 0
    for element in feed._items():
        largest = max(largest, len(list(element.iter())))
    assert largest == 3


def test_a_feed_in_tsv_is_a_table(tmp_path: Path) -> None:
    header, records = read(tmp_path, "feed.tsv", "id\ttitle\tprice\nA-1\tShirt, blue\t15000 KRW\n")
    assert header == ("id", "title", "price")
    assert records[0].cells == ("A-1", "Shirt, blue", "15000 KRW")


BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><item><id>&b;</id></item></rss>"""
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><item><id>&f;</id></item></rss>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "xml_forbidden"),
        (FILE, "xml_forbidden"),
        ("<rss><item><id>1</item></rss>", "malformed_xml"),
        ("<rss>" + "<a>" * 100 + "</a>" * 100 + "</rss>", "malformed_xml"),
        ("<html><body/></html>", "not_a_feed"),
        ("", "malformed_xml"),
    ],
)
def test_a_harmful_or_broken_feed_is_refused(tmp_path: Path, content: str, code: str) -> None:
    assert refusal(tmp_path, "feed.xml", content) == code


def test_cells_of_a_workbook_become_what_people_would_write(tmp_path: Path) -> None:
    content = workbook(
        [],
        ["sku", "price", "share", "day", "moment", "new", "formula", None],
        [
            1001,
            29000.0,
            0.1,
            date(2026, 1, 31),
            datetime.fromisoformat("2026-01-31T08:30:00"),
            True,
            "=A1*2",
        ],
        [],
        ["=A9", None, None, None, None, None, " "],
    )
    header, records = read(tmp_path, "shop.xlsx", content)
    assert header == ("sku", "price", "share", "day", "moment", "new", "formula")
    assert records == [
        Record(3, ("1001", "29000", "0.1", "2026-01-31", "2026-01-31 08:30:00", "TRUE", "=A1*2")),
        Record(5, ("=A9",)),
    ]


def test_a_workbook_that_lies_about_its_size_is_read_for_what_it_is(tmp_path: Path) -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["sku"], ["a"]))) as source,
        zipfile.ZipFile(content, "w") as target,
    ):
        for info in source.infolist():
            part = source.read(info)
            if info.filename.endswith("sheet1.xml"):
                part = part.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
                part = part.replace(b'<row r="2"', b'<row r="99999999999"')
            target.writestr(info.filename, part)
    header, records = read(tmp_path, "shop.xlsx", content.getvalue())
    assert (header, records) == (("sku",), [])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"sku,name\n", zipped({"a.txt": "x"})])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, "shop.xlsx", content) in {"archive_damaged", "not_a_workbook"}


def test_json_lines_are_objects_with_any_keys(tmp_path: Path) -> None:
    content = (
        '{"sku": "a", "price": 29000, "image": ["0.jpg", "1.jpg"], "new": true}\n\n'
        '{"sku": "b", "name": null, "price": 1.50}\nnot json\n[1]\n{"sku": {"a": 1}}\n'
    )
    header, records = read(tmp_path, "shop.jsonl", content)
    assert header == ("sku", "price", "image", "new", "name")
    assert records[0].cells == ("a", "29000", "0.jpg|1.jpg", "true", "")
    assert (records[1].number, records[1].cells) == (3, ("b", "1.50", "", "", ""))
    assert [record.error and record.error.code for record in records[2:]] == ["malformed_row"] * 3


@pytest.mark.parametrize(
    ("content", "code"), [("", "file_empty"), ("[]\n", "not_json_lines"), ("x\n", "not_json_lines")]
)
def test_what_is_no_json_lines_is_refused(tmp_path: Path, content: str, code: str) -> None:
    assert refusal(tmp_path, "shop.jsonl", content) == code


def test_a_zip_gives_its_table_and_the_photos_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "stored"
    table = "sku,image\na,images/0.jpg\n"
    file.write_bytes(
        zipped(
            {
                "shop/catalogue.csv": table,
                "shop/images/0.jpg": PHOTOS["0.jpg"],
                "__MACOSX/._catalogue.csv": "x",
                "shop/.DS_Store": "x",
            }
        )
    )
    with open_source(file, name="shop.zip") as source:
        assert source.table.header == ("sku", "image")
        for name in ("images/0.jpg", "shop/images/0.jpg", "0.JPG"):
            assert source.photos.read(name) == PHOTOS["0.jpg"]


def tampered(info: zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("catalogue.csv", "sku\na\n")
        archive.writestr(info, content)
    return buffer.getvalue()


def link() -> bytes:
    info = zipfile.ZipInfo("a.jpg")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return tampered(info, b"/etc/passwd")


def bomb() -> bytes:
    info = zipfile.ZipInfo("a.jpg")
    info.compress_type = zipfile.ZIP_DEFLATED
    return tampered(info, bytes(archives.SMALL_BYTES * 2))


def encrypted() -> bytes:
    content = bytearray(tampered(zipfile.ZipInfo("a.jpg")))
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def overlapping() -> bytes:
    content = bytearray(tampered(zipfile.ZipInfo("a.jpg")))
    place = content.rindex(b"PK\x01\x02")
    content[place + 42 : place + 46] = struct.pack("<I", 0)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (tampered(zipfile.ZipInfo("../a.jpg")), "archive_path"),
        (tampered(zipfile.ZipInfo("/a.jpg")), "archive_path"),
        (tampered(zipfile.ZipInfo("C:a.jpg")), "archive_path"),
        (tampered(zipfile.ZipInfo("more.zip")), "archive_nested"),
        (tampered(zipfile.ZipInfo("other.xlsx")), "archive_several_tables"),
        (link(), "archive_link"),
        (bomb(), "archive_bomb"),
        (encrypted(), "archive_encrypted"),
        (overlapping(), "archive_bomb"),
        (b"no zip", "archive_damaged"),
        (zipped({}), "archive_empty"),
        (zipped({"readme.md": "x"}), "archive_empty"),
    ],
)
def test_a_harmful_archive_is_refused_before_it_is_unpacked(
    tmp_path: Path, content: bytes, code: str
) -> None:
    assert refusal(tmp_path, "shop.zip", content) == code


def test_an_archive_of_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped({"catalogue.csv": "sku\n", "a.jpg": "x", "b.jpg": "y"})
    monkeypatch.setattr(archives, "MAX_ENTRIES", 2)
    assert refusal(tmp_path, "shop.zip", content) == "archive_too_many_entries"
    with pytest.raises(CatalogueImportError) as refused:
        archives.Archive(tmp_path / "stored", name="shop.zip", max_bytes=3)
    assert refused.value.code in {"archive_too_large", "archive_too_many_entries"}


def test_a_table_that_holds_more_than_it_says_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({"catalogue.csv": "sku\n" + "a\n" * 100}))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 5)
    assert refusal(tmp_path, "shop.zip", bytes(content)) == "archive_damaged"


@pytest.mark.parametrize("name", ["shop.xls", "shop.ods", "shop.json"])
def test_formats_that_only_look_alike_are_named(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path, name, b"x") == "unknown_format"
