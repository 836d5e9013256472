"""Whether a model is right as often as it says: reliability diagrams; for evaluation.

After Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True)
class ReliabilityBin:
    """The photos whose most probable class has a probability in (lower, upper].

    `confidence` is their mean probability and `accuracy` the share of them that is right; both are
    None where `count` is 0.
    """

    lower: float
    upper: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Calibration:
    """How far confidence and accuracy lie apart, all from 0 to 1.

    The expected calibration error is the mean distance between the two over the bins, each counting
    by its photos; the largest one is that of the worst bin. A model whose `confidence` lies above
    its `accuracy` is too sure of itself.
    """

    bins: tuple[ReliabilityBin, ...]
    expected_error: float
    largest_error: float
    confidence: float
    accuracy: float


def measure_calibration(
    probabilities: NDArray[np.floating], class_indexes: NDArray[np.int64], *, bins: int = BINS
) -> Calibration:
    """Compare probabilities (N, C) with the true class indexes (N,), N at least 1.

    The bins are equally wide; the first one takes in a probability of 0.
    """
    confidences = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == class_indexes
    edges = np.linspace(0, 1, bins + 1)
    places = np.searchsorted(edges[1:-1], confidences, side="left")
    measured = tuple(
        _measure_bin(edges[place], edges[place + 1], confidences[inside], right[inside])
        for place in range(bins)
        for inside in [places == place]
    )
    errors = [
        (abs(found.confidence - found.accuracy), found.count)
        for found in measured
        if found.confidence is not None and found.accuracy is not None
    ]
    return Calibration(
        bins=measured,
        expected_error=sum(error * count for error, count in errors) / len(confidences),
        largest_error=max(error for error, _ in errors),
        confidence=float(confidences.mean()),
        accuracy=float(right.mean()),
    )


def _measure_bin(
    lower: float, upper: float, confidences: NDArray[np.float64], right: NDArray[np.bool_]
) -> ReliabilityBin:
    return ReliabilityBin(
        lower=round(float(lower), 6),
        upper=round(float(upper), 6),
        count=len(confidences),
        confidence=float(confidences.mean()) if len(confidences) else None,
        accuracy=float(right.mean()) if len(right) else None,
    )
