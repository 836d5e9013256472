"""How a model does on held-out photos after each epoch: what early stopping and curves go by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.datasets import NO_LABEL
from styles.ml.metrics import LabelSetMetrics, accuracy, macro_f1, score_label_set
from styles.ml.outputs import probabilities_output
from styles.ml.targets import ClassIndexes

MIN_PROBABILITY = 1e-7


@dataclass(frozen=True)
class EpochScores:
    """One epoch: the training loss, and the held-out photos' loss, accuracy and macro F1.

    The latter are per label set; `held_out_loss` is the mean cross-entropy over all of them, None
    where nothing was held out.
    """

    epoch: int
    loss: float
    held_out_loss: float | None
    accuracy: Mapping[str, float]
    macro_f1: Mapping[str, float]

    @property
    def mean_macro_f1(self) -> float:
        """The mean over the label sets; without any, later epochs count as better."""
        return float(np.mean(list(self.macro_f1.values()))) if self.macro_f1 else float(self.epoch)

    def to_json(self) -> dict[str, Any]:
        """Return JSON-able entries."""
        return asdict(self)


def score_epoch(
    outputs: Mapping[str, NDArray[np.float32]],
    class_indexes: ClassIndexes,
    *,
    epoch: int,
    loss: float,
) -> EpochScores:
    """Score a model's outputs on held-out photos against their class indexes (N,)."""
    accuracies, f1_scores, losses = {}, {}, []
    for name, indexes in class_indexes.items():
        is_labelled = indexes != NO_LABEL
        if not is_labelled.any():
            continue
        true = indexes[is_labelled]
        probabilities = outputs[probabilities_output(name)][is_labelled]
        accuracies[name] = accuracy(true, probabilities.argmax(axis=1))
        f1_scores[name] = macro_f1(true, probabilities.argmax(axis=1))
        right = probabilities[np.arange(len(true)), true]
        losses.append(float(-np.log(np.maximum(right, MIN_PROBABILITY)).mean()))
    return EpochScores(
        epoch=epoch,
        loss=loss,
        held_out_loss=float(np.mean(losses)) if losses else None,
        accuracy=accuracies,
        macro_f1=f1_scores,
    )


def score_label_sets(
    outputs: Mapping[str, NDArray[np.float32]], class_indexes: ClassIndexes
) -> dict[str, LabelSetMetrics]:
    """Score each label set on the photos that have a label in it, if there are any."""
    return {
        name: score_label_set(
            outputs[probabilities_output(name)][is_labelled], indexes[is_labelled]
        )
        for name, indexes in class_indexes.items()
        if (is_labelled := indexes != NO_LABEL).any()
    }
