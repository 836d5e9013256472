"""What the columns of a catalogue file mean, in any order and language; for files and rows."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from products.exporting.columns import mapping_of_export, plain_name

# Field -> the headers that mean it, the surest first, folded. A header is taken once:
# with an English and a Korean name in a file, `name` takes the first and `name_ko` the other.
_HEADERS: Final[Mapping[str, str]] = {
    "sku": (
        "sku productsku itemsku productcode itemcode productid itemid articlenumber code id "
        "상품코드 제품코드 품목코드 상품번호 제품번호 품번"
    ),
    "name": (
        "name nameen englishname productname productdisplayname displayname title producttitle "
        "영문상품명 영문명 상품명 제품명 품명 이름"
    ),
    "name_ko": "nameko koreanname titleko 한글상품명 국문상품명 상품명한글 한글명 국문명 상품명",
    "brand": "brand brandname 브랜드 브랜드명",
    "price": "price saleprice sellingprice unitprice 판매가 판매가격 가격 정가 소비자가",
    "currency": "currency currencycode 통화 화폐",
    "stock": "stock stockquantity inventory quantity qty 재고 재고수량 수량",
    "gender": "gender sex 성별",
    "category": (
        "articletype category producttype productcategory type 카테고리 상품분류 분류 품목 종류 "
        "googleproductcategory"
    ),
    "colour": "colour color basecolour basecolor colourname colorname 색상 컬러 색",
    "url": "url producturl link productlink 상품주소 상품링크 링크",
    "style": "style styles stylename stylecode 스타일",
    "style_group": "stylegroup 스타일그룹",
    "usage": "usage occasion 용도",
    "availability": "availability 판매상태",
}
_PHOTO_HEADER: Final = re.compile(
    r"(?:images?|imagepath|imagefile|imagelink|imageurl|photos?|pictures?|filename|이미지|"
    r"이미지파일|사진)(\d*)"
)
_FURTHER_PHOTOS: Final = re.compile(r"additionalimage(?:link|url|s)?(\d*)")
_FURTHER_FROM: Final = 1_000_000
# Of a file of refused rows: why a row was refused. Of an export: when it was written.
_IGNORED: Final = {"reason", "거절사유", "exportedat"}
IMAGE: Final = "image"
ATTRIBUTE: Final = "attribute"
IGNORE: Final = "ignore"
TARGETS: Final = (*_HEADERS, IMAGE, ATTRIBUTE, IGNORE)
"""What a column may be mapped to by hand."""
# Kept among the attributes as well: it says more than the style group that is read from it.
_ALSO_ATTRIBUTES: Final = {"usage"}


@dataclass(frozen=True)
class Columns:
    """Where things stand in a row, as cell numbers from 0.

    Attributes:
        fields: field -> cell.
        photos: the cells that name photos, in the order of the photos.
        attributes: cell -> key in ``Product.attributes``, for every column without a field.
        ambiguous: a header that stands there twice, or None.
        ignored: the cells that say nothing of a product.
        is_escaped: whether this is a file of ours (refused rows, an export), in which formulas are
            escaped.
    """

    fields: Mapping[str, int]
    photos: tuple[int, ...]
    attributes: Mapping[int, str]
    ambiguous: str | None
    ignored: frozenset[int] = frozenset()
    is_escaped: bool = False

    @classmethod
    def of(cls, header: Sequence[str], *, mapping: Mapping[str, str] | None = None) -> Columns:
        """Return what a header row says. A cell without a name is no column.

        Args:
            mapping: header as it stands in the file -> one of ``TARGETS``; what people said of it
                outdoes what it would be taken for.
        """
        cell_of, ambiguous = _named_cells(header)
        fields, photos, chosen = _mapped(header, {**mapping_of_export(header), **(mapping or {})})
        ignored = {cell for cell, target in chosen.items() if target == IGNORE}
        free = {name: cell for name, cell in cell_of.items() if cell not in chosen}
        ignored |= {free.pop(name) for name in _IGNORED & free.keys()}
        photos += _photo_cells(free)
        for field, names in _HEADERS.items():
            taken = {*fields.values(), *photos}
            found = (free[name] for name in names.split() if name in free)
            if (
                field not in fields
                and (cell := next((cell for cell in found if cell not in taken), None)) is not None
            ):
                fields[field] = cell
        taken = {cell for field, cell in fields.items() if field not in _ALSO_ATTRIBUTES}
        attributes = {
            cell: attribute_key(plain_name(header[cell], header=header))
            for cell in cell_of.values()
            if cell not in {*taken, *photos, *ignored}
        }
        return cls(
            fields,
            tuple(photos),
            attributes,
            ambiguous,
            frozenset(ignored),
            is_escaped=bool(_IGNORED & cell_of.keys()),
        )

    def without_photos(self) -> Columns:
        """Return the same columns for an import that leaves photos alone."""
        return replace(self, photos=(), ignored=self.ignored.union(self.photos))

    def target(self, cell: int) -> str:
        """Return which of ``TARGETS`` a column stands for."""
        named = {number: field for field, number in self.fields.items()}
        if cell in self.photos:
            return IMAGE
        return named.get(cell, ATTRIBUTE if cell in self.attributes else IGNORE)

    @cached_property
    def named(self) -> frozenset[int]:
        """The cells that have a header."""
        return frozenset({*self.fields.values(), *self.photos, *self.attributes, *self.ignored})


def fingerprint_header(header: Sequence[str]) -> str:
    """Return the SHA-256 by which files with the same columns are recognised, in hexadecimal."""
    return hashlib.sha256(
        "\x1f".join(map(fold_header, header)).encode(errors="replace")
    ).hexdigest()


def _named_cells(header: Sequence[str]) -> tuple[dict[str, int], str | None]:
    """Return cells by folded header, and a header that stands there twice."""
    cell_of: dict[str, int] = {}
    ambiguous = None
    for cell, name in enumerate(header):
        if folded := fold_header(name):
            if folded in cell_of:
                ambiguous = ambiguous or name.strip()
            cell_of.setdefault(folded, cell)
    return cell_of, ambiguous


def _mapped(
    header: Sequence[str], mapping: Mapping[str, str]
) -> tuple[dict[str, int], list[int], dict[int, str]]:
    """Return what people said of columns: fields, photos, and all of it by cell."""
    fields: dict[str, int] = {}
    photos: list[int] = []
    chosen: dict[int, str] = {}
    for cell, name in enumerate(header):
        target = mapping.get(name)
        if target is None or (target in fields and target in _HEADERS):
            continue
        chosen[cell] = target
        if target == IMAGE:
            photos.append(cell)
        elif target in _HEADERS:
            fields[target] = cell
    return fields, photos, chosen


def _photo_cells(cell_of: Mapping[str, int]) -> list[int]:
    found = []
    for name, cell in cell_of.items():
        if match := _PHOTO_HEADER.fullmatch(name):
            found.append((int(match[1] or 0), cell))
        elif match := _FURTHER_PHOTOS.fullmatch(name):
            found.append((_FURTHER_FROM + int(match[1] or 0), cell))
    return [cell for _, cell in sorted(found)]


def fold_header(name: str) -> str:
    """Fold case, spaces and punctuation away: "Product Name", "product_name" are one header."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


def attribute_key(name: str) -> str:
    """Return the key in ``Product.attributes`` that a column is kept under."""
    return "_".join(unicodedata.normalize("NFC", name).casefold().split())
