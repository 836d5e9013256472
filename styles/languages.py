"""Which of the shop's two languages a page is in; asked wherever a name exists in both."""

from __future__ import annotations

from django.utils.translation import get_language


def is_korean(language: str | None = None) -> bool:
    """Tell whether a language, by default the one in use, is Korean, of whatever region."""
    return (language or get_language() or "").startswith("ko")
