"""The reader of JSON bodies: what it lets through can be stored; REST_FRAMEWORK names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from access import conf

NO_TEXT = re.compile("[\x00\ud800-\udfff]")


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
            RequestDataTooBig: it is larger than ``MAX_JSON_BYTES``; 413.
            ParseError: it is no JSON, or holds what cannot be kept.
        """
        largest = conf.get("MAX_JSON_BYTES")
        head = stream.read(largest + 1)
        if len(head) > largest:
            raise RequestDataTooBig
        try:
            parsed: dict[str, Any] = super().parse(BytesIO(head), media_type, parser_context)
            _check(parsed)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        return parsed


def _check(value: Any) -> None:
    if isinstance(value, str):
        if NO_TEXT.search(value):
            raise ParseError(_("The JSON holds characters that are no text."))
    elif isinstance(value, dict):
        for name, member in value.items():
            _check(name)
            _check(member)
    elif isinstance(value, list):
        for member in value:
            _check(member)
