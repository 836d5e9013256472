"""How well a model names what it sees: for training, evaluation and benchmarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import MissingTrainingExtraError


@dataclass(frozen=True)
class LabelSetMetrics:
    """Scores of one label set on photos that were held out; all but `count` from 0 to 1."""

    count: int
    accuracy: float
    macro_f1: float
    top_3: float
    majority_baseline: float


@dataclass(frozen=True)
class ClassScores:
    """Scores of one class, from 0 to 1; `support` is how many photos are truly of it.

    Precision is the share of right ones among the photos said to be of the class, recall the share
    found of those that are, F1 their harmonic mean; each is 0 where there is nothing to divide by.
    """

    code: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class ConfusedPair:
    """How many photos of one class were taken for another; `share` is of the true class's."""

    true: str
    predicted: str
    count: int
    share: float


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
    """Return the mean F1 of the classes that occur or are predicted, all counting alike."""
    return float(_scikit_learn().f1_score(true, predicted, average="macro", zero_division=0.0))


def top_k_accuracy(
    probabilities: NDArray[np.float32], class_indexes: NDArray[np.int64], *, k: int
) -> float:
    """Return how often the true class is among the k most probable of probabilities (N, C).

    A class at zero never is: rounded probabilities leave many there, and their order says nothing.
    """
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    possible = np.take_along_axis(probabilities, best, axis=1) > 0
    found = (best == class_indexes[:, np.newaxis]) & possible
    return float(found.any(axis=1).mean())


def majority_baseline(class_indexes: NDArray[np.int64]) -> float:
    """Return the accuracy of always answering the most frequent class."""
    return float(np.bincount(class_indexes).max() / len(class_indexes))


def confusion_matrix(
    true: NDArray[np.int64], predicted: NDArray[np.int64], *, classes: int
) -> NDArray[np.int64]:
    """Return counts (C, C): rows are true classes, columns predicted ones."""
    counts = _scikit_learn().confusion_matrix(true, predicted, labels=np.arange(classes))
    return np.asarray(counts, dtype=np.int64)


def score_classes(confusion: NDArray[np.int64], *, codes: Sequence[str]) -> list[ClassScores]:
    """Return the scores of each class of a confusion matrix (C, C) of `codes` (C,)."""
    rows = zip(
        codes,
        np.diag(confusion).tolist(),
        confusion.sum(axis=0).tolist(),
        confusion.sum(axis=1).tolist(),
        strict=True,
    )
    return [
        ClassScores(
            code=code,
            precision=_share(right, predicted),
            recall=_share(right, support),
            f1=_share(2 * right, predicted + support),
            support=support,
        )
        for code, right, predicted, support in rows
    ]


def rank_confused_pairs(
    confusion: NDArray[np.int64], *, codes: Sequence[str], limit: int
) -> list[ConfusedPair]:
    """Return the classes of a matrix (C, C) that are most often confused, at most `limit` pairs.

    Most photos first, then the largest share of the true class.
    """
    support = confusion.sum(axis=1)
    pairs = [
        ConfusedPair(
            codes[true], codes[predicted], int(count), _share(int(count), int(support[true]))
        )
        for (true, predicted), count in np.ndenumerate(confusion)
        if count and true != predicted
    ]
    pairs.sort(key=lambda pair: (-pair.count, -pair.share, pair.true, pair.predicted))
    return pairs[:limit]


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _scikit_learn() -> Any:
    """Return scikit-learn's metrics, which only the training extra installs."""
    try:
        from sklearn import metrics
    except ImportError as error:
        raise MissingTrainingExtraError("scikit-learn") from error
    return metrics
