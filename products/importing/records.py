"""What a catalogue file is to the importer, whatever its format: a header and numbered records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import ValidationError

from styles.exceptions import StylesError


class CatalogueImportError(StylesError):
    """Nothing of a catalogue can be imported; ``code`` says why, the message what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Record:
    """One row under the header.

    Attributes:
        number: as people find it in the file: a spreadsheet's row, the header being 1; the line of
            JSON Lines; the item of a feed, counted from 1.
        cells: in the order of the header; undecodable bytes are surrogates in them (PEP 383).
        error: why the row could not be split into cells, else None.
    """

    number: int
    cells: tuple[str, ...]
    error: ValidationError | None = None


class Table(Protocol):
    """A file of rows, read from the beginning as often as ``records`` is called."""

    format: str
    header: tuple[str, ...]

    def records(self) -> Iterator[Record]:
        """Yield the rows under the header, without the blank ones, in the order of the file.

        Raises:
            CatalogueImportError: the file breaks off, or stops being of its format.
        """
        ...


def is_utf8(cells: tuple[str, ...]) -> bool:
    """Whether the bytes behind the cells were UTF-8."""
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True
