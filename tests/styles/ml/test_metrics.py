"""Scores on figures that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from styles.ml.metrics import (
    confusion_matrix,
    macro_f1,
    majority_baseline,
    rank_confused_pairs,
    score_classes,
    score_label_set,
    top_k_accuracy,
)

TRUE = np.array([0, 0, 0, 1, 2])
PROBABILITIES = np.array(
    [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.5, 0.4], [0.3, 0.6, 0.1], [0.5, 0.3, 0.2]],
    dtype=np.float32,
)


def test_a_label_set_is_scored_against_its_majority() -> None:
    scores = score_label_set(PROBABILITIES, TRUE)
    assert scores.count == 5
    assert scores.accuracy == pytest.approx(3 / 5)
    assert scores.majority_baseline == pytest.approx(3 / 5)
    assert scores.top_3 == 1.0
    # Class 0 has 2 of 3 right and found, class 1 1 of 2 right and 1 of 1 found, class 2 none.
    assert scores.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_top_k_counts_the_true_class_among_the_k_most_probable() -> None:
    assert top_k_accuracy(PROBABILITIES, TRUE, k=1) == pytest.approx(3 / 5)
    assert top_k_accuracy(PROBABILITIES, TRUE, k=2) == pytest.approx(3 / 5)
    assert top_k_accuracy(PROBABILITIES, TRUE, k=3) == 1.0


def test_the_majority_baseline_is_the_share_of_the_most_frequent_class() -> None:
    assert majority_baseline(np.array([2, 2, 2, 0])) == 0.75


def test_a_confusion_matrix_has_a_row_for_each_true_class() -> None:
    counts = confusion_matrix(TRUE, PROBABILITIES.argmax(axis=1), classes=4)
    assert counts.tolist() == [[2, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


def test_a_class_at_zero_is_never_among_the_best() -> None:
    certain = np.array([[0, 0, 1, 0]], np.float32)
    assert top_k_accuracy(certain, np.array([0]), k=3) == 0
    assert top_k_accuracy(certain, np.array([2]), k=3) == 1


def test_classes_are_scored_by_precision_recall_and_f1() -> None:
    confusion = np.array([[3, 1, 0, 0], [2, 4, 0, 0], [0, 0, 0, 0], [0, 2, 0, 0]])
    scores = score_classes(confusion, codes=["a", "b", "c", "d"])
    assert [score.code for score in scores] == ["a", "b", "c", "d"]
    assert [score.precision for score in scores] == pytest.approx([3 / 5, 4 / 7, 0, 0])
    assert [score.recall for score in scores] == pytest.approx([3 / 4, 4 / 6, 0, 0])
    assert [score.f1 for score in scores] == pytest.approx([6 / 9, 8 / 13, 0, 0])
    assert [score.support for score in scores] == [4, 6, 0, 2]


def test_class_scores_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(3)
    true, predicted = random.integers(0, 7, (2, 500))
    scores = score_classes(confusion_matrix(true, predicted, classes=7), codes=list("abcdefg"))
    expected = precision_recall_fscore_support(true, predicted, zero_division=0.0)
    received = np.array([(s.precision, s.recall, s.f1, s.support) for s in scores]).T
    assert received == pytest.approx(np.array(expected))
    assert np.mean([s.f1 for s in scores]) == pytest.approx(macro_f1(true, predicted))


def test_pairs_are_ranked_by_photos_and_then_by_the_share_of_the_true_class() -> None:
    confusion = np.array([[8, 2, 0], [2, 1, 1], [0, 5, 0]])
    pairs = rank_confused_pairs(confusion, codes=["a", "b", "c"], limit=3)
    assert [(p.true, p.predicted, p.count, p.share) for p in pairs] == [
        ("c", "b", 5, 1.0),
        ("b", "a", 2, 0.5),
        ("a", "b", 2, 0.2),
    ]
    assert rank_confused_pairs(np.diag([3, 4, 5]), codes=["a", "b", "c"], limit=3) == []
