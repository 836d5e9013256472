"""Look-alikes by price or by age: the nearest few hundred, put in that order; for ``look_alikes``.

Sorted through the whole shop, a list of look-alikes would begin with the cheapest socks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from products.models import Product
from products.nearest import nearest_products
from products.querysets import ProductQuerySet
from products.search.cursors import Bound, HitCursor
from products.search.pages import Hit, Page
from products.search.query_vectors import QueryVector
from products.search.reordering import in_group
from products.sorting import Sort

# So many of the nearest are sorted; behind them the list ends.
SORTED_MOST: Final = 300
# Above every price, whichever way prices go: products without one come last.
NO_PRICE: Final = 1e12


def sorted_page(
    products: ProductQuerySet,
    query: QueryVector,
    *,
    sort: Sort,
    limit: int,
    start: HitCursor,
    offset: int = 0,
) -> Page:
    """Return the part of the sorted list that begins at a cursor, ``offset`` hits later.

    ``count`` is how many match in all, sorted or not.
    """
    nearest = nearest_products(
        query.vector, model_version=query.model_version, products=products, limit=SORTED_MOST
    )
    distances = dict(nearest.rows)
    rows = [row for row in _in_order(list(distances), sort) if _is_behind(row, start.after)]
    part = rows[offset : offset + limit]
    members = in_group(products, query, [product_id for _, product_id in part])
    hits = tuple(
        Hit(rank, product_id, distances[product_id], product_id in members)
        for rank, (_, product_id) in enumerate(part, start=start.position + offset + 1)
    )
    has_more = len(rows) > offset + len(part)
    goes_on = replace(start, position=hits[-1].rank, after=part[-1]) if hits and has_more else None
    return Page(hits, nearest.count, nearest.is_count_exact, goes_on)


def _in_order(product_ids: Sequence[int], sort: Sort) -> list[Bound]:
    """Return (what is sorted by, product id); of one price, the newest come first."""
    prices: Mapping[int, Decimal | None] = {}
    if sort != Sort.NEWEST:
        rows = Product.objects.filter(pk__in=product_ids).values_list("pk", "price")
        prices = dict(rows)
    sign = -1.0 if sort == Sort.DEAREST else 1.0
    bounds = []
    for product_id in product_ids:
        price = prices.get(product_id)
        bounds.append((NO_PRICE if price is None else sign * float(price), product_id))
    return sorted(bounds, key=_place)


def _place(row: Bound) -> tuple[float, int]:
    value, product_id = row
    return value, -product_id


def _is_behind(row: Bound, after: Bound | None) -> bool:
    return after is None or _place(row) > _place(after)
