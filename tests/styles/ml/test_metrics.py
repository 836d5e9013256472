"""Scores on figures that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from styles.ml.metrics import (
    confusion_matrix,
    majority_baseline,
    retrieval_precision_at_k,
    score_label_set,
    top_k_accuracy,
)

TRUE = np.array([0, 0, 0, 1, 2])
PROBABILITIES = np.array(
    [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.5, 0.4], [0.3, 0.6, 0.1], [0.5, 0.3, 0.2]],
    dtype=np.float32,
)
GALLERY = np.array([[1, 0], [0.8, 0.6], [0, 1], [-1, 0]], dtype=np.float32)
GALLERY_TYPES = ["Tshirts", "Tops", "Shoes", "Shoes"]
QUERIES = np.array([[1, 0], [0, 1]], dtype=np.float32)


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


def test_retrieval_precision_is_the_share_of_the_own_type_among_the_nearest() -> None:
    precision = retrieval_precision_at_k(
        QUERIES,
        query_types=["Tshirts", "Shoes"],
        gallery=GALLERY,
        gallery_types=GALLERY_TYPES,
        k=2,
    )
    # (1, 0) finds Tshirts and Tops, (0, 1) finds Shoes and Tops.
    assert precision == pytest.approx((1 / 2 + 1 / 2) / 2)


def test_several_types_may_answer_a_query() -> None:
    precision = retrieval_precision_at_k(
        QUERIES,
        query_types=["longsleeve", "longsleeve"],
        gallery=GALLERY,
        gallery_types=GALLERY_TYPES,
        k=2,
        answers={"longsleeve": {"Tshirts", "Tops"}},
    )
    assert precision == pytest.approx((1 + 1 / 2) / 2)


def test_a_gallery_smaller_than_k_is_searched_whole() -> None:
    precision = retrieval_precision_at_k(
        QUERIES, query_types=["Shoes", "Shoes"], gallery=GALLERY, gallery_types=GALLERY_TYPES
    )
    assert precision == 0.5
