"""JSON Lines as records: an object a line; opened by ``products.importing.sources``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from products.importing.records import CatalogueImportError, Record

MAX_LINE_CHARACTERS: Final = 1_000_000
MAX_KEYS: Final = 500


class JsonLinesTable:
    """Objects, one a line, in UTF-8. The header is every key of the file, in order of appearance.

    Texts, numbers and booleans are values; a list of them is joined by ``|``; null is empty.

    Raises:
        CatalogueImportError: it is empty, no JSON Lines, or has too many different keys.
    """

    format = "json_lines"

    def __init__(self, path: Path, *, name: str) -> None:
        self._path = path
        keys: dict[str, None] = {}
        lines = 0
        for _number, line in self._lines():
            lines += 1
            found = _read_object(line)
            if isinstance(found, dict):
                keys.update(dict.fromkeys(found))
            if len(keys) > MAX_KEYS:
                raise CatalogueImportError(
                    "too_many_columns",
                    _("“%(file)s” has more than %(limit)s columns.")
                    % {"file": name, "limit": MAX_KEYS},
                )
        if not lines:
            raise CatalogueImportError("file_empty", _("“%(file)s” is empty.") % {"file": name})
        if not keys:
            raise CatalogueImportError(
                "not_json_lines",
                _("“%(file)s” is not JSON Lines: each line is an object such as {“sku”: “A-1”}.")
                % {"file": name},
            )
        self.header = tuple(keys)

    def records(self) -> Iterator[Record]:
        """Yield a record for each line that is not blank."""
        for number, line in self._lines():
            found = _read_object(line)
            if isinstance(found, ValidationError):
                yield Record(number, (), found)
                continue
            cells = []
            for key in self.header:
                text = _text(found.get(key))
                if text is None:
                    refusal = ValidationError(
                        _("“%(key)s” holds an object. Use a text, a number or a list of them."),
                        code="malformed_row",
                        params={"key": key[:40]},
                    )
                    yield Record(number, (), refusal)
                    break
                cells.append(text)
            else:
                yield Record(number, tuple(cells))

    def _lines(self) -> Iterator[tuple[int, str]]:
        with self._path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
            number = 0
            while line := file.readline(MAX_LINE_CHARACTERS + 1):
                number += 1
                if len(line) > MAX_LINE_CHARACTERS:
                    while line and not line.endswith("\n"):
                        line = file.readline(MAX_LINE_CHARACTERS)
                    line = "too long"
                if line.strip():
                    yield number, line


def _read_object(line: str) -> dict[str, Any] | ValidationError:
    try:
        found = json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        return ValidationError(
            _("The line is not JSON (%(reason)s)."),
            code="malformed_row",
            params={"reason": str(error)[:80]},
        )
    if not isinstance(found, dict):
        return ValidationError(_("The line is JSON, but not an object."), code="malformed_row")
    return found


def _text(value: Any) -> str | None:
    """Return a value as a cell, or None where it has parts that no cell holds."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        parts = [_text(part) for part in value if not isinstance(part, list)]
        if len(parts) < len(value) or None in parts:
            return None
        return "|".join(part for part in parts if part)
    return value if isinstance(value, str) else None
