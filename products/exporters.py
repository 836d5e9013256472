"""Writes the catalogue to a file of any format; called by ``export_products`` and the admin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from products.exporting.addresses import check_address
from products.exporting.csv_file import BYTE_ORDER_MARK, csv_parts, table_rows
from products.exporting.merchant_feed import items, tsv_rows, xml_parts
from products.exporting.rows import ExportedProduct, attribute_keys, exported_products
from products.exporting.workbook import check_rows, workbook_parts
from products.filters import ProductFilters
from products.importing.records import CatalogueImportError
from products.models import Product


class Format(StrEnum):
    """What the catalogue can be written as."""

    CSV = "csv"
    XLSX = "xlsx"
    MERCHANT_XML = "merchant-xml"
    MERCHANT_TSV = "merchant-tsv"


class Kind(NamedTuple):
    """How a format is announced; feeds need to know where the shop is."""

    suffix: str
    content_type: str
    is_feed: bool


KINDS: Final = {
    Format.CSV: Kind("csv", "text/csv; charset=utf-8", False),
    Format.XLSX: Kind(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False
    ),
    Format.MERCHANT_XML: Kind("xml", "application/xml; charset=utf-8", True),
    Format.MERCHANT_TSV: Kind("tsv", "text/tab-separated-values; charset=utf-8", True),
}


class Export:
    """The catalogue on its way out. Iterate ``parts`` once; the counts are right afterwards.

    Hidden products stay in. Sold-out ones are told as such, unless the filters say otherwise.

    Args:
        filters: None takes all that is published.
        address: where the shop is, https://...; feeds need it, tables name photos by it.

    Attributes:
        products: how many were written.
        left_out: reason -> products that a feed may not hold.

    Raises:
        CatalogueImportError: ``address_missing`` or ``too_many_rows``.
        ValidationError: the address is none.
    """

    def __init__(
        self, to: Format, *, filters: ProductFilters | None = None, address: str = ""
    ) -> None:
        self.format = to
        self.products = 0
        self.left_out: Counter[str] = Counter()
        self._address = check_address(address)
        self._found = (filters or ProductFilters(in_stock=False)).apply(Product.objects.all())
        if KINDS[to].is_feed and not self._address:
            raise CatalogueImportError(
                "address_missing", _("A feed needs the address of the shop, such as https://….")
            )
        if to is Format.XLSX:
            check_rows(self._found.count())

    def parts(self) -> Iterator[bytes]:
        """Yield the file; memory holds some thousand products at most."""
        products = self._counted()
        if KINDS[self.format].is_feed:
            found = items(products, address=self._address, left_out=self.left_out)
            if self.format is Format.MERCHANT_XML:
                yield from xml_parts(found, title=_("Products"), address=self._address)
            else:
                yield from csv_parts(tsv_rows(found), delimiter="\t")
        else:
            rows = table_rows(products, keys=attribute_keys(), address=self._address)
            if self.format is Format.XLSX:
                yield from workbook_parts(rows, title=_("Products"))
            else:
                yield BYTE_ORDER_MARK
                yield from csv_parts(rows)
        self.products -= self.left_out.total()

    def _counted(self) -> Iterator[ExportedProduct]:
        for product in exported_products(self._found):
            self.products += 1
            yield product


def read_filters(parameters: dict[str, str | None]) -> ProductFilters:
    """Return the filters of an export: sold-out products are in it unless it is said otherwise.

    Raises:
        ValidationError: field name -> error with a stable code.
    """
    return ProductFilters.parse({**parameters, "in_stock": parameters.get("in_stock") or "false"})
