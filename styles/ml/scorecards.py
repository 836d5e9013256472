"""All that is told of one label set, from a model's probabilities; for evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from styles.ml.calibration import Calibration, measure_calibration
from styles.ml.metrics import (
    ClassScores,
    ConfusedPair,
    confusion_matrix,
    rank_confused_pairs,
    score_classes,
    score_label_set,
)

MAX_MISTAKES = 24
MAX_LEAST_CERTAIN = 6
MAX_CONFUSED_PAIRS = 15


@dataclass(frozen=True)
class Sighting:
    """What the model said of one photo.

    `photo` is its place among those that were evaluated, `key` its name. Probabilities are from 0
    to 1: that of the predicted code and that of the true one.
    """

    photo: int
    key: str
    true: str
    predicted: str
    probability: float
    true_probability: float


@dataclass(frozen=True)
class Scorecard:
    """How well one label set is told on `count` labelled photos; shares are from 0 to 1.

    `classes` and the rows (true) and columns (predicted) of `confusion` are in the order of the
    version's codes. `mistakes` are the most confident wrong predictions, `least_certain` the least
    confident right ones.
    """

    count: int
    accuracy: float
    macro_f1: float
    top_3: float
    majority_baseline: float
    classes: tuple[ClassScores, ...]
    confusion: tuple[tuple[int, ...], ...]
    confused_pairs: tuple[ConfusedPair, ...]
    calibration: Calibration
    mistakes: tuple[Sighting, ...]
    least_certain: tuple[Sighting, ...]


def score_photos(
    probabilities: NDArray[np.float32],
    class_indexes: NDArray[np.int64],
    *,
    codes: Sequence[str],
    photos: NDArray[np.int64],
    keys: Sequence[str],
) -> Scorecard:
    """Score probabilities (N, C) of the `codes` (C,) against true class indexes (N,), N at least 1.

    `photos` (N,) are the places of the photos among those that were evaluated, `keys` (N,) their
    names.
    """
    predicted = probabilities.argmax(axis=1)
    confidences = probabilities.max(axis=1)
    confusion = confusion_matrix(class_indexes, predicted, classes=len(codes))
    sightings = _Sightings(probabilities, class_indexes, codes, photos, keys)
    wrong = np.flatnonzero(predicted != class_indexes)
    right = np.flatnonzero(predicted == class_indexes)
    return Scorecard(
        **vars(score_label_set(probabilities, class_indexes)),
        classes=tuple(score_classes(confusion, codes=codes)),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        confused_pairs=tuple(rank_confused_pairs(confusion, codes=codes, limit=MAX_CONFUSED_PAIRS)),
        calibration=measure_calibration(probabilities, class_indexes),
        mistakes=sightings.of(wrong[np.argsort(-confidences[wrong], kind="stable")][:MAX_MISTAKES]),
        least_certain=sightings.of(
            right[np.argsort(confidences[right], kind="stable")][:MAX_LEAST_CERTAIN]
        ),
    )


@dataclass(frozen=True)
class _Sightings:
    """The photos of a label set, row by row; see `score_photos`."""

    probabilities: NDArray[np.float32]
    class_indexes: NDArray[np.int64]
    codes: Sequence[str]
    photos: NDArray[np.int64]
    keys: Sequence[str]

    def of(self, rows: NDArray[np.int64]) -> tuple[Sighting, ...]:
        return tuple(
            Sighting(
                photo=int(self.photos[row]),
                key=self.keys[row],
                true=self.codes[self.class_indexes[row]],
                predicted=self.codes[self.probabilities[row].argmax()],
                probability=float(self.probabilities[row].max()),
                true_probability=float(self.probabilities[row, self.class_indexes[row]]),
            )
            for row in rows
        )
