"""Cells that a spreadsheet program would run as formulas; for whatever writes tables of ours.

The rule is that of https://owasp.org/www-community/attacks/CSV_Injection: an apostrophe before the
text makes it a text.
"""

from __future__ import annotations

from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", *"\uff1d\uff0b\uff0d\uff20")
_MARK: Final = "'"


def escape(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    return f"{_MARK}{text}" if text.lstrip(_MARK).startswith(_STARTS) else text


def unescape(text: str) -> str:
    """Return what was escaped as it was before; any other text unchanged."""
    is_escaped = text.startswith(_MARK) and text.lstrip(_MARK).startswith(_STARTS)
    return text[1:] if is_escaped else text
