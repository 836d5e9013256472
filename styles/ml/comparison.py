"""Compares backbones by the study's recipe on labelled photos: arrays and figures, for the door.

The study's tables: accuracy and loss of each backbone, then of one backbone for each batch size and
number of epochs. Every photo passes a frozen backbone once, so that a sweep takes seconds.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from styles.ml.backbones import find_backbone
from styles.ml.classifier import pool
from styles.ml.comparison_figures import (
    BackboneFigures,
    Comparison,
    ComparisonConfig,
    SweptFigures,
    UnavailableBackbone,
)
from styles.ml.datasets import Example, index_labels
from styles.ml.duplicates import group_photos
from styles.ml.errors import (
    CheckpointError,
    MissingTrainingExtraError,
    TrainingError,
    WeightsUnavailableError,
)
from styles.ml.export import export_trunk
from styles.ml.feature_cache import FeatureCache
from styles.ml.features import (
    Features,
    SkippedPhoto,
    decode_examples,
    extract_features,
)
from styles.ml.latency import measure_latency
from styles.ml.progress import OnStage
from styles.ml.quiet_tensorflow import keras
from styles.ml.splitting import split_examples
from styles.ml.study import Labelled, StudyConfig, fit_study_head, score_study_head

TRAIN, VALIDATION, TEST = "train", "validation", "test"
CALIBRATION_PHOTOS = 16

OpenCache = Callable[[str], AbstractContextManager[FeatureCache | None]]


@dataclass(frozen=True)
class _Parts:
    """One backbone's features of each part, and the rows that each part consists of."""

    labelled: Mapping[str, Labelled]
    rows: Mapping[str, Sequence[int]]
    skipped: tuple[SkippedPhoto, ...]


_Chosen = tuple[BackboneFigures, _Parts]


def compare(
    examples: Sequence[Example],
    *,
    config: ComparisonConfig,
    progress: OnStage,
    open_cache: OpenCache = lambda backbone: nullcontext(),
) -> Comparison:
    """Fit and measure the study's head on every backbone, and sweep one of them.

    Calls `progress(stage, done, total)`; the backbone's name is part of the stage, and
    `open_cache(backbone)` gives the cache of its features with its weights. A backbone that
    cannot be built is listed and the others go on. Raises TrainingError where none can or there is
    too little to learn from, DatasetError where no photo can be read.
    """
    labelled = [example for example in examples if config.label_set in example.labels]
    codes = tuple(sorted({example.labels[config.label_set] for example in labelled}))
    _check(codes, config)
    figures, unavailable, chosen = _measure_all(
        labelled, codes=codes, config=config, progress=progress, open_cache=open_cache
    )
    if chosen is None:
        reasons = " ".join(one.reason for one in unavailable)
        raise TrainingError(f"None of the backbones can be compared. {reasons}")
    row, parts = chosen
    is_swept = config.sweep in {None, row.backbone}
    indexes = parts.labelled[TRAIN].class_indexes
    return Comparison(
        label_set=config.label_set,
        classes=codes,
        photos={part: len(rows) for part, rows in parts.rows.items()},
        majority=Counter(indexes.tolist()).most_common(1)[0][1] / len(indexes),
        backbones=tuple(figures),
        unavailable=tuple(unavailable),
        swept=row.backbone if is_swept else None,
        batch_sizes=_sweep_batch_sizes(parts, codes, config, progress) if is_swept else (),
        epochs=_sweep_epochs(parts, codes, config, progress) if is_swept else (),
        skipped=parts.skipped,
    )


def _measure_all(
    examples: Sequence[Example],
    *,
    codes: Sequence[str],
    config: ComparisonConfig,
    progress: OnStage,
    open_cache: OpenCache,
) -> tuple[list[BackboneFigures], list[UnavailableBackbone], _Chosen | None]:
    """Measure what can be built; keep the features of one backbone, the best or the wanted one."""
    figures: list[BackboneFigures] = []
    unavailable: list[UnavailableBackbone] = []
    chosen: _Chosen | None = None
    for name in config.backbones:
        try:
            network = find_backbone(name).build(config.weights.get(name))
        except (CheckpointError, MissingTrainingExtraError, WeightsUnavailableError) as error:
            unavailable.append(UnavailableBackbone(name, str(error)))
            continue
        row, parts = _measure(
            name,
            network,
            examples,
            codes=codes,
            config=config,
            progress=progress,
            open_cache=open_cache,
        )
        figures.append(row)
        if chosen is None or _is_better(row, chosen[0], wanted=config.sweep):
            chosen = row, parts
        del network
        keras.backend.clear_session()
    return figures, unavailable, chosen


def _check(codes: Sequence[str], config: ComparisonConfig) -> None:
    if len(codes) < 2:
        raise TrainingError(
            f"Expected a label set with at least two different labels, received "
            f"{config.label_set!r} with {list(codes)}."
        )
    for name in (*config.backbones, *config.weights, *([config.sweep] if config.sweep else ())):
        find_backbone(name)
        if name not in config.backbones:
            raise TrainingError(
                f"Expected one of the backbones that are compared, {', '.join(config.backbones)}, "
                f"received {name!r}."
            )


