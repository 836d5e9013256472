"""Look-alikes in the order of wishes: window after window of the nearest; for ``look_alikes``.

A window is the next WINDOW products in order of distance. Rankers and the diversity dial reorder it
whole; then comes the next. Its last row and the products shown of it stand in the cursor, so that
every product of a window is shown once, whatever is added or deleted between two pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from products.nearest import nearest_products
from products.querysets import ProductQuerySet
from products.search.candidates import Candidates
from products.search.cursors import Bound, HitCursor
from products.search.diversity import diversify
from products.search.pages import Hit, Page
from products.search.query_vectors import QueryVector
from products.search.rankers import totals
from products.search.wishes import Wishes

WINDOW: Final = 200


def reordered_page(
    products: ProductQuerySet,
    query: QueryVector,
    *,
    wishes: Wishes,
    limit: int,
    start: HitCursor,
    offset: int = 0,
) -> Page:
    """Return the part of the list that begins at a cursor, ``offset`` hits later."""
    passed = offset // WINDOW * WINDOW
    if passed:
        start = _behind(products, query, start, rows=passed)
    wanted = offset - passed + limit
    chosen, window, place = _choose(products, query, wishes, wanted=wanted, start=start)
    kept = chosen[offset - passed :]
    members = in_group(products, query, [row.product_id for row in kept])
    hits = tuple(
        Hit(
            start.position + offset - passed + number,
            row.product_id,
            row.distance,
            row.product_id in members,
            row.scores,
        )
        for number, row in enumerate(kept, start=1)
    )
    return Page(hits, window.count, window.is_count_exact, place if hits else None)


@dataclass(frozen=True)
class _Row:
    product_id: int
    distance: float
    scores: dict[str, float]


@dataclass(frozen=True)
class _Window:
    """Rows up to ``end`` in order of distance, those already shown among them."""

    rows: tuple[tuple[int, float], ...]
    end: Bound | None
    has_more: bool
    count: int
    is_count_exact: bool


def _choose(
    products: ProductQuerySet,
    query: QueryVector,
    wishes: Wishes,
    *,
    wanted: int,
    start: HitCursor,
) -> tuple[list[_Row], _Window, HitCursor | None]:
    """Return the next rows, the last window opened, and where to go on, None at the end."""
    chosen: list[_Row] = []
    place = start
    while True:
        window = _open(products, query, place)
        found = _reorder(window, query, wishes, shown=place.seen, count=wanted - len(chosen))
        chosen += found
        seen = {*place.seen, *(row.product_id for row in found)}
        inside = {product_id for product_id, _ in window.rows}
        position = start.position + len(chosen)
        if not inside <= seen:
            place = replace(
                place, position=position, window_end=window.end, seen=tuple(sorted(seen))
            )
            return chosen, window, place
        if not window.has_more:
            return chosen, window, None
        place = replace(
            place,
            position=position,
            block_start=position,
            after=window.end,
            window_end=None,
            # Shown of a window that has grown since: they still lie ahead.
            seen=tuple(sorted(seen - inside)),
        )
        if len(chosen) == wanted:
            return chosen, window, place


def _open(products: ProductQuerySet, query: QueryVector, place: HitCursor) -> _Window:
    """Read the window a cursor stands in, or the one that begins there."""
    # Products added meanwhile may have come between those of an open window.
    largest = 2 * WINDOW if place.window_end else WINDOW
    found = nearest_products(
        query.vector,
        model_version=query.model_version,
        products=products,
        limit=largest + 1,
        after=place.after,
        position=place.block_start,
    )
    rows = found.rows[:largest]
    if place.window_end:
        rows = tuple(row for row in rows if _bound(row) <= place.window_end)
    end = _bound(rows[-1]) if len(rows) == largest else place.window_end
    if end is None and rows:
        end = _bound(rows[-1])
    has_more = len(found.rows) > len(rows)
    return _Window(rows, end or place.after, has_more, found.count, found.is_count_exact)


def _reorder(
    window: _Window, query: QueryVector, wishes: Wishes, *, shown: tuple[int, ...], count: int
) -> list[_Row]:
    """Return the next ``count`` rows of a window in the order of the wishes."""
    if not window.rows:
        return []
    candidates = Candidates(window.rows, model_version=query.model_version)
    total, scores = totals(candidates, wishes.rankers(query))
    known = set(shown)
    places = [place for place, (key, _) in enumerate(window.rows) if key in known]
    if wishes.diversity:
        order = diversify(
            total, candidates.vectors, diversity=wishes.diversity, count=count, shown=places
        )
    else:
        # Stable: of equal totals, the nearer comes first.
        ranked = (-total).argsort(kind="stable").tolist()
        order = [place for place in ranked if window.rows[place][0] not in known][:count]
    return [
        _Row(
            *window.rows[place],
            {name: round(float(values[place]), 4) for name, values in scores.items()},
        )
        for place in order
    ]


def _behind(
    products: ProductQuerySet, query: QueryVector, start: HitCursor, *, rows: int
) -> HitCursor:
    """Return the cursor behind whole windows of ``rows`` products."""
    found = nearest_products(
        query.vector, model_version=query.model_version, products=products, limit=rows
    )
    after = _bound(found.rows[-1]) if found.rows else None
    return replace(start, position=rows, block_start=rows, after=after)


def in_group(products: ProductQuerySet, query: QueryVector, product_ids: list[int]) -> set[int]:
    """Return those of the products that lie in the query's group."""
    if not query.group:
        return set()
    return set(
        products.assigned_to(query.group).filter(pk__in=product_ids).values_list("pk", flat=True)
    )


def _bound(row: tuple[int, float]) -> Bound:
    product_id, distance = row
    return distance, product_id
