"""The catalogue as a list: by how well words match, newest first or by price; for page and API."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerField, Q, Value

from products import conf
from products.filters import ProductFilters
from products.models import Product
from products.querysets import ProductQuerySet
from products.search.cursors import CatalogueCursor
from products.sorting import ORDERS, Sort, behind
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


def in_order(filters: ProductFilters, *, sort: Sort = Sort.BEST) -> ProductQuerySet:
    """Return the products that pass, sorted; the best are those that words match, then the newest.

    They carry ``word_rank``, see ``products.words``.
    """
    products = filters.apply(Product.objects.all())
    if filters.q and sort == Sort.BEST:
        return ranked_by_words(products, filters.q, filters.wording).order_by(*BEST_FIRST)
    ranked = products.annotate(word_rank=Value(0, IntegerField()))
    return ranked.order_by(*(BEST_FIRST if sort == Sort.BEST else ORDERS[sort]))


def list_products(
    filters: ProductFilters,
    *,
    limit: int,
    sort: Sort = Sort.BEST,
    cursor: CatalogueCursor | None = None,
) -> Listing:
    """Return a part of the catalogue, with all that cards show.

    Products added or deleted between two parts neither repeat others nor hide them.

    Raises:
        CursorOfAnotherListError: the cursor is of another order.
    """
    products = in_order(filters, sort=sort)
    part = _after(products, filters, sort, cursor) if cursor else products
    rows = list(part.for_cards()[: limit + 1])
    shown = rows[:limit]
    most = conf.get("COUNT_MAX")
    # One more than is told apart, so that a large catalogue is not counted to its end.
    count = products.order_by()[: most + 1].count()
    is_last = len(rows) <= limit
    return Listing(
        shown, min(count, most), count <= most, None if is_last else _cursor_at(shown[-1], sort)
    )


def _after(
    products: ProductQuerySet, filters: ProductFilters, sort: Sort, cursor: CatalogueCursor
) -> ProductQuerySet:
    cursor.check(_named(sort))
    rank, product_id = cursor.word_rank, cursor.product_id
    if sort != Sort.BEST:
        return behind(products, sort, price=cursor.price, product_id=product_id)
    if not filters.q:
        return products.filter(pk__lt=product_id)
    return products.filter(Q(word_rank__gt=rank) | Q(word_rank=rank, pk__lt=product_id))


def _cursor_at(product: Product, sort: Sort) -> CatalogueCursor:
    is_by_price = sort in {Sort.CHEAPEST, Sort.DEAREST}
    return CatalogueCursor(
        product.word_rank,  # type: ignore[attr-defined]  # Annotated.
        product.pk,
        _named(sort),
        product.price if is_by_price else None,
    )


def _named(sort: Sort) -> str:
    """Return how cursors name an order."""
    return "" if sort == Sort.BEST else sort.value
