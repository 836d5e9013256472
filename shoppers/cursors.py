"""Where a part of the recommendations ended; written and read by ``shoppers.recommendations``.

The cursor names what was shown, not a place in an order: the taste, and with it the order, may
change between two parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from products.search.cursors import CursorError, decode, encode

# A list ends here: by then a shopper has seen enough to have shown more of their taste.
MOST_SHOWN: Final = 240


def read_cursor(text: str) -> tuple[int, ...]:
    """Return the keys of the products that were shown.

    Raises:
        CursorError: the text is none of our cursors.
    """
    if not text:
        return ()
    shown: list[int] = []
    for step in decode("r", text):
        if type(step) is not int or step < 0:
            raise CursorError
        shown.append(step + (shown[-1] if shown else 0))
    if len(shown) > MOST_SHOWN or (shown and shown[-1] >= 2**63):
        raise CursorError
    return tuple(shown)


def write_cursor(keys: Iterable[int]) -> str:
    """Return the cursor behind the products with these keys; empty where the list ends."""
    ascending = sorted(set(keys))
    if not ascending or len(ascending) >= MOST_SHOWN:
        return ""
    # Differences of ascending keys are short, and the text must fit into an address.
    return encode("r", [later - earlier for earlier, later in pairwise([0, *ascending])])
