"""kfashion's search beside other vector indexes, in one run, at equal filters; for `vector_search`.

Asked are the same queries over the same vectors, with filters by lot that keep 100, 50, 10, 1, 0.1
and 0.01 % of the products, and with the category that each query has itself. In-memory rivals are
handed their sets of ids before the clock starts. kfashion answers through its whole search, filters
of the shop included; times are of one query after the other.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import large_catalogue
from benchmarks.rivals import Where, missing, rivals
from benchmarks.search_cases import Asked

LIMIT = 10
TOLERANCE = 1e-4
# hnswlib walks its whole graph where few match: more queries would take hours.
QUERIES = 30

Found = Sequence[tuple[int, float]]
"""(row of the catalogue, cosine distance), the nearest first."""


@dataclass(frozen=True)
class Filter:
    """A filter as rivals know it and as the shop does, for each query (N,)."""

    name: str
    wheres: Sequence[Where | None]
    asked_of_shop: Sequence[dict[str, Any]]


def compare(catalogue: large_catalogue.LargeCatalogue, asked: Asked) -> dict[str, Any]:
    """Return recall, rows and latency of kfashion and of each rival that is installed."""
    from django.db import connection

    queries = asked.vectors[:: max(1, len(asked.vectors) // QUERIES)]
    categories = asked.categories[:: max(1, len(asked.vectors) // QUERIES)]
    vectors = catalogue.vectors.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    filters = list(_filters(catalogue, categories))
    distances = 1 - queries @ vectors.T
    truth = {found.name: _nearest(found, catalogue, distances) for found in filters}
    settings = connection.settings_dict
    url = (
        f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:"
        f"{settings['PORT']}/{settings['NAME']}"
    )
    figures: dict[str, Any] = {"kfashion": {"durable": True}}
    for found in filters:

        def ask_shop(row: int, found: Filter = found) -> Found:
            return _ask_shop(queries[row], found.asked_of_shop[row])

        figures["kfashion"][found.name] = _measure(queries, truth[found.name], ask_shop)
    for rival in rivals(url):
        print(f"building {rival.name} ...", file=sys.stderr, flush=True)
        began = time.perf_counter()
        rival.build(vectors, catalogue.columns)
        figures[rival.name] = {
            "durable": rival.is_durable, "build s": round(time.perf_counter() - began, 1)
        }  # fmt: skip
        for found in filters:
            for where in {where for where in found.wheres if where is not None}:
                rival.prepare(where)

            def ask(row: int, found: Filter = found, rival: Any = rival) -> Found:
                answer: Found = rival.search(queries[row], where=found.wheres[row], count=LIMIT)
                return answer

            figures[rival.name][found.name] = _measure(queries, truth[found.name], ask)
        rival.close()
    for name, requirement in missing().items():
        print(f"Without {name}: pip install {requirement}", file=sys.stderr)
    return figures


def _filters(
    catalogue: large_catalogue.LargeCatalogue, categories: NDArray[np.int64]
) -> list[Filter]:
    count = len(categories)
    plain = {"in_stock": False}
    found = [Filter("100 %", [None] * count, [plain] * count)]
    for place, share in enumerate(large_catalogue.SHARES):
        where, word = Where("brand", place, place), large_catalogue.BRANDS[place]
        found.append(Filter(f"{share:.2%}", [where] * count, [{**plain, "brand": word}] * count))
    found.append(
        Filter(
            "own category",
            [Where("category", float(number), float(number)) for number in categories],
            [{**plain, "category": str(catalogue.types[number])} for number in categories],
        )
    )
    return found


def _nearest(
    found: Filter, catalogue: large_catalogue.LargeCatalogue, distances: NDArray[np.float32]
) -> list[NDArray[np.float32]]:
    """Return the distances of the nearest that match, for each query."""
    nearest = []
    for row, where in enumerate(found.wheres):
        kept = distances[row] if where is None else distances[row][where.keeps(catalogue.columns)]
        nearest.append(np.sort(kept)[:LIMIT])
    return nearest


def _ask_shop(vector: NDArray[np.float32], filters: dict[str, Any]) -> Found:
    from pgvector import HalfVector

    from products.filters import ProductFilters
    from products.models import Product
    from products.nearest import nearest_products
    from styles.models import ModelVersion

    answer = nearest_products(
        HalfVector(vector),
        model_version=ModelVersion.objects.active(),
        products=ProductFilters(**filters).apply(Product.objects.all()),
        limit=LIMIT,
    )
    return [(key - 1, distance) for key, distance in answer.rows]


def _measure(
    queries: NDArray[np.float32],
    truth: Sequence[NDArray[np.float32]],
    ask: Callable[[int], Found],
) -> dict[str, Any]:
    recalls, short, latencies = [], 0, []
    for row in range(len(queries)):
        began = time.perf_counter()
        answer = ask(row)
        latencies.append(1e3 * (time.perf_counter() - began))
        expected = truth[row]
        short += len(answer) < len(expected)
        if len(expected):
            near = sum(distance <= expected[-1] + TOLERANCE for _, distance in answer)
            recalls.append(near / len(expected))
    return {
        "recall": round(float(np.mean(recalls)), 4) if recalls else None,
        "too few rows": short,
        "p50 ms": round(float(np.median(latencies)), 2),
        "p95 ms": round(float(np.percentile(latencies, 95)), 2),
    }
