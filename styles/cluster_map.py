"""The map of a clustering: products laid out on a plane, look-alikes near each other.

Principal components of a sample of the embeddings, kept in the cache; for the admin. Products that
come later are missing until the map is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.core.cache import cache

from styles import conf
from styles.catalogue import get_catalogue
from styles.models import Clustering

MOST_POINTS = 5_000
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class MapPoint:
    """A product on the map; ``x`` and ``y`` are from 0 to 1, ``cluster_id`` is a row's key."""

    sku: str
    x: float
    y: float
    cluster_id: int


def map_clustering(clustering: Clustering) -> list[MapPoint]:
    """Return the points of a clustering's map, at most ``MOST_POINTS``, drawn by the seed."""
    key = f"cluster-map:{clustering.pk}:{clustering.created_at:%s}"
    points: list[MapPoint] | None = cache.get(key)
    if points is None:
        points = _lay_out(clustering)
        cache.set(key, points, KEPT_SECONDS)
    return points


def _lay_out(clustering: Clustering) -> list[MapPoint]:
    catalogue = get_catalogue()
    product_ids, cluster_ids = catalogue.assignments(clustering)
    embeddings = catalogue.embeddings(clustering.model_version)
    known = np.flatnonzero(np.isin(product_ids, embeddings.product_ids))
    random = np.random.default_rng(conf.get("SEED"))
    chosen = np.sort(random.permutation(known)[:MOST_POINTS])
    rows = np.searchsorted(embeddings.product_ids, product_ids[chosen])
    found, vectors = embeddings.read(rows)
    if not len(found):
        return []
    kept = chosen[np.searchsorted(rows, found)]
    facts = catalogue.facts(product_ids[kept], model_version=clustering.model_version)
    return [
        MapPoint(fact.sku, round(float(x), 4), round(float(y), 4), cluster_id)
        for fact, (x, y), cluster_id in zip(
            facts, project(vectors), cluster_ids[kept].tolist(), strict=True
        )
        if fact is not None
    ]


def project(vectors: np.ndarray) -> np.ndarray:
    """Return the first two principal components of vectors (N, D), each scaled to 0..1: (N, 2)."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    _, components = np.linalg.eigh(centred.T @ centred)
    # Largest first; an axis points where its largest weight is positive, or a map could be its own
    # mirror image the next day.
    axes = components[:, [-1, -2]]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    laid = centred @ axes
    low, spread = laid.min(axis=0), np.ptp(laid, axis=0)
    scaled: np.ndarray = (laid - low) / np.where(spread > 0, spread, 1.0)
    return scaled
