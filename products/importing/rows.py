"""A record as what it says of one product; called by products/importers.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from products.importing import cells
from products.importing.columns import Columns
from products.importing.escaping import unescape
from products.importing.records import Record, is_utf8
from styles.taxonomy import resolve_group

_TEXTS: Final = ("name", "name_ko", "brand", "category", "colour")


@dataclass(frozen=True)
class ProductRow:
    """What a row says. What the file has no column for is absent here, and stays as it is.

    Attributes:
        values: field of ``Product`` -> value.
        style_codes: the styles, or None without such a column.
        group_code: the style group; of meaning only if ``says_group``.
        says_group: whether any column tells the style group.
        attributes: key -> text for the other columns; an empty text takes the key away.
        photos: paths as they stand in the file, or None without such a column.
    """

    number: int
    sku: str
    values: Mapping[str, Any]
    style_codes: frozenset[str] | None
    group_code: str | None
    says_group: bool
    attributes: Mapping[str, str]
    photos: tuple[str, ...] | None


def read_row(record: Record, *, columns: Columns) -> ProductRow:
    """Read a record.

    Raises:
        ValidationError: the first reason why the row cannot be imported, with its code.
    """
    _check(record, columns)
    texts = {field: _cell(record, cell, columns) for field, cell in columns.fields.items()}
    style_codes, group_code = _styles(texts)
    return ProductRow(
        number=record.number,
        sku=cells.read_sku(texts["sku"]),
        values=_values(texts),
        style_codes=style_codes,
        group_code=group_code,
        says_group=bool(texts.keys() & {"style", "style_group", "usage"}),
        attributes={key: _cell(record, cell, columns) for cell, key in columns.attributes.items()},
        photos=_photos(record, columns) if columns.photos else None,
    )


def readable_sku(record: Record, *, columns: Columns) -> str:
    """Return what stands in the SKU cell, fit to be shown, whatever else is wrong with the row."""
    text = _cell(record, columns.fields["sku"], columns)[:64]
    return text.encode(errors="surrogateescape").decode(errors="replace").replace("\0", "\ufffd")


def _check(record: Record, columns: Columns) -> None:
    if record.error:
        raise record.error
    if not is_utf8(record.cells):
        raise ValidationError(
            _("The row is not UTF-8 text. Save the file as “CSV UTF-8”."), code="not_utf8"
        )
    if any("\0" in cell for cell in record.cells):
        raise ValidationError(_("The row holds a NUL character."), code="invalid_text")
    for number, cell in enumerate(record.cells):
        if cell.strip() and number not in columns.named:
            raise ValidationError(
                _(
                    "“%(value)s” stands in cell %(number)s, which has no header. Is a quotation "
                    "mark missing around a text with a comma?"
                ),
                code="cell_without_column",
                params={"value": cell.strip()[:40], "number": number + 1},
            )


def _values(texts: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        field: cells.read_text(texts[field], field=field) for field in _TEXTS if field in texts
    }
    if values.get("name") == "":
        raise ValidationError(_("The product has no name."), code="name_missing")
    if "url" in texts:
        values["url"] = cells.read_url(texts["url"])
    if "gender" in texts:
        values["gender"] = cells.read_gender(texts["gender"])
    if "category" in values:
        # Feeds write the whole path: "Apparel > Dresses".
        values["category"] = values["category"].rpartition(">")[2].strip()
    if "stock" in texts:
        values["stock"] = cells.read_stock(texts["stock"])
    elif "availability" in texts:
        values["stock"] = cells.read_availability(texts["availability"])
    currency = cells.read_currency(texts.get("currency", ""))
    if "price" in texts:
        values["price"], currency = cells.read_price(texts["price"], currency=currency)
    if currency:
        values["currency"] = currency
    return values


def _styles(texts: Mapping[str, str]) -> tuple[frozenset[str] | None, str | None]:
    """Return style codes and group: a style outdoes a group, and a group the usage."""
    codes, group = cells.read_styles(texts["style"]) if "style" in texts else (None, None)
    if codes:
        return codes, None
    group = cells.read_group(texts.get("style_group", "")) or group
    if group is None and (known := resolve_group(texts.get("usage", ""))):
        group = known.code
    return codes, group


def photo_names(record: Record, *, columns: Columns) -> tuple[str, ...]:
    """Return the photos that a record names, in order."""
    # Feeds separate addresses by commas, which file names may hold.
    return tuple(
        name.strip()
        for cell in columns.photos
        for name in re.split(r"[|;]|,(?=\s*https?://)", _cell(record, cell, columns))
        if name.strip()
    )


def _photos(record: Record, columns: Columns) -> tuple[str, ...]:
    names = photo_names(record, columns=columns)
    if not names:
        raise ValidationError(_("The row names no photo."), code="image_missing")
    return names


def _cell(record: Record, number: int, columns: Columns) -> str:
    # Spreadsheet programs leave out the empty cells at the end of a row.
    text = record.cells[number].strip() if number < len(record.cells) else ""
    return unescape(text) if columns.is_escaped else text
