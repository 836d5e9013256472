"""Paging of the API: ``limit`` and an opaque ``cursor``."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from products import conf

MAX_POSITION = 10**9


@dataclass(frozen=True)
class PageRequest:
    """Which part of a list is asked for; ``position`` is what the last cursor pointed at."""

    limit: int
    position: int

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> Self:
        """Read ``limit`` and ``cursor``.

        Raises:
            ValidationError: with the codes ``invalid_limit`` and ``invalid_cursor``.
        """
        largest = conf.get("MAX_PAGE_SIZE")
        text = parameters.get("limit") or str(conf.get("PAGE_SIZE"))
        if not (
            text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= largest
        ):
            raise ValidationError(
                {
                    "limit": ValidationError(
                        _("Use a limit from 1 to %(largest)s."),
                        code="invalid_limit",
                        params={"largest": largest},
                    )
                }
            )
        return cls(limit=int(text), position=_decode(parameters.get("cursor") or ""))


def encode_cursor(position: int) -> str:
    """Return the cursor that leads to a position."""
    return base64.urlsafe_b64encode(f"p{position}".encode()).decode().rstrip("=")


def _decode(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = base64.b64decode(
            (cursor + "=" * (-len(cursor) % 4)).encode("ascii"), altchars=b"-_", validate=True
        ).decode("ascii")
        position = int(text[1:]) if text[:1] == "p" and text[1:].isdecimal() else -1
    except (binascii.Error, UnicodeError, ValueError):
        position = -1
    if not 0 <= position <= MAX_POSITION:
        raise ValidationError(
            {
                "cursor": ValidationError(
                    _("This cursor is not one of ours: start without a cursor."),
                    code="invalid_cursor",
                )
            }
        )
    return position
