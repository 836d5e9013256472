"""The figures of one model on a data set, and how those of two differ; for evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from styles import conf
from styles.catalogue import Example
from styles.measuring import Measurement
from styles.ml.datasets import NO_LABEL, index_labels
from styles.ml.progress import OnStage
from styles.ml.scorecards import Scorecard, score_photos
from styles.retrieval import Pairing, RetrievalFigures, measure_all


@dataclass(frozen=True)
class Figures:
    """What was measured of a model: how it names photos, by label set, and how it finds them."""

    label_sets: Mapping[str, Scorecard]
    retrieval: Sequence[RetrievalFigures]


@dataclass(frozen=True)
class Difference:
    """One figure, 0 to 1, of the served int8 model and of the float model it was exported from.

    `asking` is the label set, `answering` that of the photos to be found and "" where none are.
    `points` is served less trained, in hundredths.
    """

    asking: str
    answering: str
    figure: str
    served: float
    trained: float
    points: float


def find_figures(
    measurement: Measurement,
    examples: Sequence[Example],
    *,
    evaluated: int,
    label_sets: Mapping[str, Sequence[str]],
    pairings: Sequence[Pairing],
    on_progress: OnStage,
) -> Figures:
    """Return the figures of the first `evaluated` examples; those behind them only answer."""
    return Figures(
        score_label_sets(measurement.among(0, evaluated), examples, label_sets=label_sets),
        measure_all(
            measurement,
            examples,
            evaluated=evaluated,
            pairings=pairings,
            seed=conf.get("SEED"),
            on_progress=on_progress,
        ),
    )


def score_label_sets(
    measurement: Measurement,
    examples: Sequence[Example],
    *,
    label_sets: Mapping[str, Sequence[str]],
) -> dict[str, Scorecard]:
    """Return a scorecard a label set that some photo has a known label in."""
    measured = [examples[photo] for photo in measurement.photos]
    cards = {}
    for name, indexes in index_labels(measured, label_sets=label_sets).items():
        labelled = np.flatnonzero(indexes != NO_LABEL)
        if len(labelled):
            cards[name] = score_photos(
                measurement.probabilities[name][labelled],
                indexes[labelled],
                codes=label_sets[name],
                photos=measurement.photos[labelled],
                keys=[measured[row].key for row in labelled],
            )
    return cards


def compare_figures(served: Figures, trained: Figures) -> list[Difference]:
    """Return every figure of both; they stand on the same photos."""
    before_export = dict(_list(trained))
    return [
        Difference(
            *place,
            served=value,
            trained=before_export[place],
            points=round(100 * (value - before_export[place]), 3),
        )
        for place, value in _list(served)
    ]


def _list(figures: Figures) -> Iterator[tuple[tuple[str, str, str], float]]:
    for name, card in figures.label_sets.items():
        yield (name, "", "accuracy"), card.accuracy
        yield (name, "", "top_3"), card.top_3
        yield (name, "", "macro_f1"), card.macro_f1
        yield (name, "", "calibration_error"), card.calibration.expected_error
    for found in figures.retrieval:
        place = (found.asking, found.answering)
        yield (*place, "precision_at_1"), found.figures.precision_at_1
        yield (*place, "precision_at_10"), found.figures.precision_at_10
        yield (*place, "mean_average_precision"), found.figures.mean_average_precision
