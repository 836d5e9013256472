"""Excel workbooks as records, streamed; opened by ``products.importing.sources``."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from django.utils.translation import gettext as _

from products.importing.archive import Archive
from products.importing.records import CatalogueImportError, Record

MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 500
MAX_WORKBOOK_BYTES: Final = 512 * 1024 * 1024
# A damaged workbook meets openpyxl anywhere; DefusedXmlException is a ValueError, ParseError a
# SyntaxError.
FAULTS: Final = (
    *(ArithmeticError, AssertionError, AttributeError, BadZipFile, EOFError, LookupError),
    *(NotImplementedError, OSError, RuntimeError, SyntaxError, TypeError, ValueError, zlib.error),
)


class XlsxTable:
    """The first sheet of a workbook. Its first row that is not blank is the header.

    Numbers and dates become text as people write them; formulas stay the text that they are.

    Raises:
        CatalogueImportError: it is empty, damaged, protected, or unpacks to a bomb.
    """

    format = "xlsx"

    def __init__(self, path: Path, *, name: str) -> None:
        self._path = path
        self._name = name
        with Archive(path, name=name, max_bytes=MAX_WORKBOOK_BYTES, is_workbook=True):
            pass
        header = next(self._all_records(), None)
        if header is None:
            raise CatalogueImportError("file_empty", _("“%(file)s” is empty.") % {"file": name})
        self.header = header.cells
        self._header_number = header.number

    def records(self) -> Iterator[Record]:
        """Yield the rows under the header, without the blank ones."""
        return (record for record in self._all_records() if record.number > self._header_number)

    def _all_records(self) -> Iterator[Record]:
        faults: tuple[type[Exception], ...] = (*FAULTS, *_faults_of_its_own())
        try:
            blank: tuple[Any, ...] = ()
            for number, values in enumerate(self._rows(), start=1):
                # openpyxl fills gaps with the same row again and again, a million of them if asked.
                if values is blank:
                    continue
                if not any(value is not None for value in values):
                    blank = values
                    continue
                if any(value is not None for value in values[MAX_COLUMNS:]):
                    raise CatalogueImportError(
                        "too_many_columns",
                        _("“%(file)s” has more than %(limit)s columns.")
                        % {"file": self._name, "limit": MAX_COLUMNS},
                    )
                cells = list(map(_text, values))
                while cells and not cells[-1].strip():
                    cells.pop()
                if cells:
                    yield Record(number, tuple(cells))
        except faults as error:
            raise CatalogueImportError(
                "not_a_workbook",
                _("“%(file)s” cannot be read as an Excel workbook. Save it again as .xlsx.")
                % {"file": self._name},
            ) from error

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        from openpyxl import load_workbook

        # A file, not its path: openpyxl would judge it by its suffix, which stored files have not.
        with self._path.open("rb") as file, warnings.catch_warnings():
            # Of parts of a workbook that no catalogue needs: validations, styles, dates.
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, keep_links=False)
            try:
                sheet = book.worksheets[0]
                # What a workbook says of its size may be wrong in either direction.
                sheet.reset_dimensions()
                yield from sheet.iter_rows(
                    max_row=MAX_ROWS, max_col=MAX_COLUMNS + 1, values_only=True
                )
            finally:
                book.close()


def _faults_of_its_own() -> tuple[type[Exception], ...]:
    """Return the errors of openpyxl, which have no base but that of all."""
    from openpyxl.utils import exceptions

    return (
        exceptions.CellCoordinatesException,
        exceptions.IllegalCharacterError,
        exceptions.InvalidFileException,
        exceptions.NamedRangeException,
        exceptions.SheetTitleException,
    )


def _text(value: Any) -> str:
    """Return a cell as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel keeps 15 digits and knows no whole numbers: 29000.0 is 29000.
        return f"{value:.15g}" if value != int(value) or abs(value) >= 1e15 else str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(getattr(value, "text", value))
