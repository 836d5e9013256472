"""Retrieval on vectors small enough to rank by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from styles.ml import retrieval
from styles.ml.retrieval import average_precision, measure_retrieval, measure_retrieval_across

GALLERY = np.array([[1, 0], [0.8, 0.6], [0, 1], [-0.6, -0.8]], dtype=np.float32)
GALLERY_LABELS = ["Tshirts", "Tops", "Shoes", "Shoes"]
QUERIES = np.array([[1, 0], [0, 1]], dtype=np.float32)


def test_average_precision_is_the_mean_precision_at_each_right_one() -> None:
    assert average_precision(np.array([True, False, True, False])) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.array([False, False, True])) == pytest.approx(1 / 3)


def test_average_precision_agrees_with_scikit_learn() -> None:
    random = np.random.default_rng(5)
    scores, right = random.normal(size=200), random.random(200) < 0.2
    ranking = right[np.argsort(-scores)]
    assert average_precision(ranking) == pytest.approx(average_precision_score(right, scores))


def test_photos_are_found_by_their_own_label_and_not_by_themselves() -> None:
    found = measure_retrieval(GALLERY, ["a", "a", "b", "b"], seed=0)
    # (1, 0): a b b. (0.8, 0.6): a b b. (0, 1): a a b. (-0.6, -0.8): a b a.
    assert found is not None
    assert (found.queries, found.gallery, found.unanswerable) == (4, 4, 0)
    assert found.precision_at_1 == pytest.approx(2 / 4)
    assert found.precision_at_10 == pytest.approx(1 / 3)  # One of three others is right, always.
    assert found.mean_average_precision == pytest.approx((1 + 1 + 1 / 3 + 1 / 2) / 4)
    assert found.chance == pytest.approx(1 / 3)


def test_a_label_with_one_photo_cannot_be_asked_for() -> None:
    found = measure_retrieval(GALLERY, ["a", "a", "b", "c"], seed=0)
    assert found is not None
    assert (found.queries, found.unanswerable) == (2, 2)
    assert [(own.label, own.queries, own.right) for own in found.by_label] == [("a", 2, 1)]


def test_nothing_to_find_is_no_figure() -> None:
    assert measure_retrieval(GALLERY, ["a", "b", "c", "d"], seed=0) is None
    assert measure_retrieval(GALLERY[:1], ["a"], seed=0) is None
    assert measure_retrieval(GALLERY[:0], [], seed=0) is None


def test_several_labels_may_answer_a_query() -> None:
    found = measure_retrieval_across(
        QUERIES,
        query_labels=["longsleeve", "longsleeve"],
        gallery=GALLERY,
        gallery_labels=GALLERY_LABELS,
        answers={"longsleeve": {"Tshirts", "Tops"}},
        seed=0,
    )
    assert found is not None
    # (1, 0) finds Tshirts, Tops, Shoes, Shoes; (0, 1) finds Shoes, Tops, Tshirts, Shoes.
    assert found.precision_at_1 == 0.5
    assert found.precision_at_10 == 0.5
    assert found.mean_average_precision == pytest.approx((1 + (1 / 2 + 2 / 3) / 2) / 2)


def test_queries_without_an_answer_are_counted_apart() -> None:
    found = measure_retrieval_across(
        QUERIES,
        query_labels=["shoes", "hat"],
        gallery=GALLERY,
        gallery_labels=GALLERY_LABELS,
        answers={"shoes": {"Shoes"}},
        seed=0,
    )
    assert found is not None
    assert (found.queries, found.unanswerable) == (1, 1)
    assert [(own.label, own.right) for own in found.by_label] == [("shoes", 2)]


def test_ten_are_looked_at_where_there_are_more() -> None:
    angles = np.linspace(0, 1, 40)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = measure_retrieval_across(
        vectors[:1],
        query_labels=["near"],
        gallery=vectors,
        gallery_labels=["near"] * 7 + ["far"] * 33,
        answers={"near": {"near"}},
        seed=0,
    )
    assert found is not None
    assert found.precision_at_10 == pytest.approx(0.7)
    assert found.mean_average_precision == pytest.approx(1.0)
    assert found.chance == pytest.approx(7 / 40)


def test_blocks_and_half_precision_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    vectors = random.normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = [str(number % 5) for number in range(60)]
    vectors = vectors.astype(np.float16)
    at_once = measure_retrieval(vectors, labels, seed=0)
    monkeypatch.setattr(retrieval, "QUERY_BLOCK", 7)
    assert measure_retrieval(vectors, labels, seed=0) == at_once


def test_of_very_many_photos_some_are_drawn_to_ask_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval, "MAX_QUERIES", 20)
    vectors = np.random.default_rng(1).normal(size=(60, 8)).astype(np.float32)
    found = measure_retrieval(vectors, ["a", "b"] * 30, seed=3)
    assert found is not None
    assert (found.queries, found.gallery) == (20, 60)
    assert measure_retrieval(vectors, ["a", "b"] * 30, seed=3) == found
