"""How the catalogue is laid out for browsing: the shelves of home and of the list of styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlencode

from django.db.models import IntegerField, Value
from django.urls import reverse

from products.filters import ProductFilters
from products.models import Product
from products.querysets import ProductQuerySet
from styles import taxonomy
from styles.languages import is_korean
from styles.models import Cluster

PRODUCTS_ON_SHELF = 8


@dataclass(frozen=True)
class Shelf:
    """A row of products that belong together. ``kind`` is "style" or "cluster"."""

    kind: str
    code: str
    name: str
    products: Sequence[Product]

    @property
    def address(self) -> str:
        """The page about it."""
        if self.kind == "style":
            return reverse("products:group", args=[self.code])
        return reverse("products:cluster", args=[self.code])

    @property
    def url(self) -> str:
        """Where all of its products are."""
        return f"{reverse('products:list')}?{urlencode({self.kind: self.code})}"


def shelves(*, length: int = PRODUCTS_ON_SHELF) -> list[Shelf]:
    """Return a shelf for each style group that has products, then one for each cluster.

    On each stand the newest; however many shelves there are, it takes a handful of queries.
    """
    rows = [
        *(
            ("style", group.code, _name(group), shown_products().in_style(group.code))
            for group in taxonomy.STYLE_GROUPS
        ),
        *(
            ("cluster", str(row.number), row.name, shown_products().assigned_to([row.pk]))
            for row in Cluster.objects.in_force()
        ),
    ]
    newest = _newest([products for *_, products in rows], length=length)
    cards = Product.objects.with_photos().in_bulk(chain.from_iterable(newest))
    filled = (
        Shelf(kind, code, name, [cards[key] for key in keys if key in cards])
        for (kind, code, name, _), keys in zip(rows, newest, strict=True)
    )
    return [shelf for shelf in filled if shelf.products]


def shown_products() -> ProductQuerySet:
    """Return the products that a shopper sees who has set no filter."""
    return ProductFilters().apply(Product.objects.all())


def _name(group: taxonomy.StyleGroup) -> str:
    return group.name_ko if is_korean() else group.name_en


def _newest(shelves: Sequence[ProductQuerySet], *, length: int) -> list[list[int]]:
    """Return the keys of the newest products of each, all from one statement."""
    parts = [
        products.order_by("-pk")
        .annotate(place=Value(place, IntegerField()))
        .values_list("place", "pk")[:length]
        for place, products in enumerate(shelves)
    ]
    keys: list[list[int]] = [[] for _ in shelves]
    for place, key in parts[0].union(*parts[1:], all=True):
        keys[place].append(key)
    return [sorted(some, reverse=True) for some in keys]
