"""Reads the searches of a day while they are there, and how near the catalogue comes to each.

What is read here is never stored: the folding of a day keeps numbers and means of it alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from products.cut_off import calibration_of
from products.filters import ProductFilters
from products.models import Calibration, ImageSearch, Product
from products.nearest import nearest_products
from products.querysets import ImageSearchQuerySet
from products.search.query_vectors import half_vector
from shoppers import conf
from shoppers.insights.weeks import start_of
from styles.models import ModelVersion


@dataclass(frozen=True)
class Judged:
    """An answered search beside the catalogue.

    Attributes:
        owner: tells people apart, as far as anything does; see ``products.ownership``.
        vector: float32 (EMBEDDING_DIM,), unit length.
        probabilities: label set -> code -> probability.
        palette: colours such as #1a2b3c with their shares.
        is_matched: whether the shop has something that comes close.
    """

    owner: str
    vector: np.ndarray
    probabilities: Mapping[str, Mapping[str, float]]
    palette: Sequence[tuple[str, float]]
    is_matched: bool


def searches_of(day: date) -> ImageSearchQuerySet:
    """Return the finished searches of a day that are still there, the latest first."""
    begin, end = start_of(day), start_of(day + timedelta(days=1))
    searches = ImageSearch.objects.filter(created_at__gte=begin, created_at__lt=end)
    return searches.finished().order_by("-created_at")


def reliable_calibration(version: ModelVersion | None) -> Calibration | None:
    """Return the scale of a version where it tells products from nothing; else None."""
    calibration = calibration_of(version) if version else None
    return calibration if calibration and calibration.is_reliable else None


def judge_searches(day: date, *, version: ModelVersion | None) -> list[Judged]:
    """Judge the latest answered searches of a day; none where nobody knows what close means."""
    calibration = reliable_calibration(version)
    if version is None or calibration is None:
        return []
    answered = searches_of(day).filter(model_version=version, embedding__isnull=False)
    return [
        _judge(search, version=version, cut_off=calibration.cut_off)
        for search in answered.defer("heat_map")[: conf.get("GAP_MAX_SEARCHES")]
    ]


def nearest_of(
    vector: np.ndarray, *, version: ModelVersion, count: int
) -> tuple[tuple[int, float], ...]:
    """Return the products that the shop shows nearest to a vector, sold out or not."""
    return nearest_products(
        half_vector(vector),
        model_version=version,
        products=ProductFilters(in_stock=False).apply(Product.objects.all()),
        limit=count,
    ).rows


def _judge(search: ImageSearch, *, version: ModelVersion, cut_off: float) -> Judged:
    vector = np.array(half_vector(search.embedding).to_list(), np.float32)
    nearest = nearest_of(vector, version=version, count=1)
    return Judged(
        owner=search.owner,
        vector=vector / np.linalg.norm(vector),
        probabilities=search.probabilities,
        palette=search.palette,
        is_matched=any(distance <= cut_off for _, distance in nearest),
    )
