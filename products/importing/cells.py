"""The text of a cell as the value it means, or the reason why it means none; called by rows.py."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Field
from django.utils.translation import gettext_lazy as _

from products.models import Product
from styles.taxonomy import resolve_group, resolve_style

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_NOTHING: Final = {"", "-", "na", "n/a", "none", "null", "없음"}
"""What exports write where they know no gender or style."""

_GENDERS: Final[Mapping[str, str]] = {
    word: gender
    for gender, words in {
        Product.Gender.WOMEN: (
            "women woman womens female females lady ladies w f 여성 여자 여 여성용"
        ),
        Product.Gender.MEN: "men man mens male males gentlemen m 남성 남자 남 남성용",
        Product.Gender.GIRLS: "girls girl 여아 여자아이",
        Product.Gender.BOYS: "boys boy 남아 남자아이",
        Product.Gender.UNISEX: "unisex u all 공용 남녀공용 유니섹스",
    }.items()
    for word in words.split()
}

_CURRENCIES: Final[Mapping[str, str]] = {
    "₩": "KRW",
    "원": "KRW",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "円": "JPY",
    "元": "CNY",
}
_MARK: Final = r"(?:[A-Z]{3}|[" + "".join(_CURRENCIES) + "])"
_MONEY: Final = re.compile(rf"({_MARK})?([0-9.,' ]*[0-9])({_MARK})?")
# 29000, 12.5, 12,50; 1,290,000.00; 1.290.000,00. A single point before three digits could mean
# either, so it is refused.
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d{1,2})?", re.ASCII)
_COMMA_GROUPS: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", re.ASCII)
_POINT_GROUPS: Final = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,3}(?:\.\d{3}){2,}", re.ASCII)
_STOCK: Final = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?", re.ASCII)
_AVAILABILITIES: Final[Mapping[str, int | None]] = {
    "": None,
    "in_stock": None,
    "instock": None,
    "available": None,
    "preorder": None,
    "backorder": None,
    "판매중": None,
    "out_of_stock": 0,
    "outofstock": 0,
    "sold_out": 0,
    "품절": 0,
}
_MAX_PRICE: Final = Decimal(10) ** 10
_MAX_STOCK: Final = 2**31 - 1

_FIELDS: Final[Mapping[str, Field[Any, Any]]] = {
    field.name: field for field in Product._meta.fields
}
_check_url = URLValidator(schemes=("http", "https"))
# Nearly all are like this, and the validator is by far the dearest part of a row.
_PLAIN_URL: Final = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(?::[0-9]{2,4})?(?:[/?#][!-~]*)?",
    re.ASCII,
)


def read_text(text: str, *, field: str) -> str:
    """Return the text on one line, if it fits into the column of ``Product``."""
    line = " ".join(text.split())
    limit = _FIELDS[field].max_length
    if limit is not None and len(line) > limit:
        raise ValidationError(
            _("“%(value)s…” is longer than the %(limit)s characters that “%(field)s” holds."),
            code="too_long",
            params={"value": line[:20], "limit": limit, "field": field},
        )
    return line


def read_sku(text: str) -> str:
    """Return the SKU, of letters, digits and . : + - _ only."""
    if not text.strip():
        raise ValidationError(_("The row has no SKU."), code="sku_missing")
    sku = read_text(text, field="sku")
    try:
        _FIELDS["sku"].run_validators(sku)
    except ValidationError as error:
        raise _refusal(
            "invalid_sku",
            _("“%(value)s” is not a SKU: use letters, digits and . : + - _ only."),
            sku,
        ) from error
    return sku


def read_url(text: str) -> str:
    """Return a web address; nothing else may end up in a link."""
    url = read_text(text, field="url")
    try:
        if url and not _PLAIN_URL.fullmatch(url):
            _check_url(url)
    except ValidationError as error:
        raise _refusal(
            "invalid_url", _("“%(value)s” is not a web address: start it with https://."), url
        ) from error
    return url


def read_currency(text: str) -> str | None:
    """Return the ISO 4217 code of a currency code or sign, or None for an empty cell."""
    mark = unicodedata.normalize("NFKC", text).strip().upper()
    if not mark:
        return None
    code = _CURRENCIES.get(mark, mark)
    if not re.fullmatch("[A-Z]{3}", code):
        raise _refusal(
            "invalid_currency", _("“%(value)s” is not a currency: use a code such as KRW."), text
        )
    return code


def read_price(text: str, *, currency: str | None) -> tuple[Decimal | None, str | None]:
    """Return amount and currency of "29000", "₩29,000", "12.50 EUR" or "1.290,00 €".

    Args:
        currency: what the row's currency column says. It outdoes a sign such as $, which many
            currencies share, but must agree with a code beside the price.
    """
    # Full-width digits and signs, as Korean and Japanese keyboards write them, become plain ones.
    compact = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not compact:
        return None, currency
    money = _MONEY.fullmatch(compact)
    amount = _amount(money[2]) if money else None
    if money is None or amount is None or amount >= _MAX_PRICE or (money[1] and money[3]):
        raise _refusal(
            "invalid_price", _("“%(value)s” is not a price: use a number such as 29000."), text
        )
    mark = money[1] or money[3]
    if mark and mark not in _CURRENCIES and currency not in {None, mark}:
        raise ValidationError(
            _("The price is in %(mark)s, but the currency column says %(currency)s."),
            code="currency_conflict",
            params={"mark": mark, "currency": currency},
        )
    return amount, currency or (_CURRENCIES.get(mark, mark) if mark else None)


def read_stock(text: str) -> int | None:
    """Return a number of pieces, or None, which means not tracked, for an empty cell."""
    compact = "".join(unicodedata.normalize("NFKC", text).split())
    if not compact:
        return None
    found = _STOCK.fullmatch(compact)
    stock = int(found[1].replace(",", "")) if found and len(compact) < 20 else _MAX_STOCK + 1
    if stock > _MAX_STOCK:
        raise _refusal(
            "invalid_stock", _("“%(value)s” is not a stock: use a whole number such as 12."), text
        )
    return stock


def read_availability(text: str) -> int | None:
    """Return the stock that a feed's availability means: 0, or None for what can be bought."""
    word = "_".join(text.split()).casefold()
    if word not in _AVAILABILITIES:
        raise _refusal(
            "unknown_availability",
            _("There is no availability “%(value)s”: use in_stock or out_of_stock."),
            text.strip(),
        )
    return _AVAILABILITIES[word]


