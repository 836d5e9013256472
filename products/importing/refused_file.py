"""The rows that an import refused as a file: its columns and a reason, to be mended and sent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Any, Final

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from products.importing.escaping import escape
from products.models import CatalogueImport

REASON: Final = {"ko": "거절사유"}
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LINES: Final = 500


def refused_file_name(found: CatalogueImport) -> str:
    """Return what the file is called: it is a workbook where the import was one, else CSV."""
    stem = PurePosixPath(found.file_name).stem[:80]
    return f"{stem}-refused-{found.pk}.{'xlsx' if found.format == 'xlsx' else 'csv'}"


def refused_response(found: CatalogueImport) -> HttpResponseBase:
    """Return the file as the answer to a request."""
    name = refused_file_name(found)
    if found.format == CatalogueImport.Format.XLSX:
        book = open_workbook(found)
        return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX_TYPE)
    response = StreamingHttpResponse(csv_parts(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def csv_parts(found: CatalogueImport) -> Iterator[bytes]:
    """Yield the refused rows as CSV in UTF-8, which the mark at its start tells to Excel."""
    yield "\ufeff".encode()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for number, row in enumerate(_rows(found), start=1):
        writer.writerow(row)
        if number % _LINES == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def open_workbook(found: CatalogueImport) -> IO[bytes]:
    """Return the refused rows as an Excel workbook, opened at its start."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Refused rows"))
    for row in _rows(found):
        cells: list[Any] = []
        for text in row:
            cell = WriteOnlyCell(sheet, value="")
            # Not by assigning: a text that starts with = would become a formula.
            cell._value, cell.data_type = _printable(text), "s"
            cells.append(cell)
        sheet.append(cells)
    file = TemporaryFile()  # noqa: SIM115 - the response that sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _rows(found: CatalogueImport) -> Iterator[list[str]]:
    width = len(found.header)
    header = [escape(name) for name in found.header]
    # A file that was mended once has the column already.
    own = next((cell for cell, name in enumerate(header) if _is_reason(name)), None)
    with translation.override(found.language):
        reason = REASON.get(found.language, "reason")
    yield header if own is not None else [*header, reason]
    refused = found.refused_rows.order_by("number")
    for cells, message in refused.values_list("cells", "message").iterator(1000):
        padded = [escape(cell) for cell in cells[:width]] + [""] * (width - len(cells))
        if own is None:
            padded.append(escape(message))
        else:
            padded[own] = escape(message)
        yield padded + [escape(cell) for cell in cells[width:]]


def _is_reason(name: str) -> bool:
    return name.strip().casefold() in {"reason", *REASON.values()}


def _printable(text: str) -> str:
    """Return a text without the control characters that no workbook may hold."""
    return "".join(each for each in text if each >= " " or each in "\t\n\r")[:32_767]


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
