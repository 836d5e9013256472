"""How the catalogue is laid out for browsing: shelves of the home page, choices of the filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, Value
from django.urls import reverse

from products import vocabulary
from products.filters import ProductFilters
from products.models import Product
from products.querysets import ProductQuerySet
from styles import taxonomy
from styles.languages import is_korean
from styles.models import Cluster, Style, StyleGroup

PRODUCTS_ON_SHELF = 8
CHOICES_SHOWN = 40


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


@dataclass(frozen=True)
class Choice:
    """A value a filter can take; ``count`` products have it."""

    value: str
    label: str
    count: int


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
    cards = Product.objects.for_cards().in_bulk(chain.from_iterable(newest))
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


def choices(filters: ProductFilters) -> dict[str, list[Choice]]:
    """Return what the catalogue can be narrowed to: filter name -> its values, those in use first.

    Style groups and clusters keep their own order. A style in ``filters`` is offered beside them.
    """
    return {
        "style": [*_style_groups(), *_single_style(filters)],
        "cluster": _clusters(),
        "category": _choices("category", vocabulary.category_name),
        "colour": _choices("colour", vocabulary.colour_name),
        "gender": _choices("gender", lambda gender: str(Product.Gender(gender).label)),
    }


def _style_groups() -> list[Choice]:
    counted = [
        Choice(group.code, group.name, shown_products().in_style(group.code).count())
        for group in StyleGroup.objects.all()
    ]
    return [choice for choice in counted if choice.count]


def _single_style(filters: ProductFilters) -> list[Choice]:
    groups = StyleGroup.objects.values("code")
    single = Style.objects.filter(code=filters.style).exclude(code__in=groups)
    return [
        Choice(style.code, style.name, shown_products().in_style(style.code).count())
        for style in single
    ]


def _clusters() -> list[Choice]:
    return [
        Choice(
            str(cluster.number),
            cluster.name,
            shown_products().in_clusters([cluster.number]).count(),
        )
        for cluster in Cluster.objects.in_force()
    ]


def _choices(field: str, label: Callable[[str], str]) -> list[Choice]:
    rows = (
        shown_products()
        .exclude(**{field: ""})
        .order_by()
        .values_list(field)
        .annotate(count=Count("pk"))
        .order_by("-count", field)
    )
    return [Choice(value, label(value), count) for value, count in rows[:CHOICES_SHOWN]]
