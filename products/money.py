"""Amounts of money as people write them; for templates and for chips that name a price."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language

# Signs of the currencies shops here sell in; any other stands as its code before the amount.
CURRENCY_SIGNS = {"CNY": "CN¥", "EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩", "USD": "$"}
CURRENCIES_WITHOUT_CENTS = {"JPY", "KRW"}


def money(amount: Decimal, currency: str) -> str:
    """Return an amount as people write it: 29,000원 in Korean, ₩29,000 elsewhere."""
    decimals = 0 if currency in CURRENCIES_WITHOUT_CENTS else 2
    number = number_format(amount, decimals, use_l10n=True, force_grouping=True)
    if currency == "KRW" and (get_language() or "").startswith("ko"):
        return f"{number}원"
    sign = CURRENCY_SIGNS.get(currency)
    # The space must not break: an amount belongs to its currency.
    return f"{sign}{number}" if sign else f"{currency}\u00a0{number}"
