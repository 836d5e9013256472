"""What the columns of a catalogue file mean, in any order and language; for files and rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

# Field -> the headers that mean it, the surest first, folded by `_fold`. A header is taken once:
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
        "articletype category producttype productcategory type 카테고리 상품분류 분류 품목 종류"
    ),
    "colour": "colour color basecolour basecolor colourname colorname 색상 컬러 색",
    "url": "url producturl link productlink 상품주소 상품링크 링크",
    "style": "style styles stylename stylecode 스타일",
    "style_group": "stylegroup 스타일그룹",
    "usage": "usage occasion 용도",
}
_PHOTO_HEADER: Final = re.compile(
    r"(?:images?|imagepath|imagefile|photos?|pictures?|filename|이미지|이미지파일|사진)(\d*)"
)
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
    """

    fields: Mapping[str, int]
    photos: tuple[int, ...]
    attributes: Mapping[int, str]
    ambiguous: str | None

    @classmethod
    def of(cls, header: Sequence[str]) -> Columns:
        """Return what a header row says. A cell without a name is no column."""
        cell_of: dict[str, int] = {}
        ambiguous = None
        for cell, name in enumerate(header):
            if folded := _fold(name):
                if folded in cell_of:
                    ambiguous = ambiguous or name.strip()
                cell_of.setdefault(folded, cell)
        photos = _photo_cells(cell_of)
        fields: dict[str, int] = {}
        for field, names in _HEADERS.items():
            free = set(cell_of.values()) - set(fields.values()) - set(photos)
            found = next(
                (cell_of[name] for name in names.split() if cell_of.get(name) in free), None
            )
            if found is not None:
                fields[field] = found
        taken = {cell for field, cell in fields.items() if field not in _ALSO_ATTRIBUTES}
        attributes = {
            cell: _key(header[cell])
            for cell in cell_of.values()
            if cell not in taken and cell not in photos
        }
        return cls(fields, photos, attributes, ambiguous)

    @cached_property
    def named(self) -> frozenset[int]:
        """The cells that have a header."""
        return frozenset({*self.fields.values(), *self.photos, *self.attributes})


def _photo_cells(cell_of: Mapping[str, int]) -> tuple[int, ...]:
    found = []
    for name, cell in cell_of.items():
        if match := _PHOTO_HEADER.fullmatch(name):
            found.append((int(match[1] or 0), cell))
    return tuple(cell for _, cell in sorted(found))


def _fold(name: str) -> str:
    """Fold case, spaces and punctuation away: "Product Name", "product_name" are one header."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


def _key(name: str) -> str:
    return "_".join(unicodedata.normalize("NFC", name).casefold().split())