def read_gender(text: str) -> str:
    """Return a value of ``Product.Gender``, or "" where none is named."""
    word = text.strip().casefold().replace("'", "")
    if word in _NOTHING:
        return ""
    if word not in _GENDERS:
        raise ValidationError(
            _("There is no gender “%(value)s”. Use one of %(known)s."),
            code="unknown_gender",
            params={"value": text[:40], "known": ", ".join(Product.Gender.values)},
        )
    return _GENDERS[word]


def read_styles(text: str) -> tuple[frozenset[str], str | None]:
    """Return the codes of the styles and of the style group that a cell names.

    Several styles are separated by | ; or a comma. A group counts where no style is named.
    """
    styles, group = set(), None
    for word in re.split(r"[|;,]", text):
        if word.strip().casefold() in _NOTHING:
            continue
        if style := resolve_style(word.strip()):
            styles.add(style.code)
        else:
            group = group or read_group(word)
    return frozenset(styles), None if styles else group


def read_group(text: str) -> str | None:
    """Return the code of the style group that a cell names, or None where it names none."""
    if text.strip().casefold() in _NOTHING:
        return None
    group = resolve_group(text.strip())
    if group is None:
        raise _refusal("unknown_style", _("There is no style “%(value)s”."), text.strip())
    return group.code


def _amount(text: str) -> Decimal | None:
    digits = text.replace("'", "")
    if _COMMA_GROUPS.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    if _POINT_GROUPS.fullmatch(digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    if _PLAIN.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    return None


def _refusal(code: str, message: StrPromise, value: str) -> ValidationError:
    return ValidationError(message, code=code, params={"value": value[:40]})
