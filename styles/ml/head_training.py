"""Trains a head on kept features, which takes seconds; the first stage of every training."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.bridges import bridge_label_sets, find_bridges
from styles.ml.classifier import STANDARDISED_COLOURS, HeadConfig, build_head
from styles.ml.datasets import Example
from styles.ml.outputs import probabilities_output
from styles.ml.progress import OnStage
from styles.ml.quiet_tensorflow import keras
from styles.ml.targets import ClassIndexes, share_classes, weigh_examples, weigh_label_set
from styles.ml.validation import EpochScores, score_epoch

PREDICT_BATCH = 1024
# What reads labels across label sets must not know its own photos too well: with a dropout of 0.4
# jeans on a model were read as shirts, with 0.6 as pants.
BRIDGE_EPOCHS = 6
BRIDGE_DROPOUT = 0.6
# Bins and features that hardly ever change say nothing, however much they are magnified.
MIN_VARIANCE = 1e-6


@dataclass(frozen=True)
class Lesson:
    """What a head learns from: N examples, their features (N, W) and class indexes (N,).

    NO_LABEL leaves an example out of a label set.
    """

    examples: Sequence[Example]
    features: NDArray[np.float32]
    class_indexes: ClassIndexes
    label_sets: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class TaughtHead:
    """A trained head, and the class indexes (N,) it was taught: some are bridged labels."""

    head: Any
    class_indexes: ClassIndexes
    history: Sequence[EpochScores]


def train_head(
    lesson: Lesson, held_out: Lesson, *, config: HeadConfig, progress: OnStage
) -> TaughtHead:
    """Return a head trained on a lesson; the photos held out are only measured, epoch by epoch.

    Where label sets come from different photos, a short round first finds out which labels of one
    mean labels of the other, so that both kinds of photo end up in one space; see bridges.py.
    Calls `progress("epochs", done, total)` over both rounds.
    """
    if not find_bridges(lesson.class_indexes, label_sets=lesson.label_sets):
        return _teach(lesson, held_out, config, partial(_report, progress, 0, config.epochs))
    total = BRIDGE_EPOCHS + config.epochs
    reading = replace(config, epochs=BRIDGE_EPOCHS, dropout=BRIDGE_DROPOUT)
    reader = _teach(lesson, held_out, reading, partial(_report, progress, 0, total))
    outputs = predict_head(reader.head, lesson.features)
    bridged = bridge_label_sets(
        lesson.class_indexes,
        label_sets=lesson.label_sets,
        probabilities={name: outputs[probabilities_output(name)] for name in lesson.label_sets},
    )
    lesson = replace(lesson, class_indexes=bridged)
    return _teach(lesson, held_out, config, partial(_report, progress, BRIDGE_EPOCHS, total))


def fit_head(
    head: Any, lesson: Lesson, *, config: HeadConfig, on_epoch: Callable[[int, float], None]
) -> None:
    """Train a head in place; calls `on_epoch(done, loss)`."""
    batches = -(-len(lesson.features) // config.batch_size)
    learning_rate = keras.optimizers.schedules.CosineDecay(
        config.learning_rate, decay_steps=config.epochs * batches
    )
    shares = share_classes(lesson.examples, lesson.class_indexes, label_sets=lesson.label_sets)
    outputs = {name: probabilities_output(name) for name in lesson.label_sets}
    head.compile(
        optimizer=keras.optimizers.AdamW(learning_rate, weight_decay=config.weight_decay),
        loss={
            output: keras.losses.CategoricalCrossentropy(label_smoothing=config.label_smoothing)
            for output in outputs.values()
        },
        loss_weights={
            output: weigh_label_set(lesson.class_indexes[name]) for name, output in outputs.items()
        },
        jit_compile=False,
    )
    head.fit(
        lesson.features,
        {output: shares[name] for name, output in outputs.items()},
        sample_weight={
            output: weigh_examples(
                lesson.class_indexes[name], balance_classes=config.balance_classes
            )
            for name, output in outputs.items()
        },
        batch_size=config.batch_size,
        epochs=config.epochs,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(
                on_epoch_end=lambda epoch, logs: on_epoch(epoch + 1, float(logs["loss"]))
            )
        ],
    )


def _teach(
    lesson: Lesson, held_out: Lesson, config: HeadConfig, report: Callable[[int], None]
) -> TaughtHead:
    head = build_head(lesson.features.shape[1], label_sets=lesson.label_sets, config=config)
    _standardise(head, lesson.features)
    history: list[EpochScores] = []

    def on_epoch(done: int, loss: float) -> None:
        report(done)
        outputs = predict_head(head, held_out.features)
        history.append(score_epoch(outputs, held_out.class_indexes, epoch=done, loss=loss))

    fit_head(head, lesson, config=config, on_epoch=on_epoch)
    return TaughtHead(head, lesson.class_indexes, history)


def _standardise(head: Any, features: NDArray[np.float32]) -> None:
    """Tell the colour part, if there is one, the mean and variance of what it will be given."""
    for layer in head.layers:
        if layer.name == STANDARDISED_COLOURS:
            variance = np.maximum(features.var(axis=0), MIN_VARIANCE)
            layer.set_weights([features.mean(axis=0), variance])


def _report(progress: OnStage, before: int, total: int, done: int) -> None:
    progress("epochs", before + done, total)


def predict_head(head: Any, features: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Return a head's outputs for features (N, W); nothing where N is 0."""
    if not len(features):
        return {}
    outputs: dict[str, NDArray[np.float32]] = head.predict(
        features, batch_size=PREDICT_BATCH, verbose=0
    )
    return outputs
