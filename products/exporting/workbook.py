"""The catalogue as an Excel workbook, written row by row; called by ``products.exporters``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Final

from django.utils.translation import gettext as _

from products.importing.records import CatalogueImportError

MAX_ROWS: Final = 1_048_576
MAX_TEXT: Final = 32_767
_BLOCK: Final = 1 << 18


def check_rows(products: int) -> None:
    """Refuse what no sheet of Excel holds.

    Raises:
        CatalogueImportError: ``too_many_rows``.
    """
    if products >= MAX_ROWS:
        raise CatalogueImportError(
            "too_many_rows",
            _("A workbook holds %(limit)s products at most. Take the CSV file.")
            % {"limit": MAX_ROWS - 1},
        )


def workbook_parts(rows: Iterable[Sequence[str]], *, title: str) -> Iterator[bytes]:
    """Yield a workbook of one sheet in which every cell is a text, a quarter of a MiB at a time."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet)
            if text:
                # Not by assigning: what begins with = would become a formula, 007 a number.
                cell._value, cell.data_type = _printable(text), "s"
            cells.append(cell)
        sheet.append(cells)
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while block := file.read(_BLOCK):
            yield block


def _printable(text: str) -> str:
    """Return a text without the control characters that no workbook may hold."""
    if not text.isprintable():
        text = "".join(each for each in text if each >= " " or each in "\t\n\r")
    return text[:MAX_TEXT]
