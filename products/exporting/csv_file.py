"""The catalogue as rows of text under a header, and as CSV; called by ``products.exporters``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.utils import timezone

from products.exporting.addresses import absolute
from products.exporting.columns import ATTRIBUTE_PREFIX, LABELS, MARK
from products.exporting.rows import ExportedProduct
from products.importing.escaping import escape

BYTE_ORDER_MARK: Final = "\ufeff".encode()
"""Tells Excel that a file is UTF-8."""
_FIELDS: Final = (
    *("sku", "name", "name_ko", "brand", "price", "currency", "stock", "gender", "category"),
    *("colour", "url", "style", "style_group", "image_link", *LABELS),
)
_BLOCK: Final = 1 << 17


def table_rows(
    products: Iterable[ExportedProduct], *, keys: Sequence[str], address: str
) -> Iterator[list[str]]:
    """Yield the header, then a row for each product; no cell of it is a formula.

    Args:
        keys: of the attributes that become columns.
        address: where the shop is, for the addresses of its photos; "" leaves them out.
    """
    written_at = timezone.now().isoformat(timespec="seconds")
    yield [*_FIELDS, *(f"{ATTRIBUTE_PREFIX}{key}" for key in keys), MARK]
    for product in products:
        photos = (absolute(photo, address) for photo in product.photos)
        cells = [
            *(product.sku, product.name, product.name_ko, product.brand),
            "" if product.price is None else str(product.price),
            product.currency,
            "" if product.stock is None else str(product.stock),
            *(product.gender, product.category, product.colour, product.url),
            "|".join(product.styles),
            product.style_group,
            "|".join(photo for photo in photos if photo),
            *product.labels,
            *(str(product.attributes.get(key, "")) for key in keys),
        ]
        yield [*map(escape, cells), written_at]


def csv_parts(rows: Iterable[Sequence[str]], *, delimiter: str = ",") -> Iterator[bytes]:
    """Yield rows as lines of a file in UTF-8, an eighth of a MiB at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    for row in rows:
        writer.writerow(row)
        if buffer.tell() > _BLOCK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
