"""Door to evaluation: a model version and labelled photos in, every figure about it out.

Called by ``evaluate_model_version``; ``styles.reports`` makes pages of what comes out.
"""

from __future__ import annotations

import platform
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from styles import artifacts, conf
from styles.catalogue import Example, get_catalogue
from styles.datasets import FOLDER_LABEL_SET
from styles.exceptions import EvaluationError
from styles.figures import Difference, Figures, compare_figures, find_figures
from styles.measuring import (
    Latency,
    Measurement,
    measure,
    measure_latency,
    served_reader,
    trained_reader,
)
from styles.ml.progress import OnStage, ignore_stage
from styles.ml.scorecards import Scorecard
from styles.models import ModelVersion
from styles.retrieval import Answers, Pairing, RetrievalFigures, find_pairings

SCHEMA_VERSION = 1
PRODUCT_LABEL_SET = "product_type"
SERVED, TRAINED = "served", "trained"
SOFTWARE = ("numpy", "ai-edge-litert", "tensorflow", "tensorflow-cpu", "scikit-learn")


@dataclass(frozen=True)
class Evaluation:
    """How good a version's served model is on labelled photos.

    Attributes:
        model_version, backbone, trained_at: which version; the time in ISO 8601, UTC.
        evaluated_at: when this was measured, likewise.
        datasets: the names of the data sets, as they were given.
        photos: how many photos were predicted.
        label_sets: label set -> its figures, for those the version has learnt.
        unlearnt: label set -> code -> photos whose label the version cannot know.
        retrieval: look-alikes found, within label sets and from one to another.
        latency: None where no photo could be timed.
        artifact_bytes: file -> size.
        parity, history: what training noted of its export and its epochs.
        comparison: int8 against float; empty unless asked for.
        skipped: photos left out, ``{key, code}``.
        left_out: what readers of data sets passed over, reason -> how many.
        seed, software: what the figures depend on besides.
    """

    model_version: int
    backbone: str
    trained_at: str
    evaluated_at: str
    datasets: Sequence[str]
    photos: int
    label_sets: Mapping[str, Scorecard]
    unlearnt: Mapping[str, Mapping[str, int]]
    retrieval: Sequence[RetrievalFigures]
    latency: Latency | None
    artifact_bytes: Mapping[str, int]
    parity: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]
    comparison: Sequence[Difference]
    skipped: Sequence[Mapping[str, str]]
    left_out: Mapping[str, int]
    seed: int
    software: Mapping[str, str]
    schema_version: int = field(default=SCHEMA_VERSION, kw_only=True)


def evaluate_model_version(
    model_version: ModelVersion,
    examples: Sequence[Example],
    *,
    datasets: Sequence[str] = (),
    left_out: Mapping[str, int] | None = None,
    answers: Answers | None = None,
    compare_float: bool = False,
    on_progress: OnStage = ignore_stage,
) -> Evaluation:
    """Measure a version's served model on labelled photos.

    Labels the version has not learnt do not count, photos that cannot be read are listed. Calls
    ``on_progress(stage, done, total)``; the stages are photos and retrieval.

    Args:
        examples: the photos; all of them take part in every figure that their labels allow.
        datasets: what they are called in the report.
        left_out: what was left out when they were read.
        answers: which products answer which photos; see ``styles.retrieval``.
        compare_float: measure the float model too, through TensorFlow.

    Raises:
        EvaluationError: there is no photo, or nothing the version could be measured by, or the
            answers fit nothing.
        ArtifactError: the version's files are missing or damaged.
    """
    figures, skipped, photos = _measure_figures(
        model_version,
        examples,
        answers=answers,
        compare_float=compare_float,
        on_progress=on_progress,
    )
    return Evaluation(
        **_about(model_version),
        datasets=list(datasets),
        photos=photos,
        label_sets=figures[SERVED].label_sets,
        unlearnt=count_unlearnt(examples, label_sets=model_version.label_sets),
        retrieval=figures[SERVED].retrieval,
        latency=measure_latency(examples, model_version=model_version, seed=conf.get("SEED")),
        comparison=compare_figures(figures[SERVED], figures[TRAINED]) if compare_float else [],
        skipped=skipped,
        left_out=dict(left_out or {}),
    )


