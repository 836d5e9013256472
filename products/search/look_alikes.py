"""The products that look most like a query vector, page by page; for views, API and commands.

The plain answer comes in two blocks, first the products of the predicted group, then all others; in
each block products lie in order of (cosine distance, product id), one place a product however many
photos it has.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from products.filters import ProductFilters
from products.models import Product
from products.nearest import nearest_products
from products.querysets import ProductQuerySet
from products.search.cursors import HitCursor
from products.search.pages import Hit, Page
from products.search.query_vectors import QueryVector
from products.search.reordering import reordered_page
from products.search.sorted_lists import sorted_page
from products.search.wishes import Wishes
from products.sorting import Sort

NO_WISHES = Wishes()


def look_alikes(
    query: QueryVector,
    *,
    filters: ProductFilters,
    wishes: Wishes = NO_WISHES,
    sort: Sort = Sort.BEST,
    limit: int,
    cursor: HitCursor | None = None,
    offset: int = 0,
) -> Page:
    """Return a part of the products that look most like a query.

    Args:
        filters: what the products must match.
        wishes: what comes first among the nearest; then there are no blocks, for the wish decides.
        sort: an order for the nearest few hundred; then it alone decides, whatever is wished for.
        limit: at most this many hits.
        cursor: the ``next`` of the part before. Numbered pages give, in its place,
        offset: hits to leave out at the start.

    Raises:
        CursorOfAnotherListError: the cursor is not of this query with these wishes and sort.
        ValidationError: the query has no palette, and it is wished for.
    """
    start = HitCursor(_list_key(query, wishes, sort), query.model_version.pk)
    if cursor is not None:
        cursor.check(start.list_key)
        start, offset = cursor, 0
    products = query.narrow(filters.apply(Product.objects.all()))
    if sort != Sort.BEST:
        return sorted_page(products, query, sort=sort, limit=limit, start=start, offset=offset)
    if wishes:
        return reordered_page(
            products, query, wishes=wishes, limit=limit, start=start, offset=offset
        )
    return _in_blocks(products, query, limit=limit, start=start, offset=offset)


def _in_blocks(
    products: ProductQuerySet, query: QueryVector, *, limit: int, start: HitCursor, offset: int
) -> Page:
    hits: list[Hit] = []
    count, is_count_exact, has_more, last = 0, True, False, start
    for number, (block, is_in_group) in enumerate(_blocks(products, query.group)):
        is_reached, is_resumed = number >= start.block, number == start.block
        left = limit - len(hits) if is_reached else 0
        skipped = max(offset - count, 0)
        began = start.position + offset - skipped + len(hits)
        found = nearest_products(
            query.vector,
            model_version=query.model_version,
            products=block,
            # One row more than is shown tells whether there is a next page.
            limit=skipped + left + 1 if left else 0,
            after=start.after if is_resumed else None,
            position=start.position - start.block_start if is_resumed else 0,
        )
        count += found.count
        is_count_exact &= found.is_count_exact
        rows = found.rows[skipped : skipped + left]
        has_more |= (
            len(found.rows) > skipped + left
            if left
            else is_reached and not (found.is_count_exact and found.count == 0)
        )
        for product_id, distance in rows:
            rank = start.position + offset + len(hits) + 1
            hits.append(Hit(rank, product_id, distance, is_in_group))
            last = replace(
                start,
                position=rank,
                block=number,
                block_start=start.block_start if is_resumed else began,
                after=(distance, product_id),
            )
    return Page(tuple(hits), count, is_count_exact, last if hits and has_more else None)


def _blocks(
    products: ProductQuerySet, group: tuple[int, ...]
) -> list[tuple[ProductQuerySet, bool]]:
    if not group:
        return [(products, False)]
    return [(products.assigned_to(group), True), (products.not_assigned_to(group), False)]


def _list_key(query: QueryVector, wishes: Wishes, sort: Sort) -> int:
    """Return a number that changes whenever the order of the list would.

    Filters may change between two pages, as when a shopper excludes what was shown; the order of
    the products they leave is the same.
    """
    parts = (query.model_version.pk, query.group, query.examples, wishes, sort.value)
    content = repr(parts).encode()
    return zlib.crc32(content + query.vector.to_binary())
