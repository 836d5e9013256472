from __future__ import annotations

from decimal import Decimal

import pytest

from products.facets import Facets, PriceRange
from products.filters import ProductFilters
from products.views.price_scale import PriceScale


def facets(*prices: str) -> Facets:
    ranges = tuple(PriceRange(Decimal(price), Decimal(price), 1) for price in prices)
    return Facets({}, ranges, in_stock=1, sold_out=0, is_exact=True)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("9900", "89000", (9000, 89000, 1000)),
        ("12", "95.50", (12, 96, 2)),
        ("1000", "1000000", (0, 1000000, 20000)),
    ],
)
def test_sliders_go_from_end_to_end_in_round_steps(
    low: str, high: str, expected: tuple[int, int, int]
) -> None:
    scale = PriceScale.of(facets(low, high), ProductFilters())
    assert scale is not None
    assert (scale.lowest, scale.highest, scale.step) == expected
    assert (scale.low, scale.high) == expected[:2]
    assert (scale.highest - scale.lowest) % scale.step == 0
    assert scale.lowest <= Decimal(low) <= Decimal(high) <= scale.highest


def test_sliders_stand_at_the_prices_chosen_as_far_as_they_go() -> None:
    chosen = ProductFilters(min_price=Decimal(20000), max_price=Decimal(10**9))
    scale = PriceScale.of(facets("9900", "89000"), chosen)
    assert scale is not None
    assert (scale.low, scale.high) == (20000, 89000)


@pytest.mark.parametrize("prices", [(), ("100",), ("100", "110")])
def test_hardly_any_prices_need_no_sliders(prices: tuple[str, ...]) -> None:
    assert PriceScale.of(facets(*prices), ProductFilters()) is None
