"""What `vector_search` asks: queries of both kinds, and every kind of filter at every share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import large_catalogue

if TYPE_CHECKING:
    from products.filters import ProductFilters

QUERIES = 60


@dataclass(frozen=True)
class Case:
    """A kind of filter: what it asks of each query, and which rows of the catalogue it keeps."""

    name: str
    filters: Callable[[int], ProductFilters]
    keeps: Callable[[int], NDArray[np.bool_]]
    is_against: bool = False


@dataclass(frozen=True)
class Asked:
    """The queries: unit vectors (N, 256) with the type and the cluster each seems to be of (N,)."""

    vectors: NDArray[np.float32]
    categories: NDArray[np.int64]
    clusters: NDArray[np.int64]


def draw_queries(
    real: large_catalogue.RealEmbeddings, catalogue: large_catalogue.LargeCatalogue
) -> Asked:
    """Return phone photos and products made like the stored ones, half and half."""
    random = np.random.default_rng(99)
    _, like_products = large_catalogue.jitter(real, random=random, count=QUERIES // 2)
    photos = random.choice(len(real.queries), QUERIES // 2, replace=False)
    vectors = np.concatenate([real.queries[photos], like_products])
    nearest = np.argmax(vectors @ catalogue.vectors.T.astype(np.float32), axis=1)
    return Asked(
        vectors,
        catalogue.columns["category"][nearest].astype(np.int64),
        catalogue.columns["cluster"][nearest].astype(np.int64),
    )


def cases(catalogue: large_catalogue.LargeCatalogue, asked: Asked) -> Iterator[Case]:
    """Yield every kind of filter with each share that it can keep."""
    from products.filters import ProductFilters

    columns = catalogue.columns
    shown = columns["stock"] > 0

    def by_lot(name: str, share: float, keeps: NDArray[np.bool_], **values: Any) -> Case:
        filters = ProductFilters(**values)
        return Case(f"{name} {share:.4g} %", lambda _: filters, lambda _: keeps & shown)

    yield Case("none", lambda _: ProductFilters(), lambda _: shown)
    everything = np.ones(len(shown), bool)
    yield Case("sold out too", lambda _: ProductFilters(in_stock=False), lambda _: everything)
    for place, share in enumerate(large_catalogue.SHARES):
        for name, column, words in (
            ("brand", "brand", large_catalogue.BRANDS),
            ("colour", "colour", large_catalogue.COLOURS),
            ("style", "style", large_catalogue.STYLE_GROUPS),
            ("gender", "gender", large_catalogue.GENDERS[:4]),
            ("q", "word", large_catalogue.WORDS),
        ):
            if place < len(words):
                yield by_lot(name, share * 100, columns[column] == place, **{name: words[place]})
        low, high = len(shown) // 4, len(shown) // 4 + round(share * len(shown)) - 1
        yield by_lot(
            "price", share * 100, (columns["price"] >= low) & (columns["price"] <= high),
            min_price=Decimal(low), max_price=Decimal(high),
        )  # fmt: skip
    yield by_lot(
        "women, tenth brand, price", 100 * 0.5 * 0.1 * 0.25,
        (columns["gender"] == 0) & (columns["brand"] == 1) & (columns["price"] <= len(shown) // 4),
        gender="women", brand="Tenth", max_price=Decimal(len(shown) // 4),
    )  # fmt: skip
    yield from _by_looks(catalogue, asked, shown)


def _by_looks(
    catalogue: large_catalogue.LargeCatalogue, asked: Asked, shown: NDArray[np.bool_]
) -> Iterator[Case]:
    """Yield filters by what products look like, with the query and against it."""
    from products.filters import ProductFilters

    kinds, columns = catalogue.types, catalogue.columns
    for name, numbers in (("category", asked.categories), ("cluster", asked.clusters)):
        # Another query's, unless by chance it is the same.
        others = np.array([
            next(other for other in np.roll(numbers, -row) if other != numbers[row])
            for row in range(len(numbers))
        ])  # fmt: skip
        for label, chosen in (("own", numbers), ("against", others)):

            def filters(
                row: int, name: str = name, chosen: NDArray[np.int64] = chosen
            ) -> ProductFilters:
                number = int(chosen[row])
                if name == "category":
                    return ProductFilters(category=str(kinds[number]))
                return ProductFilters(cluster=number)

            def keeps(
                row: int, name: str = name, chosen: NDArray[np.int64] = chosen
            ) -> NDArray[np.bool_]:
                kept: NDArray[np.bool_] = (columns[name] == chosen[row]) & shown
                return kept

            yield Case(f"{name} {label}", filters, keeps, is_against=label == "against")
