"""The catalogue as a list: newest first, or by how well words match; for the page and the API."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerField, Q, Value

from products import conf
from products.filters import ProductFilters
from products.models import Product
from products.querysets import ProductQuerySet
from products.search.cursors import CatalogueCursor
from products.words import ranked_by_words

BEST_FIRST = ("word_rank", "-pk")


@dataclass(frozen=True)
class Listing:
    """A part of the catalogue.

    Attributes:
        count: how many match in all; a lower bound where ``is_count_exact`` is False.
        next: leads to the part behind this one; None at the end.
    """

    products: list[Product]
    count: int
    is_count_exact: bool
    next: CatalogueCursor | None


def in_order(filters: ProductFilters) -> ProductQuerySet:
    """Return the products that pass: those that words match best first, then the newest."""
    products = filters.apply(Product.objects.all())
    if filters.q:
        ranked = ranked_by_words(products, filters.q)
    else:
        ranked = products.annotate(word_rank=Value(0, IntegerField()))
    return ranked.order_by(*BEST_FIRST)


def list_products(
    filters: ProductFilters, *, limit: int, cursor: CatalogueCursor | None = None
) -> Listing:
    """Return a part of the catalogue, with all that cards show.

    Products added or deleted between two parts neither repeat others nor hide them.
    """
    products = in_order(filters)
    part = products
    if cursor:
        rank, product_id = cursor.word_rank, cursor.product_id
        part = (
            part.filter(pk__lt=product_id)
            if not filters.q
            else part.filter(Q(word_rank__gt=rank) | Q(word_rank=rank, pk__lt=product_id))
        )
    rows = list(part.for_cards()[: limit + 1])
    shown = rows[:limit]
    most = conf.get("COUNT_MAX")
    # One more than is told apart, so that a large catalogue is not counted to its end.
    count = products.order_by()[: most + 1].count()
    last = (
        CatalogueCursor(shown[-1].word_rank, shown[-1].pk)  # type: ignore[attr-defined]  # Annotated.
        if len(rows) > limit
        else None
    )
    return Listing(shown, min(count, most), count <= most, last)
