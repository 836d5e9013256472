"""Trains a model version from labelled photos and exports it: for the door above and benchmarks.

Every photo passes the frozen backbone once; the head learns from the kept features in seconds.
Then, if asked to, the last blocks of the backbone learn together with it.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.artifact import Artifact, checksum
from styles.ml.backbones import find_backbone
from styles.ml.classifier import assemble, has_colours, pool
from styles.ml.datasets import Example, list_label_sets
from styles.ml.export import Parity
from styles.ml.feature_cache import FeatureCache
from styles.ml.features import Features, SkippedPhoto, decode_examples, extract_features
from styles.ml.fine_tuning import Course, FineTuningConfig, fine_tune, predict_photos
from styles.ml.head_training import Lesson, TaughtHead, predict_head, train_head
from styles.ml.metrics import LabelSetMetrics
from styles.ml.packing import pack_artifact
from styles.ml.parting import Parts, Relatives, part_photos, take
from styles.ml.photo_store import store_photos
from styles.ml.progress import OnStage, ignore_stage
from styles.ml.progress_points import ProgressPoints
from styles.ml.quiet_tensorflow import keras
from styles.ml.study_head import train_study_head
from styles.ml.targets import share_classes
from styles.ml.training_config import TrainingConfig
from styles.ml.validation import EpochScores, score_label_sets

__all__ = ["TrainingConfig", "TrainingResult", "learns_colours", "train"]


@dataclass(frozen=True)
class TrainingResult:
    """What came of a training run; `metrics` are per label set, on photos that were held out.

    `history` has an entry per epoch with its stage, `head` or `fine_tuning`.
    """

    artifact: Artifact
    metrics: Mapping[str, LabelSetMetrics]
    parity: Parity
    timings: Mapping[str, float]
    trained: int
    held_out: int
    skipped: Sequence[SkippedPhoto]
    relatives: Relatives
    history: Sequence[Mapping[str, Any]]


def train(
    examples: Sequence[Example],
    *,
    config: TrainingConfig | None = None,
    progress: OnStage = ignore_stage,
    cache: FeatureCache | None = None,
    checkpoints: Path | None = None,
) -> TrainingResult:
    """Train, measure and export a model.

    Calls `progress(stage, done, total)`; the stages are features (photos), epochs, photos and
    fine-tuning (batches) where it is asked for, and export. With `checkpoints`, a folder, a killed
    run that is started again with the same photos and configuration goes on where it was.
    `cache` belongs to the backbone and its weights.

    Raises LearningError: too little to learn from, weights missing, or an export that strayed.
    """
    config = config or TrainingConfig()
    learnt = _learn(
        examples, config=config, progress=progress, cache=cache, checkpoints=checkpoints
    )
    with _timed(learnt.timings, "export_seconds"):
        progress("export", 0, 1)
        artifact, parity = _pack(learnt, config)
        progress("export", 1, 1)
    return TrainingResult(
        artifact=artifact,
        metrics=learnt.metrics,
        parity=parity,
        timings=learnt.timings,
        trained=len(learnt.parts.trained),
        held_out=len(learnt.parts.held_out),
        skipped=learnt.features.skipped,
        relatives=learnt.parts.relatives,
        history=learnt.history,
    )


@dataclass(frozen=True)
class _Learnt:
    """A trained Keras model, what it was trained on, and how it came along."""

    model: Any
    features: Features
    parts: Parts
    metrics: Mapping[str, LabelSetMetrics]
    history: list[dict[str, Any]]
    timings: dict[str, float]


def _learn(
    examples: Sequence[Example],
    *,
    config: TrainingConfig,
    progress: OnStage,
    cache: FeatureCache | None,
    checkpoints: Path | None,
) -> _Learnt:
    timings: dict[str, float] = {}
    keras.utils.set_random_seed(config.seed)
    network = find_backbone(config.backbone).build(config.weights)
    with _timed(timings, "features_seconds"):
        features = extract_features(
            examples,
            network=pool(network, with_colours=learns_colours(examples, config)),
            input_size=find_backbone(config.backbone).input_size,
            threads=config.decode_threads,
            progress=progress,
            cache=cache,
            crop_to_garment=config.crop_to_garment,
        )
    parts = part_photos(features, held_out_fraction=config.held_out_fraction, seed=config.seed)
    with _timed(timings, "head_seconds"):
        taught = _teach_head(features, parts, config=config, progress=progress)
    model = assemble(network, taught.head)
    history = [_entry("head", scores) for scores in taught.history]
    outputs = predict_head(taught.head, features.vectors[parts.held_out])
    if config.fine_tuning:
        with _timed(timings, "fine_tuning_seconds"):
            scores, outputs = _fine_tune(
                model,
                features,
                replace(parts, class_indexes=_spread(taught, parts)),
                config=config,
                fine_tuning=config.fine_tuning,
                progress=progress,
                checkpoints=checkpoints,
            )
        history += [_entry("fine_tuning", one) for one in scores]
    metrics = score_label_sets(outputs, take(parts.class_indexes, parts.held_out))
    return _Learnt(model, features, parts, metrics, history, timings)


def _pack(learnt: _Learnt, config: TrainingConfig) -> tuple[Artifact, Parity]:
    """Export the model, calibrated on photos it was trained on and compared on others."""
    parts, photos = learnt.parts, learnt.features.examples
    unseen = parts.held_out if len(parts.held_out) else parts.trained
    return pack_artifact(
        learnt.model,
        calibration=_draw(photos, parts.trained, config.calibration_photos, config),
        unseen=_draw(photos, unseen, config.parity_photos, config),
        label_sets=parts.label_sets,
        metrics={name: asdict(scores) for name, scores in learnt.metrics.items()},
        backbone=config.backbone,
        config=config.to_json(),
        seed=config.seed,
    )


def learns_colours(examples: Sequence[Example], config: TrainingConfig) -> bool:
    """Return whether photos are to be looked at for their colours as well."""
    return config.study is None and has_colours(list_label_sets(examples))


def _teach_head(
    features: Features, parts: Parts, *, config: TrainingConfig, progress: OnStage
) -> TaughtHead:
    trained, held_out = (
        Lesson(
            examples=[features.examples[row] for row in rows],
            features=features.vectors[rows],
            class_indexes=take(parts.class_indexes, rows),
            label_sets=parts.label_sets,
        )
        for rows in (parts.trained, parts.held_out)
    )
    if config.study:
        return train_study_head(
            trained,
            held_out,
            config=config.study,
            embedding_dim=config.head.embedding_dim,
            progress=progress,
        )
    return train_head(trained, held_out, config=config.head, progress=progress)


def _spread(taught: TaughtHead, parts: Parts) -> dict[str, NDArray[np.int64]]:
    """Return class indexes of all rows: what bridges taught the head, the backbone learns too."""
    spread = {name: indexes.copy() for name, indexes in parts.class_indexes.items()}
    for name, indexes in taught.class_indexes.items():
        spread[name][parts.trained] = indexes
    return spread


def _fine_tune(
    model: Any,
    features: Features,
    parts: Parts,
    *,
    config: TrainingConfig,
    fine_tuning: FineTuningConfig,
    progress: OnStage,
    checkpoints: Path | None,
) -> tuple[list[EpochScores], dict[str, NDArray[np.float32]]]:
    """Fine-tune the model; return its epochs' scores and its outputs for the held-out rows."""
    labels = [[dict(one.labels), dict(one.mixes)] for one in features.examples]
    run = {
        "config": config.to_json(),
        "weights": checksum(config.weights.read_bytes()) if config.weights else None,
        "photos": features.digests,
        "labels": labels,
    }
    with tempfile.TemporaryDirectory() as folder:
        photos = store_photos(
            features.examples,
            Path(folder) / "photos.npy",
            size=find_backbone(config.backbone).input_size,
            threads=config.decode_threads,
            crop_to_garment=config.crop_to_garment,
            progress=progress,
        )
        course = Course(
            photos=photos,
            shares=share_classes(
                features.examples, parts.class_indexes, label_sets=parts.label_sets
            ),
            class_indexes=parts.class_indexes,
            trained=parts.trained,
            held_out=parts.held_out,
        )
        history = fine_tune(
            model,
            course,
            fine_tuned_from=find_backbone(config.backbone).fine_tuned_from,
            config=fine_tuning,
            seed=config.seed,
            points=ProgressPoints(checkpoints, run=run),
            on_batch=lambda done, total: progress("fine-tuning", done, total),
        )
        return history, predict_photos(model, photos, parts.held_out)


def _entry(stage: str, scores: EpochScores) -> dict[str, Any]:
    """Return an epoch as the report draws it: flat, a key a curve."""
    return {
        "stage": stage,
        "epoch": scores.epoch,
        "loss": scores.loss,
        "val_loss": scores.held_out_loss,
        **{f"val_{name}_accuracy": value for name, value in scores.accuracy.items()},
        **{f"val_{name}_macro_f1": value for name, value in scores.macro_f1.items()},
    }


def _draw(
    examples: Sequence[Example], indexes: NDArray[np.int64], count: int, config: TrainingConfig
) -> NDArray[np.uint8]:
    """Return the pixels of at most `count` of the examples at `indexes`, drawn by the seed."""
    drawn = np.random.default_rng(config.seed).permutation(indexes)[:count]
    return decode_examples(
        [examples[index] for index in drawn],
        size=find_backbone(config.backbone).input_size,
        threads=config.decode_threads,
    )


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[name] = round(time.perf_counter() - start, 2)
