"""CSV and TSV files as records, streamed; opened by ``products.importing.sources``."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from products.importing.records import CatalogueImportError, Record, is_utf8

_DELIMITERS: Final = (",", ";", "\t")
_MAX_FIRST_LINE: Final = 1_000_000


class CsvTable:
    """A CSV file: comma, semicolon or tab; UTF-8 with or without a byte order mark.

    Raises:
        CatalogueImportError: it is empty or no CSV.
    """

    format = "csv"

    def __init__(self, path: Path, *, name: str) -> None:
        self._path = path
        self._delimiter = ","
        self._delimiter = self._sniffed_delimiter()
        header = next(self._all_records(), None)
        if header is None:
            raise CatalogueImportError("file_empty", _("“%(file)s” is empty.") % {"file": name})
        if header.error or not is_utf8(header.cells) or "\0" in "".join(header.cells):
            raise CatalogueImportError(
                "not_a_csv",
                _(
                    "“%(file)s” is not a CSV file in UTF-8. In a spreadsheet program, save it as "
                    "“CSV UTF-8”."
                )
                % {"file": name},
            )
        self.header = header.cells
        self._header_number = header.number

    def records(self) -> Iterator[Record]:
        """Yield the rows under the header, without the blank ones."""
        return (record for record in self._all_records() if record.number > self._header_number)

    def _all_records(self) -> Iterator[Record]:
        with self._open() as stream:
            # Strict: a stray quotation mark is reported with its row, not guessed around.
            rows = csv.reader(stream, delimiter=self._delimiter, strict=True)
            for number in itertools.count(1):
                record = _next_record(rows, number)
                if record is None:
                    return
                if record.error or any(map(str.strip, record.cells)):
                    yield record

    def _sniffed_delimiter(self) -> str:
        """Return the delimiter that splits the first line into the most cells."""
        with self._open() as stream:
            while (line := stream.readline(_MAX_FIRST_LINE)) and not line.strip():
                pass
        return max(_DELIMITERS, key=line.count)

    def _open(self) -> TextIO:
        # Bytes that are not UTF-8 become surrogates and stay in their cell: they cost their row,
        # not the file.
        return self._path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


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