def _is_better(row: BackboneFigures, other: BackboneFigures, *, wanted: str | None) -> bool:
    """Tell whether a row is to be swept rather than another: the wanted one beats all."""
    if wanted in {row.backbone, other.backbone}:
        return row.backbone == wanted
    return _validation_accuracy(row) > _validation_accuracy(other)


def _validation_accuracy(row: BackboneFigures) -> float:
    return row.validation.accuracy if row.validation else 0.0


def _measure(
    name: str,
    network: Any,
    examples: Sequence[Example],
    *,
    codes: Sequence[str],
    config: ComparisonConfig,
    progress: OnStage,
    open_cache: OpenCache,
) -> tuple[BackboneFigures, _Parts]:
    backbone = find_backbone(name)
    start = time.perf_counter()
    with open_cache(name) as cache:
        features = extract_features(
            examples,
            network=pool(network),
            input_size=backbone.input_size,
            threads=config.decode_threads,
            progress=lambda stage, done, total: progress(f"{name} {stage}", done, total),
            cache=cache,
        )
    features_seconds = time.perf_counter() - start
    parts = _part(features, codes, config)
    fit = fit_study_head(
        parts.labelled[TRAIN],
        classes=len(codes),
        config=config.study,
        validation=parts.labelled[VALIDATION],
        on_epoch=partial(_report, progress, f"{name} epochs", config.study.epochs),
    )
    progress(f"{name} export", 0, 1)
    photos = decode_examples(
        [features.examples[row] for row in parts.rows[TRAIN][:CALIBRATION_PHOTOS]],
        size=backbone.input_size,
        threads=config.decode_threads,
    )
    exported = export_trunk(network, photos)
    progress(f"{name} export", 1, 1)
    row = BackboneFigures(
        backbone=name,
        **{part: score_study_head(fit.head, parts.labelled[part]) for part in parts.labelled},
        parameters=network.count_params() + fit.head.count_params(),
        artifact_bytes=len(exported),
        latency_milliseconds=round(
            measure_latency(exported, photos, threads=config.latency_threads), 3
        ),
        features_seconds=round(features_seconds, 2),
        head_seconds=round(fit.seconds, 2),
        history=fit.history,
    )
    return row, parts


def _part(features: Features, codes: Sequence[str], config: ComparisonConfig) -> _Parts:
    """Part the photos in three, copies and shoots on one side, each class giving its share."""
    labels = [{config.label_set: example.labels[config.label_set]} for example in features.examples]
    groups = group_photos(
        features.digests,
        hashes=features.hashes,
        shoots=[example.shoot for example in features.examples],
    ).numbers.tolist()
    seed = config.study.seed
    rest, test = split_examples(
        labels, digests=groups, held_out_fraction=config.test_fraction, seed=seed
    )
    inner, outer = split_examples(
        [labels[row] for row in rest],
        digests=[groups[row] for row in rest],
        held_out_fraction=config.validation_fraction / (1 - config.test_fraction),
        seed=seed,
    )
    rows = {
        TRAIN: [rest[row] for row in inner],
        VALIDATION: [rest[row] for row in outer],
        TEST: test,
    }
    indexes = index_labels(features.examples, label_sets={config.label_set: codes})
    return _Parts(
        {
            part: Labelled(features.vectors[chosen], indexes[config.label_set][chosen])
            for part, chosen in rows.items()
        },
        rows,
        tuple(features.skipped),
    )


def _sweep_batch_sizes(
    parts: _Parts, codes: Sequence[str], config: ComparisonConfig, progress: OnStage
) -> tuple[SweptFigures, ...]:
    figures = []
    for done, size in enumerate(config.batch_sizes, start=1):
        study = replace(config.study, batch_size=size)
        figures.append(_fit_swept(parts, codes, study)[-1])
        progress("batch sizes", done, len(config.batch_sizes))
    return tuple(figures)


def _sweep_epochs(
    parts: _Parts, codes: Sequence[str], config: ComparisonConfig, progress: OnStage
) -> tuple[SweptFigures, ...]:
    """Fit once, for the most epochs: shorter fits are the beginnings of that one to the bit."""
    if not config.epochs:
        return ()
    study = replace(config.study, epochs=max(config.epochs))
    report = partial(_report, progress, "epochs", study.epochs)
    rows = _fit_swept(parts, codes, study, on_epoch=report)
    return tuple(rows[epochs - 1] for epochs in config.epochs)


def _fit_swept(
    parts: _Parts,
    codes: Sequence[str],
    study: StudyConfig,
    *,
    on_epoch: Callable[[int], None] = lambda done: None,
) -> list[SweptFigures]:
    fit = fit_study_head(
        parts.labelled[TRAIN],
        classes=len(codes),
        config=study,
        validation=parts.labelled[VALIDATION],
        on_epoch=on_epoch,
    )
    return [
        SweptFigures(study.batch_size, epoch.epoch, epoch.train, epoch.validation)
        for epoch in fit.history
    ]


def _report(progress: OnStage, stage: str, total: int, done: int) -> None:
    progress(stage, done, total)
