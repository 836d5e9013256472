"""The reader of JSON bodies: what it lets through can be stored; REST_FRAMEWORK names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """Reads JSON as far as PostgreSQL can hold it.

    JSON may write ``\\u0000`` and halves of surrogate pairs, which no text of PostgreSQL takes, and
    it may be nested deeper than a program can follow.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return what the body holds.

        Raises:
            ParseError: it is no JSON, or holds what cannot be kept.
        """
        try:
            parsed: dict[str, Any] = super().parse(stream, media_type, parser_context)
            _check(parsed)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        return parsed


def _check(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ParseError(_("The JSON holds characters that are no text."))
    elif isinstance(value, dict):
        for name, member in value.items():
            _check(name)
            _check(member)
    elif isinstance(value, list):
        for member in value:
            _check(member)
