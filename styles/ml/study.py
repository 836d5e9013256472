"""The recipe of the study that kfashion began with: a small softmax on frozen, pooled features.

Comparing backbones and the training preset of that name fit it. Global average pooling, Dense 512
with ReLU, softmax, categorical cross-entropy, Adam 0.001, batches of 32, 10 epochs.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.quiet_tensorflow import keras

PREDICT_BATCH = 1024
STUDY_HIDDEN_LAYER = "study_hidden"
STUDY_SOFTMAX_LAYER = "study_softmax"


@dataclass(frozen=True)
class StudyConfig:
    """The study's settings; the same ones on the same features give the same head."""

    hidden_width: int = 512
    epochs: int = 10
    batch_size: int = 32
    learning_rate: float = 1e-3
    seed: int = 0


@dataclass(frozen=True)
class Labelled:
    """Pooled features, float32 (N, W), and their class indexes (N,)."""

    features: NDArray[np.float32]
    class_indexes: NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """Accuracy, from 0 to 1, and mean cross-entropy in nats."""

    accuracy: float
    loss: float


@dataclass(frozen=True)
class StudyEpoch:
    """One epoch: scores of the training part, averaged while it ran, and then of validation."""

    epoch: int
    train: Score
    validation: Score | None


@dataclass(frozen=True)
class StudyFit:
    """A fitted head, from features (N, W) to probabilities (N, classes), and how it got there."""

    head: Any
    history: tuple[StudyEpoch, ...]
    seconds: float


def build_study_head(feature_width: int, *, classes: int, config: StudyConfig) -> Any:
    """Return the untrained Keras model from features (N, W) to probabilities (N, classes)."""
    features = keras.Input((feature_width,), name="features")
    hidden = keras.layers.Dense(config.hidden_width, activation="relu", name=STUDY_HIDDEN_LAYER)
    probabilities = keras.layers.Dense(classes, activation="softmax", name=STUDY_SOFTMAX_LAYER)
    return keras.Model(features, probabilities(hidden(features)), name="study_head")


def fit_study_head(
    trained: Labelled,
    *,
    classes: int,
    config: StudyConfig,
    validation: Labelled | None = None,
    on_epoch: Callable[[int], None] = lambda done: None,
) -> StudyFit:
    """Fit a new head on the training part, N at least 1; calls `on_epoch(done)`.

    The validation part is only measured. Sets the seed of Keras, NumPy and Python.
    """
    keras.utils.set_random_seed(config.seed)
    start = time.perf_counter()
    head = build_study_head(trained.features.shape[1], classes=classes, config=config)
    head.compile(
        optimizer=keras.optimizers.Adam(config.learning_rate),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    watched = validation is not None and len(validation.features) > 0
    fitted = head.fit(
        trained.features,
        _one_hot(trained, classes),
        batch_size=config.batch_size,
        epochs=config.epochs,
        validation_data=(
            (validation.features, _one_hot(validation, classes)) if validation and watched else None
        ),
        validation_batch_size=PREDICT_BATCH,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, _: on_epoch(epoch + 1))
        ],
    )
    return StudyFit(
        head, _read_history(fitted.history, watched=watched), time.perf_counter() - start
    )


def score_study_head(head: Any, labelled: Labelled) -> Score | None:
    """Measure a head on N photos; None where N is 0."""
    if not len(labelled.features):
        return None
    probabilities = head.predict(labelled.features, batch_size=PREDICT_BATCH, verbose=0)
    true = probabilities[np.arange(len(probabilities)), labelled.class_indexes]
    return Score(
        accuracy=float(np.mean(probabilities.argmax(axis=1) == labelled.class_indexes)),
        loss=float(-np.log(np.maximum(true, keras.config.epsilon())).mean()),
    )


def _one_hot(labelled: Labelled, classes: int) -> NDArray[np.float32]:
    return np.eye(classes, dtype=np.float32)[labelled.class_indexes]


def _read_history(history: dict[str, list[float]], *, watched: bool) -> tuple[StudyEpoch, ...]:
    return tuple(
        StudyEpoch(
            epoch=number + 1,
            train=Score(history["accuracy"][number], history["loss"][number]),
            validation=Score(history["val_accuracy"][number], history["val_loss"][number])
            if watched
            else None,
        )
        for number in range(len(history["loss"]))
    )
