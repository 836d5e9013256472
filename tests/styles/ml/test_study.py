"""The study's recipe: what is fitted, what is measured, and that the seed decides."""

from __future__ import annotations

import numpy as np
import pytest

from styles.ml.quiet_tensorflow import keras
from styles.ml.study import (
    Labelled,
    StudyConfig,
    build_study_head,
    fit_study_head,
    score_study_head,
)

CLASSES = 3


def blobs(count: int, *, seed: int) -> Labelled:
    """Return features around one corner a class."""
    rng = np.random.default_rng(seed)
    indexes = rng.integers(0, CLASSES, count)
    features = 2 * np.eye(CLASSES, 8)[indexes] + rng.normal(0, 0.5, (count, 8))
    return Labelled(features.astype(np.float32), indexes)


def test_the_head_is_the_studys() -> None:
    head = build_study_head(2048, classes=5, config=StudyConfig())
    assert head.count_params() == 2048 * 512 + 512 + 512 * 5 + 5
    assert [layer.get_config().get("activation") for layer in head.layers] == [
        None,
        "relu",
        "softmax",
    ]
    assert (StudyConfig().learning_rate, StudyConfig().batch_size) == (1e-3, 32)


def test_what_can_be_told_apart_is_learnt_and_every_epoch_is_told() -> None:
    done: list[int] = []
    fit = fit_study_head(
        blobs(300, seed=0),
        classes=CLASSES,
        config=StudyConfig(),
        validation=blobs(60, seed=1),
        on_epoch=done.append,
    )
    assert done == [epoch.epoch for epoch in fit.history] == list(range(1, 11))
    first, last = fit.history[0], fit.history[-1]
    assert last.train.loss < first.train.loss
    assert last.validation is not None
    unseen = score_study_head(fit.head, blobs(60, seed=1))
    assert unseen is not None
    assert unseen.accuracy > 0.9
    assert unseen.accuracy == pytest.approx(last.validation.accuracy, abs=1e-6)
    assert unseen.loss == pytest.approx(last.validation.loss, rel=1e-4)
    assert fit.seconds > 0


def test_the_seed_decides_and_a_longer_fit_begins_like_a_shorter_one() -> None:
    part = blobs(100, seed=0)
    short, long, other = (
        fit_study_head(part, classes=CLASSES, config=StudyConfig(epochs=epochs, seed=seed))
        for epochs, seed in ((2, 7), (4, 7), (2, 8))
    )
    assert short.history == long.history[:2]
    assert short.history != other.history


def test_a_part_without_photos_has_no_score() -> None:
    empty = Labelled(np.empty((0, 8), np.float32), np.empty(0, np.int64))
    config = StudyConfig(epochs=1)
    fit = fit_study_head(blobs(30, seed=0), classes=CLASSES, config=config, validation=empty)
    assert fit.history[0].validation is None
    assert score_study_head(fit.head, empty) is None


def test_the_loss_is_that_of_keras() -> None:
    part = blobs(50, seed=0)
    head = build_study_head(8, classes=CLASSES, config=StudyConfig())
    expected = keras.losses.CategoricalCrossentropy()(
        np.eye(CLASSES)[part.class_indexes], head.predict(part.features, verbose=0)
    )
    score = score_study_head(head, part)
    assert score is not None
    assert score.loss == pytest.approx(float(expected), rel=1e-5)
