"""A catalogue file as numbered records of cells, streamed; called by products/importers.py."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from products.importing.columns import Columns
from styles.exceptions import StylesError

_DELIMITERS: Final = (",", ";", "\t")


class CatalogueImportError(StylesError):
    """Nothing of a catalogue can be imported; ``code`` says why, the message what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Record:
    """One row under the header.

    Attributes:
        number: as a spreadsheet shows it: the header is row 1, blank rows count, and a row with
            line breaks inside its quotation marks is one row.
        cells: undecodable bytes are surrogates in them (PEP 383).
        error: why the row could not be split into cells, else None.
    """

    number: int
    cells: tuple[str, ...]
    error: ValidationError | None = None


class CatalogueFile:
    """A CSV file: comma, semicolon or tab; UTF-8 with or without a byte order mark.

    Raises:
        CatalogueImportError: it is missing, empty, no CSV, or without a column for the SKU.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._delimiter = ","
        if not path.is_file():
            raise CatalogueImportError(
                "file_missing", _("There is no file “%(file)s”.") % {"file": path}
            )
        self._delimiter = self._sniffed_delimiter()
        header = next(self._all_records(), None)
        if header is None:
            raise CatalogueImportError("file_empty", _("“%(file)s” is empty.") % {"file": path})
        if header.error or not is_utf8(header.cells) or "\0" in "".join(header.cells):
            raise CatalogueImportError(
                "not_a_csv",
                _(
                    "“%(file)s” is not a CSV file in UTF-8. In a spreadsheet program, save it as "
                    "“CSV UTF-8”."
                )
                % {"file": path},
            )
        self._header_number = header.number
        self.columns = Columns.of(header.cells)
        self._check_columns(header)

    def _check_columns(self, header: Record) -> None:
        if self.columns.ambiguous:
            raise CatalogueImportError(
                "duplicate_column",
                _("The column “%(column)s” stands in the file twice. Rename or delete one.")
                % {"column": self.columns.ambiguous[:40]},
            )
        if "sku" not in self.columns.fields:
            raise CatalogueImportError(
                "sku_column_missing",
                _("No column holds the SKU: name one “sku”. The columns are: %(columns)s.")
                % {"columns": ", ".join(name.strip()[:40] for name in header.cells[:20])},
            )

    def records(self) -> Iterator[Record]:
        """Yield the rows under the header, without the blank ones."""
        return (record for record in self._all_records() if record.number > self._header_number)

    def count(self) -> int:
        """Return how many records there are; reads the whole file."""
        return sum(1 for _record in self.records())

    def _all_records(self) -> Iterator[Record]:
        with self._open() as stream:
            # Strict: a stray quotation mark is reported with its row, not guessed around.
            rows = csv.reader(stream, delimiter=self._delimiter, strict=True)
            for number in itertools.count(1):
                record = _next_record(rows, number)
                if record is None:
                    return
                if record.error or any(cell.strip() for cell in record.cells):
                    yield record

    def _sniffed_delimiter(self) -> str:
        """Return the delimiter that splits the first line into the most cells."""
        with self._open() as stream:
            line = next((line for line in stream if line.strip()), "")
        return max(_DELIMITERS, key=line.count)

    def _open(self) -> TextIO:
        # Bytes that are not UTF-8 become surrogates and stay in their cell: they cost their row,
        # not the file.
        return self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def is_utf8(cells: tuple[str, ...]) -> bool:
    """Whether the bytes behind the cells were UTF-8."""
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True


def _next_record(rows: Iterator[list[str]], number: int) -> Record | None:
    try:
        return Record(number, tuple(next(rows)))
    except StopIteration:
        return None
    except csv.Error as error:
        # The reader goes on with the line after the one it gave up on.
        refusal = ValidationError(
            _("The row cannot be read (%(reason)s). Check its quotation marks."),
            code="malformed_row",
            params={"reason": error},
        )
        return Record(number, (), refusal)
