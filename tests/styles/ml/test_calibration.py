"""Reliability diagrams on figures that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from styles.ml.calibration import measure_calibration

TRUE = np.array([0, 0, 1, 1, 0])
# Confidences 0.9 (right), 0.9 (wrong), 0.7 (right), 0.6 (wrong), 0.6 (right).
PROBABILITIES = np.array(
    [[0.9, 0.1], [0.1, 0.9], [0.3, 0.7], [0.6, 0.4], [0.6, 0.4]], dtype=np.float64
)


def test_bins_hold_confidence_and_accuracy_of_their_photos() -> None:
    calibration = measure_calibration(PROBABILITIES, TRUE, bins=4)
    counts = [found.count for found in calibration.bins]
    assert counts == [0, 0, 3, 2]
    third, fourth = calibration.bins[2:]
    assert (third.lower, third.upper) == (0.5, 0.75)
    assert third.confidence == pytest.approx((0.7 + 0.6 + 0.6) / 3)
    assert third.accuracy == pytest.approx(2 / 3)
    assert fourth.confidence == pytest.approx(0.9)
    assert fourth.accuracy == 0.5
    assert calibration.bins[0].confidence is None
    assert calibration.bins[0].accuracy is None


def test_the_expected_error_weighs_bins_by_their_photos() -> None:
    calibration = measure_calibration(PROBABILITIES, TRUE, bins=4)
    third, fourth = abs(1.9 / 3 - 2 / 3), 0.4
    assert calibration.expected_error == pytest.approx(3 / 5 * third + 2 / 5 * fourth)
    assert calibration.largest_error == pytest.approx(fourth)
    assert calibration.confidence == pytest.approx(3.7 / 5)
    assert calibration.accuracy == pytest.approx(3 / 5)


def test_edges_belong_to_the_bin_below_and_certainty_to_the_last() -> None:
    probabilities = np.array([[0.5, 0.5], [1.0, 0.0], [0.75, 0.25]])
    counts = [
        found.count for found in measure_calibration(probabilities, np.zeros(3, int), bins=4).bins
    ]
    assert counts == [0, 1, 1, 1]


def test_a_model_that_is_right_as_often_as_it_says_has_no_error() -> None:
    probabilities = np.array([[0.75, 0.25]] * 4)
    calibration = measure_calibration(probabilities, np.array([0, 0, 0, 1]))
    assert calibration.expected_error == pytest.approx(0)
    assert calibration.confidence == calibration.accuracy == 0.75
