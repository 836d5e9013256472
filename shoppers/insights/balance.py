"""What the shop has beside what people look for, by style, colour and price. Rows to shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from shoppers.insights.models import InterestWeek

# How much demand it takes for an imbalance to be believed by half.
PRIOR: Final = 20.0


@dataclass(frozen=True)
class Balance:
    """Supply of and demand for one style, colour or price.

    Attributes:
        products: how many the shop has.
        demand: searches and pairs of a shopper and a product seen, over the weeks.
        supply_share, demand_share: of all products, and of all demand, 0 to 1.
        ratio: demand beside supply, smoothed: 2 is twice as sought after as stocked. None where the
            shop has nothing of it.
    """

    key: str
    products: int
    demand: int
    supply_share: float
    demand_share: float
    ratio: float | None


def balances(rows: Iterable[InterestWeek], *, facet: str, latest: date) -> list[Balance]:
    """Compare the products of the latest week with the demand of all weeks given.

    With demand d of D, and the share p of the products, the ratio is ``(d + s p) / ((D + s) p)``:
    little demand says little, and without any all ratios are 1. Most sought after first; what there
    is neither demand for nor supply of is left out.
    """
    products: Counter[str] = Counter()
    demand: Counter[str] = Counter()
    for row in rows:
        if row.facet != facet:
            continue
        demand[row.key] += row.searches + (row.seen or 0)
        if row.week == latest:
            products[row.key] += row.products
    stocked, sought = products.total(), demand.total()
    found = []
    for key in {*products, *demand}:
        if not products[key] and not demand[key]:
            continue
        share = products[key] / stocked if stocked else 0.0
        found.append(
            Balance(
                key=key,
                products=products[key],
                demand=demand[key],
                supply_share=share,
                demand_share=demand[key] / sought if sought else 0.0,
                ratio=(demand[key] + PRIOR * share) / ((sought + PRIOR) * share) if share else None,
            )
        )
    return sorted(found, key=lambda each: (each.ratio is not None, -(each.ratio or 0.0), each.key))
