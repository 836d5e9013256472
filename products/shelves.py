"""How the catalogue is laid out for browsing: shelves of the home page, choices of the filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from products import vocabulary
from products.filters import ProductFilters
from products.models import Product
from products.querysets import ProductQuerySet
from styles.models import Cluster, StyleGroup

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
    shown = ProductFilters().apply(Product.objects.all())
    by_group = [
        _shelf("style", group.code, group.name, shown.in_style(group.code))
        for group in StyleGroup.objects.all()
    ]
    by_cluster = [
        _shelf("cluster", str(cluster.number), cluster.name, shown.in_clusters([cluster.number]))
        for cluster in Cluster.objects.in_force()
    ]
    return [shelf for shelf in (*by_group, *by_cluster) if shelf.count]


def choices() -> dict[str, list[Choice]]:
    """Return what category and colour can be narrowed to, the most frequent first."""
    return {
        "category": _choices("category", vocabulary.category_name),
        "colour": _choices("colour", vocabulary.colour_name),
    }


def _shelf(kind: str, code: str, name: str, products: ProductQuerySet) -> Shelf:
    return Shelf(
        kind, code, name, products.count(), products.for_cards().order_by("-pk")[:PRODUCTS_ON_SHELF]
    )


def _choices(field: str, label: Callable[[str], str]) -> list[Choice]:
    rows = (
        ProductFilters()
        .apply(Product.objects.all())
        .exclude(**{field: ""})
        .order_by()
        .values_list(field)
        .annotate(count=Count("pk"))
        .order_by("-count", field)
    )
    return [Choice(value, label(value), count) for value, count in rows[:CHOICES_SHOWN]]
