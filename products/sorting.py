"""In which order lists come: the words of ``sort`` for pages and API, and keyset orders by them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from products.querysets import ProductQuerySet


class Sort(models.TextChoices):
    """An order. ``BEST`` is what a list has of itself: most alike, or by words, or the newest."""

    BEST = "best", _("Best match")
    NEWEST = "newest", _("Newest")
    CHEAPEST = "price", _("Price, lowest first")
    DEAREST = "-price", _("Price, highest first")

    @classmethod
    def parse(cls, parameters: Mapping[str, Any]) -> Sort:
        """Read ``sort``; BEST where it is missing or empty.

        Raises:
            ValidationError: there is no such order; code ``unknown_sort``.
        """
        text = str(parameters.get("sort") or "").strip()
        if not text:
            return cls.BEST
        if text not in cls.values:
            error = ValidationError(
                _("There is no order “%(value)s”. Use one of %(known)s."),
                code="unknown_sort",
                params={"value": text[:40], "known": ", ".join(cls.values)},
            )
            raise ValidationError({"sort": error})
        return cls(text)


# Products without a price come last, whichever way prices go; of one price, the newest first.
ORDERS: Final[Mapping[Sort, tuple[Any, ...]]] = {
    Sort.NEWEST: ("-pk",),
    Sort.CHEAPEST: (F("price").asc(nulls_last=True), "-pk"),
    Sort.DEAREST: (F("price").desc(nulls_last=True), "-pk"),
}


def behind(
    products: ProductQuerySet, sort: Sort, *, price: Decimal | None, product_id: int
) -> ProductQuerySet:
    """Return the products that come after one, in the order of a sort other than BEST."""
    if sort == Sort.NEWEST:
        return products.filter(pk__lt=product_id)
    if price is None:
        return products.filter(price__isnull=True, pk__lt=product_id)
    further = Q(price__gt=price) if sort == Sort.CHEAPEST else Q(price__lt=price)
    return products.filter(further | Q(price=price, pk__lt=product_id) | Q(price__isnull=True))
