"""How an epoch is scored on held-out photos: by hand, and where there are none."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from styles.ml.datasets import NO_LABEL
from styles.ml.validation import EpochScores, score_epoch, score_label_sets

OUTPUTS = {
    "style_probabilities": np.array([[0.8, 0.2], [0.6, 0.4], [0.3, 0.7], [0.1, 0.9]], np.float32),
    "garment_probabilities": np.array([[1.0, 0.0]] * 4, np.float32),
}


def scores_of(epoch: int, *f1_scores: float) -> EpochScores:
    macro_f1 = {f"set {number}": score for number, score in enumerate(f1_scores)}
    return EpochScores(epoch=epoch, loss=0.5, held_out_loss=None, accuracy={}, macro_f1=macro_f1)


def test_an_epoch_is_scored_by_hand() -> None:
    indexes = {"style": np.array([0, 1, 1, NO_LABEL])}
    scores = score_epoch(OUTPUTS, indexes, epoch=3, loss=0.25)
    assert (scores.epoch, scores.loss) == (3, 0.25)
    assert scores.accuracy == {"style": pytest.approx(2 / 3)}
    # Each class: one right, and one of three photos taken for the other.
    assert scores.macro_f1 == {"style": pytest.approx(2 / 3)}
    expected = -(math.log(0.8) + math.log(0.4) + math.log(0.7)) / 3
    assert scores.held_out_loss == pytest.approx(expected, rel=1e-6)


def test_losses_are_averaged_over_label_sets_and_never_infinite() -> None:
    indexes = {
        "style": np.array([0, NO_LABEL, NO_LABEL, NO_LABEL]),
        "garment": np.array([1, NO_LABEL, NO_LABEL, NO_LABEL]),
    }
    scores = score_epoch(OUTPUTS, indexes, epoch=1, loss=0.0)
    assert scores.held_out_loss == pytest.approx((-math.log(0.8) - math.log(1e-7)) / 2, rel=1e-6)
    assert scores.accuracy == {"style": 1.0, "garment": 0.0}


def test_a_label_set_that_no_held_out_photo_has_is_not_scored() -> None:
    indexes = {"style": np.array([0, 0, 1, 1]), "garment": np.full(4, NO_LABEL)}
    scores = score_epoch(OUTPUTS, indexes, epoch=1, loss=0.0)
    assert set(scores.accuracy) == set(scores.macro_f1) == {"style"}
    assert set(score_label_sets(OUTPUTS, indexes)) == {"style"}


@pytest.mark.parametrize("outputs", [{}, OUTPUTS], ids=["no outputs", "outputs of no photo"])
def test_without_held_out_photos_only_the_training_loss_is_known(
    outputs: dict[str, np.ndarray],
) -> None:
    none = {name: values[:0] for name, values in outputs.items()}
    scores = score_epoch(none, {"style": np.empty(0, np.int64)}, epoch=2, loss=0.75)
    assert scores == EpochScores(epoch=2, loss=0.75, held_out_loss=None, accuracy={}, macro_f1={})
    assert score_label_sets(none, {"style": np.empty(0, np.int64)}) == {}


def test_epochs_compare_by_the_mean_over_label_sets() -> None:
    assert scores_of(1, 0.5, 0.9).mean_macro_f1 == pytest.approx(0.7)


def test_without_scores_later_epochs_count_as_better() -> None:
    assert scores_of(1).mean_macro_f1 < scores_of(2).mean_macro_f1


def test_scores_come_back_from_json_as_they_were() -> None:
    scores = score_epoch(OUTPUTS, {"style": np.array([0, 1, 1, 0])}, epoch=1, loss=0.5)
    assert EpochScores(**json.loads(json.dumps(scores.to_json()))) == scores
