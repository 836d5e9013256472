"""Look-alike search over a large catalogue: recall and latency under every kind of filter.

    python -m benchmarks.vector_search [--products N] [--rivals] [--json]

The catalogue is made of real embeddings (`large_catalogue`), on a PostgreSQL of its own that is set
as the embedded one of a shop. Asked are phone photos and products, half and half; a hit counts when
it is as near as the tenth of an exact scan. Latency is of the search as a page calls it, one after
the other; `SQL` is the part PostgreSQL took. Filters by lot keep the share that their name says.
`own` asks for the type or cluster that the query itself has, as shoppers do; `against` for another,
where no vector index helps and everything that matches is scanned.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import large_catalogue
from benchmarks.figures import tell
from benchmarks.running_shop import STATE
from benchmarks.search_cases import Asked, Case, cases, draw_queries
from benchmarks.shop import served, temporary_shop

PRODUCTS = 1_000_000
LIMIT = 10
TOLERANCE = 1e-4
REQUIRED_RECALL = 0.99
ALLOWED_PLAIN_MS, ALLOWED_FILTERED_MS, ALLOWED_HTTP_MS = 5.0, 20.0, 40.0
ALLOWED_BUILD_SECONDS, ALLOWED_INDEX_MEGABYTES = 230.0, 794.0
ALLOWED_CHURN = 1.3
CHURN = 0.3
HTTP_REQUESTS = 200


def measure(*, products: int, rivals: bool) -> dict[str, Any]:
    """Return all figures for a catalogue of so many products."""
    real = large_catalogue.real_embeddings(STATE / "real_embeddings.npz")
    with temporary_shop():
        said(f"making {products:,} products of {len(real.vectors):,} real ones")
        catalogue = large_catalogue.multiply(real, products=products)
        large_catalogue.store(catalogue)
        figures: dict[str, Any] = {"products": products, "index": build_index(products)}
        asked = draw_queries(real, catalogue)
        said("searching")
        figures["filters"] = search_all(catalogue, asked)
        figures["summary"] = summarise(figures["filters"])
        figures["look-alikes over HTTP"] = ask_over_http(products)
        if rivals:
            from benchmarks.rival_search import compare

            figures["beside others"] = compare(catalogue, asked)
        said(f"replacing {CHURN:.0%} of the embeddings")
        figures["after replacing 30 %"] = measure_churn(real, catalogue, asked, figures["filters"])
    return figures


def build_index(products: int) -> dict[str, Any]:
    """Build the index over the stored embeddings; return what it took."""
    from django.db import connection

    from products import vector_index
    from styles.models import ModelVersion

    version = ModelVersion.objects.active()
    said("building the index")
    began = time.perf_counter()
    vector_index.build(version)
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_size(%s::regclass), pg_relation_size(%s::regclass)",
            [vector_index.index_name(version), vector_index.partition_name(version)],
        )
        index_bytes, table_bytes = cursor.fetchone()
    share = products / PRODUCTS
    return {
        "s": round(seconds, 1),
        "MB": round(index_bytes / 2**20),
        "vectors MB": round(table_bytes / 2**20),
        "bytes a vector": round(table_bytes / products),
        "reached": seconds <= ALLOWED_BUILD_SECONDS * share
        and index_bytes / 2**20 <= ALLOWED_INDEX_MEGABYTES * share,
    }


def search_all(
    catalogue: large_catalogue.LargeCatalogue, asked: Asked
) -> dict[str, dict[str, Any]]:
    """Return the figures of each filter."""
    exact = asked.vectors.astype(np.float16).astype(np.float32)
    distances = 1 - np.concatenate(
        [exact @ part.T.astype(np.float32) for part in np.array_split(catalogue.vectors, 50)],
        axis=1,
    )
    return {case.name: search(case, asked, distances) for case in cases(catalogue, asked)}


def search(case: Case, asked: Asked, distances: NDArray[np.float32]) -> dict[str, Any]:
    """Ask every query under one filter; return recall, rows, latency."""
    from pgvector import HalfVector

    from products.models import Product
    from products.nearest import nearest_products
    from styles.models import ModelVersion

    version = ModelVersion.objects.active()
    recalls, short, latencies, in_sql, kept = [], 0, [], [], []
    for row, vector in enumerate(asked.vectors):
        products = case.filters(row).apply(Product.objects.all())
        clock = SqlClock()
        began = time.perf_counter()
        with clock.running():
            found = nearest_products(
                HalfVector(vector), model_version=version, products=products, limit=LIMIT
            )
        latencies.append(1e3 * (time.perf_counter() - began))
        in_sql.append(1e3 * clock.seconds)
        matching = distances[row][case.keeps(row)]
        kept.append(len(matching))
        expected = min(LIMIT, len(matching))
        short += len(found.rows) != expected
        if expected:
            tenth = np.partition(matching, expected - 1)[expected - 1]
            near = sum(distance <= tenth + TOLERANCE for _, distance in found.rows)
            recalls.append(near / expected)
    return {
        "matching": int(np.median(kept)),
        "recall": round(float(np.mean(recalls)), 4) if recalls else None,
        "answers with too few rows": short,
        "p50 ms": round(float(np.median(latencies)), 1),
        "p95 ms": round(float(np.percentile(latencies, 95)), 1),
        "SQL p95 ms": round(float(np.percentile(in_sql, 95)), 1),
        "against": case.is_against,
    }


class SqlClock:
    """Adds up the time that statements take."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def running(self) -> Any:
        """Return the context in which statements are timed."""
        from django.db import connection

        return connection.execute_wrapper(self._time)

    def _time(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began


def summarise(filters: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the worst of all filters against what is required."""
    plain = filters["none"]
    usual = {name: found for name, found in filters.items() if not found["against"]}
    slowest = max(usual, key=lambda name: usual[name]["SQL p95 ms"])
    least = min(filters, key=lambda name: filters[name]["recall"] or 1.0)
    return {
        "least recall": filters[least]["recall"],
        "of": least,
        "required recall": REQUIRED_RECALL,
        "recall reached": (filters[least]["recall"] or 0) >= REQUIRED_RECALL,
        "answers with too few rows": sum(f["answers with too few rows"] for f in filters.values()),
        "no filter, SQL p95 ms": plain["SQL p95 ms"],
        "no filter reached": plain["SQL p95 ms"] <= ALLOWED_PLAIN_MS,
        "slowest filter, SQL p95 ms": usual[slowest]["SQL p95 ms"],
        "which is": slowest,
        "slowest reached": usual[slowest]["SQL p95 ms"] <= ALLOWED_FILTERED_MS,
    }


def measure_churn(
    real: large_catalogue.RealEmbeddings,
    catalogue: large_catalogue.LargeCatalogue,
    asked: Asked,
    before: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """Replace a share of the embeddings by others, vacuum, and search again."""
    from django.db import connection

    from styles.models import ModelVersion

    random = np.random.default_rng(3)
    rows = np.flatnonzero(random.random(len(catalogue.vectors)) < CHURN)
    version = ModelVersion.objects.active().pk
    for part in np.array_split(rows, max(1, len(rows) // large_catalogue.PART)):
        _, vectors = large_catalogue.jitter(real, random=random, count=len(part))
        catalogue.vectors[part] = vectors.astype(np.float16)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM products_productembedding WHERE product_id = ANY(%s)",
                [(part + 1).tolist()],
            )
        large_catalogue.insert_embeddings(part, catalogue.vectors[part], version=version)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) products_productembedding")
    after = search_all(catalogue, asked)
    ratios = {
        name: round(after[name]["SQL p95 ms"] / before[name]["SQL p95 ms"], 2) for name in before
    }
    worst = max(ratios, key=lambda name: ratios[name])
    least = min(after, key=lambda name: after[name]["recall"] or 1.0)
    return {
        "least recall": after[least]["recall"],
        "of": least,
        "SQL p95 to that before, no filter": ratios["none"],
        "median over filters": float(np.median(list(ratios.values()))),
        "at most": ratios[worst],
        "which is": worst,
        "reached": (after[least]["recall"] or 0) >= REQUIRED_RECALL
        and float(np.median(list(ratios.values()))) <= ALLOWED_CHURN,
    }


def ask_over_http(products: int) -> dict[str, Any]:
    """Ask the API of a web server for look-alikes of known products, one after the other."""
    random = np.random.default_rng(5)
    latencies = []
    with served() as address:
        for number in random.integers(1, products + 1, HTTP_REQUESTS).tolist():
            began = time.perf_counter()
            place = f"{address}/api/v1/products/sku-{number}/similar/?limit={LIMIT}"
            with urllib.request.urlopen(place, timeout=30) as answer:  # noqa: S310 - 127.0.0.1
                results = json.load(answer)["results"]
            latencies.append(1e3 * (time.perf_counter() - began))
            if len(results) != LIMIT:
                sys.exit(f"Expected {LIMIT} look-alikes of sku-{number}, received {len(results)}.")
    usual = latencies[HTTP_REQUESTS // 10 :]  # without those that warm the caches
    p95 = float(np.percentile(usual, 95))
    return {
        "p50 ms": round(float(np.median(usual)), 1),
        "p95 ms": round(p95, 1),
        "reached": p95 <= ALLOWED_HTTP_MS,
    }


def said(what: str) -> None:
    """Tell people who wait what is being done."""
    print(f"{what} ...", file=sys.stderr, flush=True)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--products", type=int, default=PRODUCTS, metavar="N")
    parser.add_argument("--rivals", action="store_true", help="other indexes beside it")


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=configure)
