"""Where a page ended, as the opaque text that leads to the next one; for search and listings.

A cursor names the last row, not how many there were: products that are added or deleted between
two pages neither repeat others nor hide them.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import astuple, dataclass
from decimal import Decimal, InvalidOperation
from itertools import accumulate, pairwise
from math import isfinite
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST_NUMBER: Final = 2**63 - 1
LARGEST_CURSOR: Final = 4096
LARGEST_CONTENT: Final = 16_384
LONGEST_PRICE: Final = 20

Bound = tuple[float, int]
"""(cosine distance, product id): the order of look-alikes."""


class CursorError(ValidationError):
    """A cursor that leads nowhere."""

    def __init__(self, message: Any = None, *, code: str = "invalid_cursor") -> None:
        sentence = message or _("This cursor is not one of ours: start without a cursor.")
        super().__init__({"cursor": ValidationError(sentence, code=code)})


class CursorOfAnotherListError(CursorError):
    """A cursor of another search, or of this one before it changed."""

    def __init__(self) -> None:
        super().__init__(
            _("This cursor belongs to another list: start without a cursor."),
            code="cursor_of_another_list",
        )


@dataclass(frozen=True)
class HitCursor:
    """Where a page of look-alikes ended.

    Attributes:
        list_key: tells the list apart from others, see ``look_alikes``.
        model_version: key of the version the distances belong to.
        position: hits up to here.
        block: which block of the list comes next, from 0.
        block_start: hits in the blocks before it.
        after: the last row of the block or window that needs no more looking at.
        window_end: the last row of the window being reordered; None before one was opened.
        seen: ids of that window which were shown, in ascending order.
    """

    list_key: int
    model_version: int
    position: int = 0
    block: int = 0
    block_start: int = 0
    after: Bound | None = None
    window_end: Bound | None = None
    seen: tuple[int, ...] = ()

    def encode(self) -> str:
        """Return the cursor as text for an address."""
        *members, seen = astuple(self)
        # Differences of ascending ids are short, and the text must fit into an address.
        steps = [later - earlier for earlier, later in pairwise((0, *seen))]
        return encode("h", [*members, steps])

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a cursor; None where there is none.

        Raises:
            CursorError: it was not written by ``encode``.
        """
        if not text:
            return None
        match decode("h", text):
            case [list_key, version, position, block, block_start, after, end, list(steps)]:
                return cls(
                    _number(list_key),
                    _number(version),
                    position=_number(position),
                    block=_number(block),
                    block_start=_number(block_start),
                    after=_bound(after),
                    window_end=_bound(end),
                    seen=tuple(accumulate(_number(step) for step in steps)),
                )
        raise CursorError

    def check(self, list_key: int) -> None:
        """Refuse a cursor that belongs to another list.

        Raises:
            CursorOfAnotherListError: it does.
        """
        if self.list_key != list_key:
            raise CursorOfAnotherListError


@dataclass(frozen=True)
class CatalogueCursor:
    """Where a part of the catalogue ended.

    Attributes:
        word_rank: how well the last product matched the words.
        product_id: its key.
        sort: the order of the list, see ``products.sorting``; empty for the best match.
        price: the price of the last product, where the order is by price.
    """

    word_rank: int
    product_id: int
    sort: str = ""
    price: Decimal | None = None

    def encode(self) -> str:
        """Return the cursor as text for an address."""
        if not self.sort:
            return encode("c", [self.word_rank, self.product_id])
        price = None if self.price is None else str(self.price)
        return encode("c", [self.word_rank, self.product_id, self.sort, price])

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a cursor; None where there is none.

        Raises:
            CursorError: it was not written by ``encode``.
        """
        if not text:
            return None
        match decode("c", text):
            case [word_rank, product_id]:
                return cls(_number(word_rank), _number(product_id))
            case [word_rank, product_id, str(sort), price] if sort:
                return cls(_number(word_rank), _number(product_id), sort, _price(price))
        raise CursorError

    def check(self, sort: str) -> None:
        """Refuse a cursor of a list in another order.

        Raises:
            CursorOfAnotherListError: it is one.
        """
        if self.sort != sort:
            raise CursorOfAnotherListError


def encode(kind: str, members: list[Any]) -> str:
    """Return members as text of letters, digits, ``-`` and ``_``; ``kind`` is told apart."""
    content = json.dumps([kind, *members], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


def decode(kind: str, text: str) -> list[Any]:
    """Return the members behind a text of ``encode``.

    Raises:
        CursorError: it is none, or of another kind.
    """
    if len(text) > LARGEST_CURSOR:
        raise CursorError
    try:
        packed = base64.b64decode(
            (text + "=" * (-len(text) % 4)).encode("ascii"), altchars=b"-_", validate=True
        )
        content = zlib.decompressobj().decompress(packed, LARGEST_CONTENT)
        read = json.loads(content)
    except (binascii.Error, UnicodeError, ValueError, RecursionError, zlib.error) as error:
        raise CursorError from error
    match read:
        case [name, *members] if name == kind:
            return members
    raise CursorError


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_NUMBER:
        raise CursorError
    return value


def _price(value: Any) -> Decimal | None:
    match value:
        case None:
            return None
        case str(text) if len(text) <= LONGEST_PRICE:
            try:
                price = Decimal(text)
            except InvalidOperation as error:
                raise CursorError from error
            if price.is_finite():
                return price
    raise CursorError


def _bound(value: Any) -> Bound | None:
    match value:
        case None:
            return None
        case [float(distance), product_id] if isfinite(distance):
            return distance, _number(product_id)
    raise CursorError
