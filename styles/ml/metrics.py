"""How good a model is: classification scores and retrieval precision; for training, benchmarks."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import MissingTrainingExtraError

QUERY_BATCH = 256


@dataclass(frozen=True)
class LabelSetMetrics:
    """Scores of one label set on photos that were held out; all but `count` from 0 to 1."""

    count: int
    accuracy: float
    macro_f1: float
    top_3: float
    majority_baseline: float


def score_label_set(
    probabilities: NDArray[np.float32], class_indexes: NDArray[np.int64]
) -> LabelSetMetrics:
    """Score probabilities (N, C) against the true class indexes (N,), each from 0 to C - 1."""
    predicted = probabilities.argmax(axis=1)
    return LabelSetMetrics(
        count=len(class_indexes),
        accuracy=accuracy(class_indexes, predicted),
        macro_f1=macro_f1(class_indexes, predicted),
        top_3=top_k_accuracy(probabilities, class_indexes, k=3),
        majority_baseline=majority_baseline(class_indexes),
    )


def accuracy(true: NDArray[np.int64], predicted: NDArray[np.int64]) -> float:
    """Return the share of right predictions."""
    return float(_scikit_learn().accuracy_score(true, predicted))


def macro_f1(true: NDArray[np.int64], predicted: NDArray[np.int64]) -> float:
    """Return the mean F1 of the classes that occur, each class counting the same."""
    return float(_scikit_learn().f1_score(true, predicted, average="macro", zero_division=0.0))


def top_k_accuracy(
    probabilities: NDArray[np.float32], class_indexes: NDArray[np.int64], *, k: int
) -> float:
    """Return how often the true class is among the k most probable of probabilities (N, C)."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return float((best == class_indexes[:, np.newaxis]).any(axis=1).mean())


def majority_baseline(class_indexes: NDArray[np.int64]) -> float:
    """Return the accuracy of always answering the most frequent class."""
    return float(np.bincount(class_indexes).max() / len(class_indexes))


def confusion_matrix(
    true: NDArray[np.int64], predicted: NDArray[np.int64], *, classes: int
) -> NDArray[np.int64]:
    """Return counts (C, C): rows are true classes, columns predicted ones."""
    counts = _scikit_learn().confusion_matrix(true, predicted, labels=np.arange(classes))
    return np.asarray(counts, dtype=np.int64)


def retrieval_precision_at_k(
    queries: NDArray[np.float32],
    *,
    query_types: Sequence[str],
    gallery: NDArray[np.float32],
    gallery_types: Sequence[str],
    k: int = 10,
    answers: Mapping[str, AbstractSet[str]] | None = None,
) -> float:
    """Return the mean share of right types among the k nearest of the gallery, by cosine.

    `queries` (Q, D) and `gallery` (G, D) hold unit vectors. A gallery type is right when it is the
    query's own or, with `answers`, one of those that answer the query's type.
    """
    names, types = np.unique(np.asarray(gallery_types), return_inverse=True)
    right = {
        query_type: np.isin(names, sorted(answers[query_type] if answers else {query_type}))
        for query_type in set(query_types)
    }
    k = min(k, len(gallery))
    shares = []
    for start in range(0, len(queries), QUERY_BATCH):
        similarities = queries[start : start + QUERY_BATCH] @ gallery.T
        nearest = np.argpartition(-similarities, k - 1, axis=1)[:, :k]
        for row, query_type in zip(nearest, query_types[start : start + QUERY_BATCH], strict=True):
            shares.append(right[query_type][types[row]].mean())
    return float(np.mean(shares))


def _scikit_learn() -> Any:
    """Return scikit-learn's metrics, which only the training extra installs."""
    try:
        from sklearn import metrics
    except ImportError as error:
        raise MissingTrainingExtraError("scikit-learn") from error
    return metrics
