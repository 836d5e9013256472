"""What a shopper may like next, and why; for the page "For you", the shelf at home and the API.

A taste is one more way to make query vectors: one for each interest in it. Search, filters, wishes
and the dial for diversity are those of every other list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _
from pgvector import HalfVector

from products.explanations import Explanation, shared_styles
from products.filters import ProductFilters
from products.models import Product
from products.search import Hit, QueryVector, Wishes, look_alikes
from products.search.candidates import Candidates, style_mixes
from products.search.diversity import diversify
from products.search.rankers import totals
from shoppers import conf
from shoppers.cursors import MOST_SHOWN, read_cursor, write_cursor
from shoppers.interests import Interest, find_interests, take_turns
from shoppers.models import ShopperEvent
from shoppers.taste import Item, Taste, in_groups
from shoppers.trends import latest_trends
from styles.models import ModelVersion

NO_FILTERS: Final = ProductFilters()
TASTE, TRENDING, NEWEST = "taste", "trending", "newest"
# So many of the nearest are put in order: for diversity and wishes to choose from.
WINDOW: Final = 120
OVERFETCH: Final = 3
Kind = ShopperEvent.Kind


@dataclass(frozen=True)
class Because:
    """Why a product is recommended: what the shopper did that it is most like.

    Attributes:
        kind: what they did.
        product: with what; None for a photo they searched with.
        similarity: how alike the two are, 0 to 1.
    """

    kind: str
    product: Product | None
    similarity: float

    @property
    def sentence(self) -> str:
        """The reason in the active language."""
        if self.product is None:
            return _("Because you searched with a photo")
        sentences: dict[str, str] = {
            Kind.LIKE: _("Because you liked %(name)s"),
            Kind.PURCHASE: _("Because you bought %(name)s"),
        }
        sentence = sentences.get(self.kind) or _("Because you looked at %(name)s")
        return sentence % {"name": self.product.display_name}


@dataclass(frozen=True)
class Recommendation:
    """A product that a shopper may like.

    Attributes:
        rank: from 1, over all parts of the list.
        distance: cosine distance to the interest it belongs to; None where no taste is known.
        scores: what wishes decided by, as in every other list.
        because: why; None where no taste is known, or the reason is gone from the shop.
        explanation: what it has in common with the taste, where that was asked.
    """

    rank: int
    product: Product
    distance: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    because: Because | None = None
    explanation: Explanation | None = None

    @property
    def similarity(self) -> float | None:
        """1 - distance, not below 0."""
        return None if self.distance is None else max(0.0, 1.0 - self.distance)


@dataclass(frozen=True)
class Recommended:
    """A part of the recommendations.

    Attributes:
        basis: what they rest on: ``taste``, ``trending`` or ``newest``.
        count: how many products could be recommended in all.
        next: leads to the part behind this one; empty at the end.
    """

    basis: str
    entries: tuple[Recommendation, ...]
    count: int
    is_count_exact: bool
    next: str


def recommend(
    taste: Taste,
    *,
    model_version: ModelVersion | None,
    filters: ProductFilters = NO_FILTERS,
    wishes: Wishes | None = None,
    limit: int,
    cursor: str = "",
) -> Recommended:
    """Return products for a taste; without any, what is trending, else the newest.

    What the shopper has seen already is left out, and so are products that are hidden or, unless
    the filters ask for them, sold out.

    Args:
        wishes: without any, those of ``usual_wishes``.
        cursor: the ``next`` of the part before. It names what was shown, so that a taste that
            changes between two parts neither repeats nor hides anything.

    Raises:
        ValidationError: a wish cannot be fulfilled, or the cursor is none of ours.
    """
    shown = read_cursor(cursor)
    limit = max(min(limit, MOST_SHOWN - len(shown)), 0)
    if model_version is None or not taste or not find_interests(taste.items):
        return _for_anybody(filters, limit=limit, shown=shown)
    interests = find_interests(taste.items)
    excluded = (*taste.product_ids, *shown)
    queries = [
        QueryVector(HalfVector(interest.vector), model_version, examples=excluded, mix=taste.mix)
        for interest in interests
    ]
    window = max(WINDOW, OVERFETCH * limit)
    pages = [
        look_alikes(query, filters=filters, limit=int(np.ceil(window * interest.share)) + limit)
        for query, interest in zip(queries, interests, strict=True)
    ]
    nearest = _nearest([page.hits for page in pages])
    hits, vectors = _order(
        nearest, queries, interests, wishes=wishes or usual_wishes({}), limit=limit
    )
    entries = _entries(hits, vectors, taste, offset=len(shown))
    return Recommended(
        TASTE,
        entries,
        count=max(page.count for page in pages) + len(shown),
        is_count_exact=all(page.is_count_exact for page in pages),
        next=_next(shown, entries, has_more=len(nearest) > len(hits)),
    )


def usual_wishes(parameters: Mapping[str, Any]) -> Wishes:
    """Read wishes; the dial for diversity stands on RECOMMENDATION_DIVERSITY until it is turned.

    Raises:
        ValidationError: parameter -> error with a stable code.
    """
    wishes = Wishes.parse(parameters)
    if str(parameters.get("diversity") or "").strip():
        return wishes
    return replace(wishes, diversity=conf.get("RECOMMENDATION_DIVERSITY"))


def explain(found: Recommended, taste: Taste, *, model_version: ModelVersion) -> Recommended:
    """Return recommendations with the styles that each has in common with a taste."""
    keys = [entry.product.pk for entry in found.entries]
    mixes = style_mixes(keys, model_version=model_version)
    entries = tuple(
        replace(
            entry,
            explanation=Explanation(
                shared_styles(taste.mix, in_groups(mixes.get(entry.product.pk, {}))), ()
            ),
        )
        for entry in found.entries
    )
    return replace(found, entries=entries)


def _next(shown: Sequence[int], entries: Sequence[Recommendation], *, has_more: bool) -> str:
    if not has_more or not entries:
        return ""
    return write_cursor([*shown, *(entry.product.pk for entry in entries)])


def _nearest(lists: Sequence[Sequence[Hit]]) -> dict[int, tuple[float, int]]:
    """Return for each product found its distance to the interest it is nearest to, and which."""
    nearest: dict[int, tuple[float, int]] = {}
    for number, hits in enumerate(lists):
        for hit in hits:
            found = hit.distance, number
            nearest[hit.product_id] = min(found, nearest.get(hit.product_id, found))
    return nearest


def _order(
    nearest: dict[int, tuple[float, int]],
    queries: Sequence[QueryVector],
    interests: Sequence[Interest],
    *,
    wishes: Wishes,
    limit: int,
) -> tuple[list[Hit], np.ndarray]:
    """Return the best of each interest in turns, with their embeddings, float32 (N, D)."""
    rows = sorted((distance, key) for key, (distance, _) in nearest.items())
    candidates = Candidates(
        [(key, distance) for distance, key in rows], model_version=queries[0].model_version
    )
    total, scores = totals(candidates, wishes.rankers(queries[0]))
    belongs = np.array([nearest[key][1] for key in candidates.product_ids], int)
    orders = []
    for number in range(len(interests)):
        own = np.flatnonzero(belongs == number)
        order = diversify(
            total[own], candidates.vectors[own], diversity=wishes.diversity, count=limit
        )
        orders.append([int(own[place]) for place in order])
    shares = [interest.share for interest in interests]
    places = [place for place, _ in zip(take_turns(orders, shares), range(limit), strict=False)]
    hits = [
        Hit(
            rank,
            candidates.product_ids[place],
            candidates.distances[place],
            is_in_group=False,
            scores={name: round(float(values[place]), 4) for name, values in scores.items()},
        )
        for rank, place in enumerate(places, start=1)
    ]
    return hits, candidates.vectors[np.array(places, int)]


def _entries(
    hits: Sequence[Hit], vectors: np.ndarray, taste: Taste, *, offset: int
) -> tuple[Recommendation, ...]:
    """Return hits with their products and the reason for each; products deleted meanwhile go."""
    reasons = [item for item in taste.items if item.vector is not None and item.weight > 0]
    likeness = vectors @ np.array([item.vector for item in reasons], np.float32).T
    nearest: list[tuple[Item, float]] = [
        (reasons[int(np.argmax(row))], float(np.clip(row.max(), 0.0, 1.0))) for row in likeness
    ]
    asked = {item.product_id for item, _ in nearest if item.product_id is not None}
    known = Product.objects.published().in_bulk(asked)
    products = Product.objects.for_cards().in_bulk([hit.product_id for hit in hits])
    return tuple(
        Recommendation(
            offset + hit.rank,
            products[hit.product_id],
            hit.distance,
            hit.scores,
            Because(item.kind, known.get(item.product_id or 0), similarity)
            if item.product_id is None or item.product_id in known
            else None,
        )
        for hit, (item, similarity) in zip(hits, nearest, strict=True)
        if hit.product_id in products
    )


def _for_anybody(filters: ProductFilters, *, limit: int, shown: Sequence[int]) -> Recommended:
    """Return what is trending; where nothing is, the newest products."""
    allowed = filters.apply(Product.objects.all())
    trending = latest_trends().product_ids
    basis, products = TRENDING, allowed.filter(pk__in=trending)
    count = products.count()
    if not count:
        basis, products = NEWEST, allowed
        count = products.count()
    left = products.exclude(pk__in=shown).for_cards()
    if basis == TRENDING:
        found = sorted(left, key=lambda product: trending.index(product.pk))[: limit + 1]
    else:
        found = list(left.order_by("-pk")[: limit + 1])
    entries = tuple(
        Recommendation(rank, product)
        for rank, product in enumerate(found[:limit], start=len(shown) + 1)
    )
    return Recommended(
        basis, entries, count, True, _next(shown, entries, has_more=len(found) > limit)
    )
