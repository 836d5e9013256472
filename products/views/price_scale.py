"""The two sliders of a price range: their ends and their step on round figures; for list pages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from products.facets import Facets
from products.filters import ProductFilters

# At least so many steps from end to end: fine enough to choose, few enough for arrow keys.
LEAST_STEPS: Final = 40


@dataclass(frozen=True)
class PriceScale:
    """Where the sliders can go, and where they stand; in the currency of the catalogue."""

    lowest: int
    highest: int
    step: int
    low: int
    high: int

    @classmethod
    def of(cls, facets: Facets, filters: ProductFilters) -> Self | None:
        """Return the scale of the prices that occur; None where there are not two."""
        if facets.min_price is None or facets.max_price is None:
            return None
        span = float(facets.max_price - facets.min_price)
        if span < LEAST_STEPS:
            return None
        power = 10 ** math.floor(math.log10(span / LEAST_STEPS))
        step = max(
            (size * power for size in (1, 2, 5) if span / (size * power) >= LEAST_STEPS),
            default=power,
        )
        lowest = math.floor(facets.min_price / step) * step
        highest = math.ceil(facets.max_price / step) * step
        return cls(
            lowest,
            highest,
            step,
            _within(filters.min_price, lowest, highest, otherwise=lowest),
            _within(filters.max_price, lowest, highest, otherwise=highest),
        )


def _within(price: Decimal | None, lowest: int, highest: int, *, otherwise: int) -> int:
    return otherwise if price is None else min(max(int(price), lowest), highest)
