"""A scorecard of six photos, checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from styles.ml import scorecards
from styles.ml.scorecards import score_photos

CODES = ["coat", "dress", "hat"]
TRUE = np.array([0, 0, 1, 1, 1, 0])
PROBABILITIES = np.array(
    [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.3, 0.4, 0.3], [0.9, 0.1, 0.0], [0.0, 1.0, 0.0],
     [0.6, 0.4, 0.0]],
    dtype=np.float32,
)  # fmt: skip
PHOTOS = np.array([10, 11, 12, 13, 14, 15])
KEYS = [f"{photo}.jpg" for photo in PHOTOS]


def test_a_scorecard_holds_every_figure() -> None:
    card = score_photos(PROBABILITIES, TRUE, codes=CODES, photos=PHOTOS, keys=KEYS)
    assert card.count == 6
    assert card.accuracy == pytest.approx(4 / 6)
    assert card.majority_baseline == 0.5
    assert card.confusion == ((2, 1, 0), (1, 2, 0), (0, 0, 0))
    assert [(scores.code, scores.support) for scores in card.classes] == [
        ("coat", 3),
        ("dress", 3),
        ("hat", 0),
    ]
    assert [(pair.true, pair.predicted) for pair in card.confused_pairs] == [
        ("coat", "dress"),
        ("dress", "coat"),
    ]
    assert sum(found.count for found in card.calibration.bins) == 6


def test_mistakes_come_most_confident_first_and_right_ones_least_certain_first() -> None:
    card = score_photos(PROBABILITIES, TRUE, codes=CODES, photos=PHOTOS, keys=KEYS)
    first, second = card.mistakes
    assert (first.photo, first.key) == (13, "13.jpg")
    assert (first.true, first.predicted) == ("dress", "coat")
    assert (first.probability, first.true_probability) == pytest.approx((0.9, 0.1))
    assert (second.photo, second.true, second.predicted) == (11, "coat", "dress")
    assert (second.probability, second.true_probability) == pytest.approx((0.7, 0.2))
    assert [sighting.photo for sighting in card.least_certain] == [12, 15, 10, 14]


def test_galleries_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorecards, "MAX_MISTAKES", 1)
    monkeypatch.setattr(scorecards, "MAX_LEAST_CERTAIN", 2)
    card = score_photos(PROBABILITIES, TRUE, codes=CODES, photos=PHOTOS, keys=KEYS)
    assert [sighting.photo for sighting in card.mistakes] == [13]
    assert [sighting.photo for sighting in card.least_certain] == [12, 15]


def test_a_single_photo_is_scored() -> None:
    card = score_photos(PROBABILITIES[:1], TRUE[:1], codes=CODES, photos=PHOTOS[:1], keys=KEYS[:1])
    assert card.accuracy == 1
    assert card.mistakes == ()
    assert card.confused_pairs == ()
