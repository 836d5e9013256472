"""How the catalogue is laid out for browsing: shelves of the home page, choices of the filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from products import vocabulary
from products.filters import ProductFilters
from products.models import Product
from products.querysets import ProductQuerySet
from styles.models import Cluster, Style, StyleGroup

PRODUCTS_ON_SHELF = 8
CHOICES_SHOWN = 40


@dataclass(frozen=True)
class Shelf:
    """A row of products that belong together. ``kind`` is "style" or "cluster"."""

    kind: str
    code: str
    name: str
    count: int
    products: Sequence[Product]

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


def shelves() -> list[Shelf]:
    """Return a shelf for each style group that has products, then one for each cluster."""
    shown = _shown()
    rows = [
        *(
            ("style", group.code, group.name, shown.in_style(group.code))
            for group in StyleGroup.objects.all()
        ),
        *(
            ("cluster", str(cluster.number), cluster.name, shown.in_clusters([cluster.number]))
            for cluster in Cluster.objects.in_force()
        ),
    ]
    newest = [
        list(products.order_by("-pk").values_list("pk", flat=True)[:PRODUCTS_ON_SHELF])
        for *_, products in rows
    ]
    # The cards of all shelves at once: shelves are many, and each would ask five times.
    cards = Product.objects.for_cards().in_bulk(chain.from_iterable(newest))
    return [
        Shelf(kind, code, name, products.count(), [cards[key] for key in keys if key in cards])
        for (kind, code, name, products), keys in zip(rows, newest, strict=True)
        if keys
    ]


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


def _shown() -> ProductQuerySet:
    return ProductFilters().apply(Product.objects.all())


def _style_groups() -> list[Choice]:
    counted = [
        Choice(group.code, group.name, _shown().in_style(group.code).count())
        for group in StyleGroup.objects.all()
    ]
    return [choice for choice in counted if choice.count]


def _single_style(filters: ProductFilters) -> list[Choice]:
    groups = StyleGroup.objects.values("code")
    single = Style.objects.filter(code=filters.style).exclude(code__in=groups)
    return [
        Choice(style.code, style.name, _shown().in_style(style.code).count()) for style in single
    ]


def _clusters() -> list[Choice]:
    return [
        Choice(str(cluster.number), cluster.name, _shown().in_clusters([cluster.number]).count())
        for cluster in Cluster.objects.in_force()
    ]


def _choices(field: str, label: Callable[[str], str]) -> list[Choice]:
    rows = (
        _shown()
        .exclude(**{field: ""})
        .order_by()
        .values_list(field)
        .annotate(count=Count("pk"))
        .order_by("-count", field)
    )
    return [Choice(value, label(value), count) for value, count in rows[:CHOICES_SHOWN]]
