"""A network with batch normalisation and a few photos to fine-tune it on, in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from styles.ml.classifier import HeadConfig, assemble, build_head
from styles.ml.fine_tuning import Course, FineTuningConfig, fine_tune
from styles.ml.progress_points import ProgressPoints
from styles.ml.quiet_tensorflow import keras
from styles.ml.validation import EpochScores
from tests.styles.ml.tiny import COLOURS

SIDE = 16
LABEL_SETS = {"style": tuple(COLOURS)}
PHOTOS = 24
HELD_OUT = 6
BATCH = 6
FINE_TUNED_FROM = "second"
RUN = {"photos": "those of small_course"}
HEAD = HeadConfig(embedding_dim=8, hidden_width=16, dropout=0.3)


def build_network() -> Any:
    """Return a Keras model of two convolutions, each with batch normalisation behind it."""
    photos = keras.Input((SIDE, SIDE, 3), dtype="uint8")
    x = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(photos)
    for name, stride in (("first", 4), (FINE_TUNED_FROM, 2)):
        x = keras.layers.Conv2D(8, 3, stride, padding="same", name=name)(x)
        x = keras.layers.BatchNormalization(name=f"{name}_norm")(x)
        x = keras.layers.ReLU(name=f"{name}_relu")(x)
    return keras.Model(photos, x)


def build_model() -> Any:
    """Return an untrained model, the same one each time."""
    keras.utils.set_random_seed(5)
    return assemble(build_network(), build_head(8, label_sets=LABEL_SETS, config=HEAD))


def build_course(*, held_out: int = HELD_OUT) -> Course:
    """Return a course of noisy plain colours; the last photos are held out."""
    indexes = {"style": np.arange(PHOTOS) % len(COLOURS)}
    colours = np.array(list(COLOURS.values()))[indexes["style"]]
    noise = np.random.default_rng(0).normal(0, 20, (PHOTOS, SIDE, SIDE, 3))
    photos = np.clip(colours[:, None, None] + noise, 0, 255).astype(np.uint8)
    rows = np.arange(PHOTOS)
    return Course(
        photos=photos,
        shares={"style": np.eye(len(COLOURS), dtype=np.float32)[indexes["style"]]},
        class_indexes=indexes,
        trained=rows[: PHOTOS - held_out],
        held_out=rows[PHOTOS - held_out :],
    )


def small_config(**changes: Any) -> FineTuningConfig:
    settings: dict[str, Any] = {"epochs": 3, "batch_size": BATCH, "learning_rate": 1e-2, **changes}
    return FineTuningConfig(**settings)


class KilledError(Exception):
    """Stands for whatever ends a process in the middle of an epoch."""


def run_course(
    model: Any,
    *,
    folder: Path | None = None,
    config: FineTuningConfig | None = None,
    run: dict[str, Any] | None = None,
    course: Course | None = None,
    on_batch: Any = lambda done, total: None,
    seed: int = 0,
) -> list[EpochScores]:
    """Fine-tune a model of `build_model` and return its epochs."""
    return fine_tune(
        model,
        course or build_course(),
        fine_tuned_from=FINE_TUNED_FROM,
        config=config or small_config(),
        seed=seed,
        points=ProgressPoints(folder, run=run or RUN),
        on_batch=on_batch,
    )
