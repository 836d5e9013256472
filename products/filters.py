"""The filters of the shop, one vocabulary for pages, API, commands and searches.

Words and meanings are those of the public interface: ``cluster``, ``style``, ``category``,
``colour``, ``gender``, ``brand``, ``min_price``, ``max_price``, ``in_stock``, ``exclude``, ``q``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from products.models import Product
from products.querysets import ProductQuerySet
from products.words import Wording, carrying, spell
from styles.models import Cluster
from styles.taxonomy import resolve_group, resolve_style

MAX_EXCLUDED = 1000
TRUE_WORDS = {"1", "true", "yes", "on", ""}
FALSE_WORDS = {"0", "false", "no", "off"}


@dataclass(frozen=True)
class ProductFilters:
    """What a shopper narrows the catalogue down to; a field left out does not narrow.

    ``in_stock`` is None unless asked: sold-out products are then left out; with ``False`` they are
    shown too.
    """

    cluster: int | None = None
    style: str | None = None
    category: str | None = None
    colour: str | None = None
    gender: str | None = None
    brand: str | None = None
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    in_stock: bool | None = None
    exclude: tuple[str, ...] = ()
    q: str | None = None

    @classmethod
    def parse(cls, parameters: Mapping[str, Any]) -> Self:
        """Read filters from query parameters, form fields or a stored search.

        Args:
            parameters: names to strings (numbers are taken too); unknown names are left alone,
                empty values do not filter.

        Raises:
            ValidationError: field name -> error with a stable code.
        """
        errors: dict[str, ValidationError] = {}
        values: dict[str, Any] = {}
        for name, read in _READERS.items():
            text = str(parameters.get(name) if parameters.get(name) is not None else "").strip()
            if not text:
                continue
            try:
                values[name] = read(text)
            except ValidationError as error:
                errors[name] = error
        low, high = values.get("min_price"), values.get("max_price")
        if low is not None and high is not None and low > high:
            errors["min_price"] = ValidationError(
                _("The lowest price is above the highest: swap the two."), code="min_above_max"
            )
        if errors:
            raise ValidationError(errors)
        return cls(**values)

    def overridden_by(self, parameters: Mapping[str, Any]) -> Self:
        """Return these filters with those that the parameters name in their place.

        Raises:
            ValidationError: as ``parse``.
        """
        named = {name: value for name, value in parameters.items() if name in _READERS}
        return self.parse({**self.as_parameters(), **named})

    def apply(self, products: ProductQuerySet) -> ProductQuerySet:
        """Return the published products that pass."""
        products = products.published()
        if self.in_stock is not False:
            products = products.available()
        if self.cluster is not None:
            products = products.in_clusters([self.cluster])
        if self.style is not None:
            products = products.in_style(self.style)
        conditions = {
            "category__iexact": self.category,
            "colour__iexact": self.colour,
            "brand__iexact": self.brand,
            "gender": self.gender,
            "price__gte": self.min_price,
            "price__lte": self.max_price,
        }
        products = products.filter(
            **{name: value for name, value in conditions.items() if value is not None}
        )
        if self.exclude:
            products = products.exclude(sku__in=self.exclude)
        return carrying(products, self.wording) if self.q else products

    @cached_property
    def wording(self) -> Wording:
        """How the words of ``q`` are spelt here, looked up once."""
        return spell(self.q or "")

    def as_parameters(self) -> dict[str, str]:
        """Return the filters as query parameters that ``parse`` reads back."""
        parameters = {}
        for name, value in asdict(self).items():
            if value is None or value == ():
                continue
            if isinstance(value, bool):
                parameters[name] = "true" if value else "false"
            elif isinstance(value, tuple):
                parameters[name] = ",".join(value)
            else:
                parameters[name] = str(value)
        return parameters


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or not 0 <= price < 10**10:
        raise ValidationError(
            _("“%(value)s” is not a price: use a number such as 29000."),
            code="invalid_price",
            params={"value": text[:40]},
        )
    return price


def read_truth(text: str) -> bool:
    """Read a yes or a no.

    Raises:
        ValidationError: it is neither; code ``invalid_boolean``.
    """
    word = text.casefold()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValidationError(
        _("“%(value)s” is neither true nor false."),
        code="invalid_boolean",
        params={"value": text[:40]},
    )


def _cluster(text: str) -> int:
    numbers = list(Cluster.objects.in_force().values_list("number", flat=True))
    if not text.isdecimal() or len(text) > 9 or int(text) not in numbers:
        raise ValidationError(
            _("There is no cluster “%(value)s”. Known clusters: %(known)s."),
            code="unknown_cluster",
            params={"value": text[:40], "known": ", ".join(map(str, numbers)) or "—"},
        )
    return int(text)


def _style(text: str) -> str:
    found = resolve_style(text) or resolve_group(text)
    if found is None:
        raise ValidationError(
            _("There is no style “%(value)s”."),
            code="unknown_style",
            params={"value": text[:40]},
        )
    return found.code


def _gender(text: str) -> str:
    word = text.casefold()
    if word not in Product.Gender.values:
        raise ValidationError(
            _("There is no gender “%(value)s”. Use one of %(known)s."),
            code="unknown_gender",
            params={"value": text[:40], "known": ", ".join(Product.Gender.values)},
        )
    return word


def _skus(text: str) -> tuple[str, ...]:
    skus = tuple(dict.fromkeys(_text(sku.strip()) for sku in text.split(",") if sku.strip()))
    if len(skus) > MAX_EXCLUDED:
        raise ValidationError(
            _("At most %(limit)s products can be excluded."),
            code="too_many_excluded",
            params={"limit": MAX_EXCLUDED},
        )
    return skus


def _category(text: str) -> str:
    if not Product.objects.filter(category__iexact=_text(text)).exists():
        raise ValidationError(
            _("No product has the category “%(value)s”."),
            code="unknown_category",
            params={"value": text[:40]},
        )
    return text


def _colour(text: str) -> str:
    if not Product.objects.filter(colour__iexact=_text(text)).exists():
        raise ValidationError(
            _("No product has the colour “%(value)s”."),
            code="unknown_colour",
            params={"value": text[:40]},
        )
    return text


def _brand(text: str) -> str:
    if not Product.objects.filter(brand__iexact=_text(text)).exists():
        raise ValidationError(
            _("No product has the brand “%(value)s”."),
            code="unknown_brand",
            params={"value": text[:40]},
        )
    return text


def _text(text: str) -> str:
    if "\x00" in text or len(text) > 200:
        raise ValidationError(_("Use at most 200 ordinary characters."), code="invalid_text")
    return text


_READERS = {
    "cluster": _cluster,
    "style": _style,
    "category": _category,
    "colour": _colour,
    "gender": _gender,
    "brand": _brand,
    "min_price": _price,
    "max_price": _price,
    "in_stock": read_truth,
    "exclude": _skus,
    "q": _text,
}
