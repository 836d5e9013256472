from __future__ import annotations

import base64
import zlib
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from products.search.cursors import CatalogueCursor, CursorError, HitCursor, encode

MANY = tuple(range(1_000_000, 9_000_000, 40_000))[:200]


@pytest.mark.parametrize(
    "cursor",
    [
        HitCursor(1, 2),
        HitCursor(2**32 - 1, 3, position=9, block=1, block_start=4, after=(0.12345678901234567, 7)),
        HitCursor(1, 2, position=50, after=(-1e-9, 1), window_end=(1.5, 2**40), seen=(3, 9, 2**50)),
    ],
)
def test_a_cursor_is_read_back_to_the_last_bit(cursor: HitCursor) -> None:
    assert HitCursor.parse(cursor.encode()) == cursor


def test_no_cursor_is_the_beginning() -> None:
    assert HitCursor.parse("") is None
    assert CatalogueCursor.parse("") is None


def test_a_cursor_that_remembers_a_whole_window_fits_into_an_address() -> None:
    cursor = HitCursor(2**32 - 1, 12, position=199, window_end=(0.5, 1), seen=MANY)
    assert len(cursor.encode()) < 1500
    assert HitCursor.parse(cursor.encode()) == cursor


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "ÿ",
        "cDI0",
        "A" * 5000,
        base64.urlsafe_b64encode(b"not packed").decode(),
        base64.urlsafe_b64encode(zlib.compress(b"no json")).decode(),
        base64.urlsafe_b64encode(zlib.compress(b"[" * 9000)).decode(),
        base64.urlsafe_b64encode(zlib.compress(b"9" * 10_000_000)).decode(),
        CatalogueCursor(0, 1).encode(),
        encode("h", [1, 2, 3, 4]),
        encode("h", [1, 2, -3, 0, 0, None, None, []]),
        encode("h", [1, 2, 3, 0, 0, [float("nan"), 1], None, []]),
        encode("h", [1, 2, 3, 0, 0, [0.5, 2**63], None, []]),
        encode("h", [1, 2, 3, 0, 0, [0.5], None, []]),
        encode("h", [1, 2, True, 0, 0, None, None, []]),
        encode("h", [1, 2, 3, 0, 0, None, None, ["a"]]),
    ],
)
def test_what_is_no_cursor_is_refused_with_a_code(text: str) -> None:
    with pytest.raises(CursorError) as refused:
        HitCursor.parse(text)
    assert isinstance(refused.value, ValidationError)
    assert refused.value.error_dict["cursor"][0].code == "invalid_cursor"


def test_a_cursor_of_the_catalogue_is_its_own_kind() -> None:
    assert CatalogueCursor.parse(CatalogueCursor(2, 77).encode()) == CatalogueCursor(2, 77)
    with pytest.raises(CursorError):
        CatalogueCursor.parse(HitCursor(1, 2).encode())


@pytest.mark.parametrize("price", [None, Decimal("0.10"), Decimal(29000)])
def test_a_cursor_of_the_catalogue_remembers_its_order(price: Decimal | None) -> None:
    cursor = CatalogueCursor(0, 77, "-price", price)
    assert CatalogueCursor.parse(cursor.encode()) == cursor


@pytest.mark.parametrize("price", [1, "cheap", "NaN", "9" * 30, [], True])
def test_a_cursor_with_a_senseless_price_is_refused(price: object) -> None:
    with pytest.raises(CursorError):
        CatalogueCursor.parse(encode("c", [0, 77, "price", price]))


def test_a_cursor_belongs_to_one_list() -> None:
    cursor = HitCursor(1, 2)
    cursor.check(1)
    with pytest.raises(CursorError) as refused:
        cursor.check(2)
    assert refused.value.error_dict["cursor"][0].code == "cursor_of_another_list"
