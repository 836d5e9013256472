"""How well look-alikes are found: precision among the nearest; for evaluation and benchmarks.

Similarity is the cosine, as in the shop's search. Queries are taken a block at a time, so that the
memory stays the same for any number of them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEAREST = 10
# A block of similarities to 100,000 photos takes 25 MB, and its order twice that.
QUERY_BLOCK = 64
# Each query orders the whole gallery for its average precision: 8 ms for 100,000 photos, so that
# these take less than a minute.
MAX_QUERIES = 5_000

# Of one query: P@1, P@10, average precision, share and number of right ones in the gallery.
_Row = tuple[float, float, float, float, int]


@dataclass(frozen=True)
class LabelRetrieval:
    """How well the queries with one label do, and how many of the gallery are right for them.

    Where those are fewer than ten, `precision_at_10` cannot reach 1.
    """

    label: str
    queries: int
    right: int
    precision_at_10: float


@dataclass(frozen=True)
class Retrieval:
    """How many of the nearest are right; the three shares from 0 to 1 are means over queries.

    `precision_at_1` and `precision_at_10` are the share of right ones among the nearest one and ten
    (or the whole gallery, if that is smaller), `mean_average_precision` (mAP) the precision
    at each right one, averaged over all right ones of the gallery. `unanswerable` queries, to which
    nothing in the gallery is right, are not among the `queries`. `chance` is what P@10 would be if
    the gallery came in any order.
    """

    queries: int
    gallery: int
    unanswerable: int
    precision_at_1: float
    precision_at_10: float
    mean_average_precision: float
    chance: float
    by_label: tuple[LabelRetrieval, ...]


def measure_retrieval(
    embeddings: NDArray[np.floating], labels: Sequence[str], *, seed: int
) -> Retrieval | None:
    """Ask for each photo of a data set which others are alike; those of its own label are right.

    `embeddings` (N, D) are unit vectors. Of more than MAX_QUERIES photos that many are drawn to be
    asked for. Returns None where no two photos have the same label.
    """
    asked = _draw(len(labels), seed=seed)
    return _measure(
        embeddings[asked],
        query_labels=[labels[index] for index in asked],
        gallery=embeddings,
        gallery_labels=labels,
        answers={label: {label} for label in set(labels)},
        itself=asked,
    )


def measure_retrieval_across(
    queries: NDArray[np.floating],
    *,
    query_labels: Sequence[str],
    gallery: NDArray[np.floating],
    gallery_labels: Sequence[str],
    answers: Mapping[str, AbstractSet[str]],
    seed: int,
) -> Retrieval | None:
    """Ask with the photos of one collection, unit vectors (Q, D), for those of another, (G, D).

    `answers` says which gallery labels are right for a query's label; queries whose label it leaves
    out cannot be answered. Of more than MAX_QUERIES queries that many are drawn. Returns None where
    no query can be answered.
    """
    asked = _draw(len(query_labels), seed=seed)
    return _measure(
        queries[asked],
        query_labels=[query_labels[index] for index in asked],
        gallery=gallery,
        gallery_labels=gallery_labels,
        answers=answers,
        itself=None,
    )


def average_precision(right: NDArray[np.bool_]) -> float:
    """Return the mean of the precision at each right one of a ranking (G,), best first."""
    places = np.flatnonzero(right)
    return float(np.mean(np.arange(1, len(places) + 1) / (places + 1)))


def _measure(
    queries: NDArray[np.floating],
    *,
    query_labels: Sequence[str],
    gallery: NDArray[np.floating],
    gallery_labels: Sequence[str],
    answers: Mapping[str, AbstractSet[str]],
    itself: NDArray[np.int64] | None,
) -> Retrieval | None:
    """Rank the gallery for each query; `itself` (Q,) says which of the gallery it is, if any."""
    others = len(gallery) - (itself is not None)
    if others < 1 or not len(queries):
        return None
    codes, classes = np.unique(np.asarray(gallery_labels), return_inverse=True)
    right_classes = {
        label: np.isin(codes, sorted(answers.get(label, ()))) for label in set(query_labels)
    }
    figures: dict[str, list[_Row]] = defaultdict(list)
    vectors = gallery.astype(np.float32)
    for start in range(0, len(queries), QUERY_BLOCK):
        similarities = queries[start : start + QUERY_BLOCK].astype(np.float32) @ vectors.T
        if itself is not None:
            block = itself[start : start + QUERY_BLOCK]
            similarities[np.arange(len(block)), block] = -np.inf  # last, and cut off below
        for row, label in zip(similarities, query_labels[start : start + QUERY_BLOCK], strict=True):
            right = right_classes[label][classes[np.argsort(-row)[:others]]]
            if right.any():
                first_ten = right[:NEAREST].mean()
                figures[label].append(
                    (right[0], first_ten, average_precision(right), right.mean(), right.sum())
                )
    return _summarise(figures, gallery=len(gallery), asked=len(queries))


def _summarise(
    figures: Mapping[str, Sequence[_Row]], *, gallery: int, asked: int
) -> Retrieval | None:
    rows = [row for label in figures for row in figures[label]]
    if not rows:
        return None
    first, ten, mean_average, chance, _ = (float(mean) for mean in np.mean(rows, axis=0))
    return Retrieval(
        queries=len(rows),
        gallery=gallery,
        unanswerable=asked - len(rows),
        precision_at_1=first,
        precision_at_10=ten,
        mean_average_precision=mean_average,
        chance=chance,
        by_label=tuple(
            LabelRetrieval(label, len(own), int(own[0][4]), float(np.mean([row[1] for row in own])))
            for label, own in sorted(figures.items())
        ),
    )


def _draw(count: int, *, seed: int) -> NDArray[np.int64]:
    """Return the indexes of the photos to ask with, in order: all, or MAX_QUERIES drawn."""
    if count <= MAX_QUERIES:
        return np.arange(count)
    drawn = np.random.default_rng(seed).choice(count, MAX_QUERIES, replace=False)
    return np.sort(drawn).astype(np.int64)
