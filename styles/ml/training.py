"""Trains a model version from labelled photos and exports it: for the door above and benchmarks.

Every photo passes the frozen backbone once; the head then learns from the kept features in seconds.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.artifact import (
    HEAD_FILE,
    TRAINABLE_FILE,
    TRUNK_FILE,
    Artifact,
    ArtifactMetadata,
    checksum,
)
from styles.ml.backbones import find_backbone
from styles.ml.classifier import HeadConfig, assemble, pool, train_head
from styles.ml.datasets import NO_LABEL, Example, index_labels, list_label_sets, split_examples
from styles.ml.errors import TrainingError
from styles.ml.export import (
    Parity,
    check_parity,
    export_head,
    export_trainable,
    export_trunk,
    measure_parity,
    part_model,
)
from styles.ml.features import Features, Progress, SkippedPhoto, decode_examples, extract_features
from styles.ml.metrics import LabelSetMetrics, score_label_set
from styles.ml.outputs import probabilities_output
from styles.ml.predictor import Predictor
from styles.ml.quiet_tensorflow import keras


@dataclass(frozen=True)
class TrainingConfig:
    """What a training run can be told; the same configuration and photos give the same model."""

    backbone: str = "efficientnet-lite0"
    head: HeadConfig = field(default_factory=HeadConfig)
    held_out_fraction: float = 0.1
    calibration_photos: int = 100
    parity_photos: int = 100
    decode_threads: int = 2
    seed: int = 0


@dataclass(frozen=True)
class TrainingResult:
    """What came of a training run; `metrics` are per label set, on photos that were held out."""

    artifact: Artifact
    metrics: Mapping[str, LabelSetMetrics]
    parity: Parity
    timings: Mapping[str, float]
    trained: int
    held_out: int
    skipped: Sequence[SkippedPhoto]


def ignore_progress(stage: str, done: int, total: int) -> None:
    """Stand in for a progress callback where nobody watches."""


def train(
    examples: Sequence[Example],
    *,
    config: TrainingConfig | None = None,
    progress: Progress = ignore_progress,
) -> TrainingResult:
    """Train, measure and export a model.

    Calls `progress(stage, done, total)`; the stages are features (photos), epochs and export.

    Raises LearningError: too little to learn from, weights missing, or an export that strayed.
    """
    config = config or TrainingConfig()
    timings: dict[str, float] = {}
    keras.utils.set_random_seed(config.seed)
    backbone = find_backbone(config.backbone)
    network = backbone.build()
    with _timed(timings, "features_seconds"):
        features = extract_features(
            examples,
            network=pool(network),
            input_size=backbone.input_size,
            threads=config.decode_threads,
            progress=progress,
        )
    with _timed(timings, "head_seconds"):
        learnt = _learn(features, config=config, progress=progress)
    with _timed(timings, "export_seconds"):
        progress("export", 0, 1)
        artifact, parity = _export(
            assemble(network, learnt.head),
            calibration=_draw(features.examples, learnt.trained, config.calibration_photos, config),
            unseen=_draw(
                features.examples, learnt.held_out or learnt.trained, config.parity_photos, config
            ),
            label_sets=learnt.label_sets,
            metrics=learnt.metrics,
            config=config,
        )
        progress("export", 1, 1)
    return TrainingResult(
        artifact=artifact,
        metrics=learnt.metrics,
        parity=parity,
        timings=timings,
        trained=len(learnt.trained),
        held_out=len(learnt.held_out),
        skipped=features.skipped,
    )


@dataclass(frozen=True)
class _Learnt:
    """A trained head, what it names, how well on the held-out rows, and which rows were which."""

    head: Any
    label_sets: Mapping[str, tuple[str, ...]]
    metrics: Mapping[str, LabelSetMetrics]
    trained: Sequence[int]
    held_out: Sequence[int]


def _learn(features: Features, *, config: TrainingConfig, progress: Progress) -> _Learnt:
    label_sets = list_label_sets(features.examples)
    _check_label_sets(label_sets)
    class_indexes = index_labels(features.examples, label_sets=label_sets)
    trained, held_out = split_examples(
        [example.labels for example in features.examples],
        digests=features.digests,
        held_out_fraction=config.held_out_fraction,
        seed=config.seed,
    )
    head = train_head(
        features.vectors[trained],
        label_sets=label_sets,
        class_indexes=_take(class_indexes, trained),
        config=config.head,
        progress=progress,
    )
    metrics = _score(head, features.vectors[held_out], _take(class_indexes, held_out))
    return _Learnt(head, label_sets, metrics, trained, held_out)


def _export(
    model: Any,
    *,
    calibration: NDArray[np.uint8],
    unseen: NDArray[np.uint8],
    label_sets: Mapping[str, tuple[str, ...]],
    metrics: Mapping[str, LabelSetMetrics],
    config: TrainingConfig,
) -> tuple[Artifact, Parity]:
    trunk, head = part_model(model)
    files = {
        TRUNK_FILE: export_trunk(trunk, calibration),
        HEAD_FILE: export_head(head),
        TRAINABLE_FILE: export_trainable(model),
    }
    metadata = ArtifactMetadata(
        backbone=config.backbone,
        input_size=unseen.shape[1],
        embedding_dim=config.head.embedding_dim,
        label_sets=label_sets,
        files={name: checksum(content) for name, content in files.items()},
        parity={},
        metrics={name: asdict(scores) for name, scores in metrics.items()},
        config=asdict(config),
        seed=config.seed,
    )
    served = Predictor(files[TRUNK_FILE], head=files[HEAD_FILE], metadata=metadata)
    parity = measure_parity(model, served, unseen)
    check_parity(parity)
    return Artifact(replace(metadata, parity=asdict(parity)), files), parity


def _score(
    head: Any, vectors: NDArray[np.float32], class_indexes: Mapping[str, NDArray[np.int64]]
) -> dict[str, LabelSetMetrics]:
    """Score each label set on the held-out photos that have a label in it, if there are any."""
    if not len(vectors):
        return {}
    outputs = head.predict(vectors, verbose=0)
    return {
        name: score_label_set(outputs[probabilities_output(name)][labelled], indexes[labelled])
        for name, indexes in class_indexes.items()
        if (labelled := indexes != NO_LABEL).any()
    }


def _draw(
    examples: Sequence[Example], indexes: Sequence[int], count: int, config: TrainingConfig
) -> NDArray[np.uint8]:
    """Return the pixels of at most `count` of the examples at `indexes`, drawn by the seed."""
    drawn = np.random.default_rng(config.seed).permutation(indexes)[:count]
    return decode_examples(
        [examples[index] for index in drawn],
        size=find_backbone(config.backbone).input_size,
        threads=config.decode_threads,
    )


def _take(
    class_indexes: Mapping[str, NDArray[np.int64]], rows: Sequence[int]
) -> dict[str, NDArray[np.int64]]:
    return {name: indexes[rows] for name, indexes in class_indexes.items()}


def _check_label_sets(label_sets: Mapping[str, Sequence[str]]) -> None:
    if not any(len(codes) > 1 for codes in label_sets.values()):
        received = {name: list(codes) for name, codes in label_sets.items()}
        raise TrainingError(
            f"Expected a label set with at least two different labels, received {received}."
        )


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[name] = round(time.perf_counter() - start, 2)
