"""Paging of the API: ``limit`` and an opaque ``cursor``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from products import conf


@dataclass(frozen=True)
class PageRequest:
    """Which part of a list is asked for; ``cursor`` is what the part before ended with, or empty.

    What stands in a cursor, ``products.search.cursors`` knows.
    """

    limit: int
    cursor: str

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> Self:
        """Read ``limit`` and ``cursor``.

        Raises:
            ValidationError: with the code ``invalid_limit``.
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
        return cls(limit=int(text), cursor=parameters.get("cursor") or "")
