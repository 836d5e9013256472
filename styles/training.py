"""Door to training: data sets in, an artifact in storage and a ModelVersion row out.

Called by jobs of the kind ``train``. TensorFlow is loaded when training starts, never when this
module is imported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max

from styles import artifacts, conf
from styles.catalogue import Example
from styles.exceptions import TrainingError
from styles.feature_cache import open_feature_cache
from styles.ml import errors
from styles.ml.datasets import sample_per_class
from styles.models import ModelVersion

if TYPE_CHECKING:
    from styles.ml.training import TrainingConfig, TrainingResult

PRESETS = ("quick", "full", "study")


@dataclass(frozen=True)
class Trained:
    """A trained model version as commands print it; counts are photos, timings seconds."""

    model_version: int
    metrics: Mapping[str, Any]
    parity: Mapping[str, Any]
    timings: Mapping[str, float]
    trained: int
    held_out: int
    skipped: Sequence[Mapping[str, str]]
    relatives: Mapping[str, int]


def train_model_version(
    examples: Sequence[Example],
    *,
    backbone: str,
    preset: str = "quick",
    weights: str | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    per_class: int | None = None,
    crop_to_garment: bool = False,
    seed: int | None = None,
    checkpoints: Path | None = None,
    on_progress: Callable[[str, int, int], None],
    on_trained: Callable[[Trained], None] | None = None,
) -> Trained:
    """Train on labelled photos, store the artifact and create its row.

    Args:
        examples: labelled photos of one data set or of several.
        backbone: a name of ``styles.ml.backbones``.
        preset: one of ``PRESETS``, see ``styles.ml.presets``.
        weights: a file to take the backbone's weights from; None for its own.
        epochs: of the preset's last stage; None for the default.
        batch_size: of the same stage.
        per_class: learn from at most so many photos a class of the main label set.
        crop_to_garment: learn from the garments' boxes where the data set has them.
        seed: of everything drawn; None for the setting ``SEED``.
        checkpoints: a folder in which a killed run left off, and from which it goes on.
        on_progress: called with a stage's name, how many are done and how many there are.
        on_trained: called with the result within the transaction that creates the row: if it
            raises, there is no row.

    Raises:
        TrainingError: the photos cannot be learnt from, the weights are missing, or the exported
            model strayed too far from the trained one. Nothing has been stored then.
    """
    seed = conf.get("SEED") if seed is None else seed
    try:
        from styles.ml.presets import choose_recipe

        config = choose_recipe(
            preset,
            backbone=backbone,
            weights=Path(weights) if weights else None,
            epochs=epochs,
            batch_size=batch_size,
            crop_to_garment=crop_to_garment,
            seed=seed,
        )
        examples = _only(main_label_set(examples), examples) if config.study else examples
        if per_class is not None:
            examples = sample_per_class(
                examples, label_set=main_label_set(examples), per_class=per_class, seed=seed
            )
        result = _train(examples, config, checkpoints, on_progress)
    except errors.LearningError as error:
        raise TrainingError(str(error)) from error
    prefix = artifacts.save(result.artifact)
    try:
        return _store(result, backbone=backbone, artifact_prefix=prefix, on_trained=on_trained)
    except BaseException:
        artifacts.remove(prefix)
        raise


def main_label_set(examples: Sequence[Example]) -> str:
    """Return the label set that most photos have, of equals the one with the most codes.

    Raises:
        TrainingError: no photo has a label.
    """
    photos: Counter[str] = Counter(name for example in examples for name in example.labels)
    codes: Counter[str] = Counter(
        name for name, _ in {label for example in examples for label in example.labels.items()}
    )
    if not photos:
        raise TrainingError("None of the photos has a label: there is nothing to learn.")
    return max(photos, key=lambda name: (photos[name], codes[name], name))


def _only(label_set: str, examples: Sequence[Example]) -> list[Example]:
    """Return the examples with that label and no other: the study learnt one thing."""
    return [
        replace(example, labels={label_set: example.labels[label_set]}, mixes={})
        for example in examples
        if label_set in example.labels
    ]


def _train(
    examples: Sequence[Example],
    config: TrainingConfig,
    checkpoints: Path | None,
    on_progress: Callable[[str, int, int], None],
) -> TrainingResult:
    from styles.ml.training import train

    try:
        with open_feature_cache(config.backbone, weights=config.weights) as cache:
            return train(
                examples,
                config=config,
                progress=on_progress,
                cache=cache,
                checkpoints=checkpoints,
            )
    except FileNotFoundError as error:
        raise TrainingError(f"The file {error.filename} does not exist.") from error


@transaction.atomic
def _store(
    result: TrainingResult,
    *,
    backbone: str,
    artifact_prefix: str,
    on_trained: Callable[[Trained], None] | None,
) -> Trained:
    """Create the row, and let the caller save what belongs to it in the same transaction."""
    version = _create_version(result, backbone=backbone, artifact_prefix=artifact_prefix)
    trained = Trained(
        model_version=version.number,
        metrics=version.metrics,
        parity=asdict(result.parity),
        timings=result.timings,
        trained=result.trained,
        held_out=result.held_out,
        skipped=[asdict(photo) for photo in result.skipped],
        relatives=asdict(result.relatives),
    )
    if on_trained is not None:
        on_trained(trained)
    return trained


def _create_version(result: TrainingResult, *, backbone: str, artifact_prefix: str) -> ModelVersion:
    """Create the row within the caller's transaction, which no other training may cross."""
    # Two trainings that end at once must not take the same number, not even the first one.
    with connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{ModelVersion._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
    latest = ModelVersion.objects.aggregate(latest=Max("number"))["latest"] or 0
    return ModelVersion.objects.create(
        number=latest + 1,
        backbone=backbone,
        artifact_prefix=artifact_prefix,
        metadata={**asdict(result.artifact.metadata), "history": list(result.history)},
        metrics={name: asdict(scores) for name, scores in result.metrics.items()},
    )
