"""Named recipes of training: what people choose instead of thirty numbers; for the door above."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from styles.ml.errors import TrainingError
from styles.ml.fine_tuning import FineTuningConfig
from styles.ml.study import StudyConfig
from styles.ml.training import TrainingConfig

MAX_SEED = 2**32 - 1  # of NumPy's oldest generator, which Keras seeds as well
QUICK, FULL, STUDY = "quick", "full", "study"


def choose_recipe(
    preset: str,
    *,
    backbone: str,
    weights: Path | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    crop_to_garment: bool = False,
    seed: int = 0,
) -> TrainingConfig:
    """Return the configuration of a preset, with epochs and batch size of its last stage.

    `quick` trains a head on the frozen backbone, in seconds; `full` fine-tunes the last blocks as
    well, in minutes; `study` does what the study did. Raises TrainingError for another name, and
    for numbers below 1 and seeds that are not from 0 to MAX_SEED.
    """
    numbers = {"epochs": epochs, "batch_size": batch_size}
    given: dict[str, Any] = {name: number for name, number in numbers.items() if number is not None}
    for name, number in given.items():
        if number < 1:
            raise TrainingError(f"Expected {name} of at least 1, received {number}.")
    if not 0 <= seed <= MAX_SEED:
        raise TrainingError(f"Expected a seed from 0 to {MAX_SEED}, received {seed}.")
    common = TrainingConfig(
        backbone=backbone, weights=weights, crop_to_garment=crop_to_garment, seed=seed
    )
    if preset == QUICK:
        return replace(common, head=replace(common.head, **given))
    if preset == FULL:
        return replace(common, fine_tuning=FineTuningConfig(**given))
    if preset == STUDY:
        return replace(common, study=StudyConfig(**given, seed=seed))
    raise TrainingError(f"Expected one of the presets quick, full and study, received {preset!r}.")
