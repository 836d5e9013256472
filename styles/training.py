"""Door to training: data sets in, an artifact in storage and a ModelVersion row out.

Called by ``train_model_version``. TensorFlow is loaded when training starts, never when this module
is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Max

from styles import artifacts, conf
from styles.catalogue import Example
from styles.exceptions import TrainingError
from styles.ml import errors
from styles.models import ModelVersion


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


def train_model_version(
    examples: Sequence[Example],
    *,
    backbone: str,
    epochs: int | None = None,
    on_progress: Callable[[str, int, int], None],
    on_trained: Callable[[Trained], None] | None = None,
) -> Trained:
    """Train on labelled photos, store the artifact and create its row.

    Args:
        examples: labelled photos of one data set or of several.
        backbone: a name of ``styles.ml.backbones``.
        epochs: of the head; None for the default.
        on_progress: called with a stage's name, how many are done and how many there are.
        on_trained: called with the result within the transaction that creates the row: if it
            raises, there is no row.

    Raises:
        TrainingError: the photos cannot be learnt from, the weights are missing, or the exported
            model strayed too far from the trained one. Nothing has been stored then.
    """
    try:
        from styles.ml.training import TrainingConfig, train

        config = TrainingConfig(backbone=backbone, seed=conf.get("SEED"))
        if epochs is not None:
            config = replace(config, head=replace(config.head, epochs=epochs))
        result = train(examples, config=config, progress=on_progress)
    except errors.LearningError as error:
        raise TrainingError(str(error)) from error
    prefix = artifacts.save(result.artifact)
    with transaction.atomic():
        version = _create_version(result, backbone=backbone, artifact_prefix=prefix)
        trained = Trained(
            model_version=version.number,
            metrics=version.metrics,
            parity=asdict(result.parity),
            timings=result.timings,
            trained=result.trained,
            held_out=result.held_out,
            skipped=[asdict(photo) for photo in result.skipped],
        )
        if on_trained is not None:
            on_trained(trained)
    return trained


def _create_version(result: Any, *, backbone: str, artifact_prefix: str) -> ModelVersion:
    """Create the row within the caller's transaction, which no other training may cross."""
    # Two trainings that end at once must not take the same number.
    list(ModelVersion.objects.select_for_update().values_list("pk"))
    latest = ModelVersion.objects.aggregate(latest=Max("number"))["latest"] or 0
    return ModelVersion.objects.create(
        number=latest + 1,
        backbone=backbone,
        artifact_prefix=artifact_prefix,
        metadata=asdict(result.artifact.metadata),
        metrics={name: asdict(scores) for name, scores in result.metrics.items()},
    )
