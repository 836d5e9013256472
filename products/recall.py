"""Holds the vector index against exact scans, on filters that shoppers use; run every night.

Where the index fell short, searches with as many matching products or fewer are scanned exactly
from then on, until a later check finds it right again.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.db.models import Max, Min, QuerySet
from pgvector import HalfVector

from products.filters import ProductFilters
from products.models import ImageSearch, Product, ProductEmbedding, RecallCheck
from products.nearest import exact_scan, expected_matches, is_for_index, through_index
from styles.catalogue import OnProgress
from styles.models import Cluster, ModelVersion

logger = logging.getLogger(__name__)

SAMPLES = 60
COMPARED = 10
LEAST_RECALL = 0.99
# Vectors are stored as half floats: what differs by less than this is equally near.
TOLERANCE = 1e-4
KEPT_WORST = 10
KEPT_CHECKS = 365
# Which filters are drawn together; shoppers seldom set more than three.
FIELDS = ("cluster", "category", "colour", "gender", "brand", "max_price")
MOST_FIELDS = 3


@dataclass(frozen=True)
class Comparison:
    """One search, asked and answered both ways; times in milliseconds."""

    filters: Mapping[str, str]
    matching: int
    recall: float
    index_milliseconds: float
    exact_milliseconds: float


@dataclass(frozen=True)
class Declined:
    """One search that the index declined to answer, or that nothing matched."""

    exact_milliseconds: float


def check_recall(
    model_version: ModelVersion, *, samples: int = SAMPLES, on_progress: OnProgress | None = None
) -> RecallCheck:
    """Compare searches through the index with exact scans and store what came of it.

    A catalogue so small that every search is scanned exactly has nothing to compare: its check is
    stored with no samples.
    """
    compared: list[Comparison | Declined] = []
    for place, (vector, filters) in enumerate(_searches(model_version, count=samples), start=1):
        found = _compare(vector, filters, model_version=model_version)
        if found is not None:
            compared.append(found)
        if on_progress is not None:
            on_progress(place, samples)
    answered = [found for found in compared if isinstance(found, Comparison)]
    check = RecallCheck.objects.create(
        model_version=model_version,
        samples=len(compared),
        declined=len(compared) - len(answered),
        recall=_mean([found.recall for found in answered]),
        exact_up_to=untrusted_border(answered),
        index_milliseconds=_p95([found.index_milliseconds for found in answered]),
        exact_milliseconds=_p95([found.exact_milliseconds for found in compared]),
        worst=[
            vars(found) for found in sorted(answered, key=lambda found: found.recall)[:KEPT_WORST]
        ],
    )
    if check.exact_up_to:
        logger.warning(
            "The vector index of model version %s fell short (recall %.3f): up to %s matching "
            "products are scanned exactly now.",
            model_version.number, check.recall, check.exact_up_to,
        )  # fmt: skip
    outdated = RecallCheck.objects.filter(model_version=model_version)[KEPT_CHECKS:]
    RecallCheck.objects.filter(pk__in=list(outdated.values_list("pk", flat=True))).delete()
    return check


def _compare(
    vector: HalfVector, filters: ProductFilters, *, model_version: ModelVersion
) -> Comparison | Declined | None:
    """Ask both ways; None where a search like this is never put to the index."""
    products = filters.apply(Product.objects.all())
    expected = expected_matches(products)
    if not is_for_index(products, expected=expected):
        return None
    began = time.perf_counter()
    indexed = through_index(
        vector, model_version=model_version, products=products, expected=expected, limit=COMPARED
    )
    between = time.perf_counter()
    exact, matching = exact_scan(
        vector, model_version=model_version, products=products, limit=COMPARED
    )
    ended = time.perf_counter()
    exact_milliseconds = round(1e3 * (ended - between), 2)
    if indexed is None or not exact:
        return Declined(exact_milliseconds)
    farthest = exact[-1][1] + TOLERANCE
    return Comparison(
        filters=filters.as_parameters(),
        matching=matching,
        recall=sum(distance <= farthest for _, distance in indexed) / len(exact),
        index_milliseconds=round(1e3 * (between - began), 2),
        exact_milliseconds=exact_milliseconds,
    )


def untrusted_border(answered: list[Comparison]) -> int:
    """Return up to how many matching products the index is not to be trusted; 0 if it is.

    On average answers have to be right: one that misses a product among a hundred that do not
    moves nothing. Where the average falls short, the largest choice that was wrong is the border.
    """
    recall = _mean([found.recall for found in answered])
    if recall is None or recall >= LEAST_RECALL:
        return 0
    return max(found.matching for found in answered if found.recall < LEAST_RECALL)


def _searches(
    model_version: ModelVersion, *, count: int
) -> Iterator[tuple[HalfVector, ProductFilters]]:
    """Yield queries with filters: those of shoppers' own searches first, then drawn ones."""
    asked = ImageSearch.objects.alive().filter(
        status=ImageSearch.Status.DONE, model_version=model_version
    )
    left = count
    for search in asked.order_by("-created_at")[: count // 3]:
        try:
            filters = ProductFilters.parse(search.filters)
        except ValidationError:  # what it asked for is gone
            continue
        if search.embedding is not None:
            left -= 1
            yield search.embedding, filters
    embeddings = ProductEmbedding.objects.filter(model_version=model_version)
    keys = embeddings.aggregate(first=Min("product_id"), last=Max("product_id"))
    if keys["first"] is None:
        return
    clusters = list(Cluster.objects.in_force().values_list("number", flat=True))
    for _ in range(left):
        vector = _drawn(embeddings, keys).values_list("embedding", flat=True).first()
        like = Product.objects.filter(
            pk__in=_drawn(embeddings, keys).values("product_id")[:1]
        ).first()
        if vector is not None and like is not None:
            yield vector, _filters_met_by(like, clusters)


def _drawn(
    embeddings: QuerySet[ProductEmbedding], keys: Mapping[str, int]
) -> QuerySet[ProductEmbedding]:
    """Return the embeddings from a random product on, in the order of products."""
    start = random.randint(keys["first"], keys["last"])
    return embeddings.filter(product_id__gte=start).order_by("product_id")


def _filters_met_by(product: Product, clusters: list[int]) -> ProductFilters:
    """Return some of the filters that a product passes: they keep at least that one."""
    values: dict[str, Any] = {
        "cluster": random.choice(clusters) if clusters else None,
        "category": product.category or None,
        "colour": product.colour or None,
        "gender": product.gender or None,
        "brand": product.brand or None,
        "max_price": product.price,
    }
    chosen = random.sample(FIELDS, random.randint(0, MOST_FIELDS))
    return ProductFilters(**{name: values[name] for name in chosen})


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _p95(values: list[float]) -> float | None:
    return round(float(np.percentile(values, 95)), 2) if values else None