def _measure_figures(
    model_version: ModelVersion,
    examples: Sequence[Example],
    *,
    answers: Answers | None,
    compare_float: bool,
    on_progress: OnStage,
) -> tuple[dict[str, Figures], list[dict[str, str]], int]:
    """Return the figures of each model, the photos left out, and how many were not."""
    shelf, pairings = _pair(examples, answers=answers)
    _check_labels(examples, model_version=model_version, pairings=pairings)
    readers = {SERVED: served_reader(model_version)}
    if compare_float:
        readers[TRAINED] = trained_reader(model_version)
    measurements, skipped = measure(
        [*examples, *shelf],
        readers=readers,
        label_sets=model_version.label_sets,
        on_progress=on_progress,
    )
    photos = _count_measured(measurements[SERVED], examples, skipped=skipped)
    figures = {
        name: find_figures(
            measurement,
            [*examples, *shelf],
            evaluated=len(examples),
            label_sets=model_version.label_sets,
            pairings=pairings,
            on_progress=on_progress,
        )
        for name, measurement in measurements.items()
    }
    return figures, skipped, photos


def count_unlearnt(
    examples: Sequence[Example], *, label_sets: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, int]]:
    """Return label set -> code -> photos for labels that are not among the `label_sets`' codes."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    known = {name: set(codes) for name, codes in label_sets.items()}
    for example in examples:
        for name, code in example.labels.items():
            if code not in known.get(name, ()):
                counts[name][code] += 1
    return {name: dict(codes.most_common()) for name, codes in sorted(counts.items())}


def _pair(
    examples: Sequence[Example], *, answers: Answers | None
) -> tuple[list[Example], list[Pairing]]:
    """Return which label sets are asked for in which, and products of the shop if they answer.

    The shop's products join in where photos sorted into folders were given without any products.

    Raises:
        EvaluationError: there are `answers`, and they fit nothing.
    """
    label_sets = {name for example in examples for name in example.labels}
    shelf: list[Example] = []
    if FOLDER_LABEL_SET in label_sets and PRODUCT_LABEL_SET not in label_sets:
        shelf = _products()
    pairings = find_pairings([*examples, *shelf], answers=answers)
    pairings = [pairing for pairing in pairings if pairing.asking in label_sets]
    if answers is not None and not pairings:
        raise EvaluationError(
            "The answers name no label of these photos together with one of other photos or of the "
            "shop's products. The photos are labelled by: "
            f"{', '.join(sorted(label_sets)) or 'nothing'}."
        )
    needed = any(pairing.answering == PRODUCT_LABEL_SET for pairing in pairings)
    return (shelf if needed else []), pairings


def _products() -> list[Example]:
    """Return the photos of the shop's products, with nothing but their type."""
    try:
        catalogue = get_catalogue()
    except ImproperlyConfigured:  # Without a catalogue there is no product to find.
        return []
    return [
        replace(example, labels={PRODUCT_LABEL_SET: example.labels[PRODUCT_LABEL_SET]})
        for example in catalogue.examples()
        if PRODUCT_LABEL_SET in example.labels
    ]


def _check_labels(
    examples: Sequence[Example], *, model_version: ModelVersion, pairings: Sequence[Pairing]
) -> None:
    if not examples:
        raise EvaluationError("There are no photos to measure the model version by.")
    learnt = model_version.label_sets
    if pairings or any(
        code in learnt.get(name, ())
        for example in examples
        for name, code in example.labels.items()
    ):
        return
    raise EvaluationError(
        f"Model version {model_version.number} knows none of the labels of this data set; it "
        f"has learnt {', '.join(learnt)}."
    )


def _count_measured(
    measurement: Measurement,
    examples: Sequence[Example],
    *,
    skipped: Sequence[Mapping[str, str]],
) -> int:
    photos = len(measurement.among(0, len(examples)).photos)
    if not photos:
        raise EvaluationError(
            f"None of the {len(examples)} photos can be read; the first is {skipped[0]['key']} "
            f"({skipped[0]['code']}). Look at the files of the data set."
        )
    return photos


def _about(model_version: ModelVersion) -> dict[str, Any]:
    """Return what an evaluation says of the version and of the circumstances."""
    return {
        "model_version": model_version.number,
        "backbone": model_version.backbone,
        "trained_at": _iso(model_version.created_at),
        "evaluated_at": _iso(datetime.now(UTC)),
        "artifact_bytes": _artifact_bytes(model_version),
        "parity": model_version.metadata.get("parity", {}),
        "history": model_version.metadata.get("history", []),
        "seed": conf.get("SEED"),
        "software": _software(),
    }


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")


def _artifact_bytes(model_version: ModelVersion) -> dict[str, int]:
    storage = artifacts.artifact_storage()
    names = model_version.metadata.get("files", {})
    paths = {name: f"{model_version.artifact_prefix}/{name}" for name in names}
    return {name: storage.size(path) for name, path in paths.items() if storage.exists(path)}


def _software() -> dict[str, str]:
    """Return the versions of what computes the figures, as far as it is installed."""
    versions = {"python": platform.python_version()}
    for package in SOFTWARE:
        with suppress(metadata.PackageNotFoundError):
            versions[package] = metadata.version(package)
    return versions
