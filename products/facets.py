"""How many products each further choice would leave; for listings, similar products and searches.

Each facet is counted with its own filter taken away, so that a choice can be switched and not only
narrowed down. All facets come from one statement, whatever is asked; a second one estimates those
over very many products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from products import vocabulary
from products.facet_counting import WORDS, FacetCounts, Narrow, count_by_facet, estimated_size
from products.filters import ProductFilters
from products.models import Product
from styles import taxonomy
from styles.languages import is_korean
from styles.models import Cluster

# Counting a product takes 2 microseconds; this many are counted for each filter that is set.
MAX_COUNTED = 10_000
# Of more, so many rows of the table are looked at, and the counts scaled up.
SAMPLED_ROWS = 20_000
MAX_VALUES = 40
MAX_PRICE_RANGES = 6
# Facet -> the filters that are its own, and what they are when taken away.
OWN_FILTERS: Mapping[str, Mapping[str, Any]] = {
    "style": {"style": None},
    "cluster": {"cluster": None},
    **{word: {word: None} for word in WORDS},
    "price": {"min_price": None, "max_price": None},
    "in_stock": {"in_stock": False},
}


@dataclass(frozen=True)
class FacetValue:
    """A value a filter can take; ``count`` products would then match."""

    value: str
    name: str
    count: int
    is_selected: bool


@dataclass(frozen=True)
class PriceRange:
    """Prices that occur, both ends included: as filters they leave ``count`` products."""

    min_price: Decimal
    max_price: Decimal
    count: int


@dataclass(frozen=True)
class Facets:
    """What a listing can be narrowed to, or switched to.

    Attributes:
        values: for ``style`` (groups), ``cluster``, ``category``, ``colour``, ``gender`` and
            ``brand``: those that occur; style groups and clusters in their own order, others by
            count.
        price_ranges: at most MAX_PRICE_RANGES, in ascending order.
        in_stock: how many match and can be bought.
        sold_out: how many match otherwise.
        is_exact: False where very many products match: counts are estimated then, from a part of
            them.
    """

    values: Mapping[str, tuple[FacetValue, ...]]
    price_ranges: tuple[PriceRange, ...]
    in_stock: int
    sold_out: int
    is_exact: bool

    @property
    def min_price(self) -> Decimal | None:
        """The lowest price that occurs."""
        return self.price_ranges[0].min_price if self.price_ranges else None

    @property
    def max_price(self) -> Decimal | None:
        """The highest price that occurs."""
        return self.price_ranges[-1].max_price if self.price_ranges else None


def count_facets(
    filters: ProductFilters,
    *,
    narrow: Narrow = lambda products: products,
    clusters: Sequence[Cluster] | None = None,
) -> Facets:
    """Count what each facet offers.

    Args:
        filters: those in force.
        narrow: leaves out further products whatever the filters, as a search does its examples.
        clusters: those in force, where they are at hand.
    """
    if clusters is None:
        clusters = list(Cluster.objects.in_force())
    asked = {facet: replace(filters, **own) for facet, own in OWN_FILTERS.items()}
    counted, cut = count_by_facet(
        asked, clusters, narrow, wording=filters.wording, limit=MAX_COUNTED
    )
    if cut:
        # Asked for where it matters alone: most lists are spared a query.
        size = max(estimated_size(), SAMPLED_ROWS)
        again = {facet: asked[facet] for facet in cut}
        percent = min(100.0, 100.0 * SAMPLED_ROWS / size)
        estimated, _ = count_by_facet(
            again, clusters, narrow, wording=filters.wording, percent=percent
        )
        counted |= estimated
    return Facets(
        values={
            "style": _styles(counted["style"], filters),
            "cluster": tuple(
                FacetValue(
                    str(cluster.number),
                    cluster.name,
                    counted["cluster"].of(str(cluster.pk)),
                    cluster.number == filters.cluster,
                )
                for cluster in clusters
            ),
            **{word: _words(word, counted[word], getattr(filters, word)) for word in WORDS},
        },
        price_ranges=_price_ranges(counted["price"]),
        in_stock=counted["in_stock"].of("true"),
        sold_out=counted["in_stock"].of("false"),
        is_exact=not cut,
    )


def _styles(counted: FacetCounts, filters: ProductFilters) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(
            group.code,
            group.name_ko if is_korean() else group.name_en,
            counted.of(group.code),
            group.code == filters.style,
        )
        for group in taxonomy.STYLE_GROUPS
        if counted.of(group.code) or group.code == filters.style
    )


def _words(word: str, counted: FacetCounts, selected: str | None) -> tuple[FacetValue, ...]:
    chosen = (selected or "").casefold()
    values = [
        FacetValue(value, _name(word, value), count, value.casefold() == chosen)
        for value, (count, *_) in counted.values.items()
    ]
    values.sort(key=lambda value: (-value.count, value.value))
    # The one in force is offered for taking away, however rare it is.
    beyond = [value for value in values[MAX_VALUES:] if value.is_selected]
    return tuple(values[:MAX_VALUES] + beyond)


def _name(word: str, value: str) -> str:
    if word == "category":
        return vocabulary.category_name(value)
    if word == "colour":
        return vocabulary.colour_name(value)
    if word == "gender" and value in Product.Gender.values:
        return str(Product.Gender(value).label)
    return value


def _price_ranges(counted: FacetCounts) -> tuple[PriceRange, ...]:
    """Return ranges on round bounds, the smallest neighbours put together until few are left."""
    by_step = sorted(counted.values.items(), key=lambda item: int(item[0]))
    ranges = [PriceRange(lowest, highest, count) for _, (count, lowest, highest) in by_step]
    while len(ranges) > MAX_PRICE_RANGES:
        sums = [one.count + other.count for one, other in pairwise(ranges)]
        place = sums.index(min(sums))
        one, other = ranges[place : place + 2]
        ranges[place : place + 2] = [PriceRange(one.min_price, other.max_price, sums[place])]
    return tuple(ranges)
