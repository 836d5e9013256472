"""Door to comparing backbones: labelled photos in, the study's tables in the artifact storage out.

Called by ``compare_backbones``. TensorFlow is loaded when comparing starts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from styles import conf
from styles.artifacts import artifact_storage
from styles.catalogue import Example
from styles.comparison_tables import to_csv, to_markdown
from styles.exceptions import TrainingError
from styles.feature_cache import open_feature_cache
from styles.ml import errors

if TYPE_CHECKING:
    from styles.ml.comparison_figures import Comparison

FOLDER = "comparisons"


@dataclass(frozen=True)
class StoredComparison:
    """The tables as plain values, and where they were stored."""

    stored: str
    comparison: Mapping[str, Any]


def compare_backbones(
    examples: Sequence[Example],
    *,
    backbones: Sequence[str] | None = None,
    label_set: str | None = None,
    weights: Mapping[str, Path] | None = None,
    sweep: str | None = None,
    batch_sizes: Sequence[int] = (16, 32, 64),
    epochs: Sequence[int] = (5, 10, 20),
    output: Path | None = None,
    on_progress: Callable[[str, int, int], None],
) -> StoredComparison:
    """Compare backbones by the study's recipe and store the tables as JSON, CSV and Markdown.

    Args:
        examples: labelled photos of one data set or of several.
        backbones: names of ``styles.ml.backbones``; None for all.
        label_set: what is told apart; None where the photos have one label set only.
        weights: backbone -> file to take its weights from instead of its usual ones.
        sweep: the backbone whose batch sizes and epochs are swept; None for the best one.
        batch_sizes: of the first sweep.
        epochs: of the second.
        output: a folder of this machine; None for a new one in the artifact storage.
        on_progress: called with a stage's name, how many are done and how many there are.

    Raises:
        TrainingError: there is nothing to compare on, no backbone can be built, or the tables
            cannot be written.
    """
    files = dict(weights or {})
    try:
        from styles.ml.backbones import BACKBONES
        from styles.ml.comparison import compare
        from styles.ml.comparison_figures import ComparisonConfig
        from styles.ml.study import StudyConfig

        config = ComparisonConfig(
            label_set=label_set or _only_label_set(examples),
            backbones=tuple(backbones or BACKBONES),
            weights=files,
            study=StudyConfig(seed=conf.get("SEED")),
            sweep=sweep,
            batch_sizes=tuple(batch_sizes),
            epochs=tuple(epochs),
        )
        comparison = compare(
            examples,
            config=config,
            progress=on_progress,
            open_cache=lambda name: open_feature_cache(name, weights=files.get(name)),
        )
    except errors.LearningError as error:
        raise TrainingError(str(error)) from error
    return StoredComparison(_store(comparison, output=output), asdict(comparison))


def _only_label_set(examples: Iterable[Example]) -> str:
    names = sorted({name for example in examples for name in example.labels})
    if len(names) != 1:
        raise TrainingError(
            f"Expected photos with one label set, received {', '.join(names) or 'none'}: choose "
            "with the option --label-set."
        )
    return names[0]


def _store(comparison: Comparison, *, output: Path | None) -> str:
    """Write the three files and return the folder they are in."""
    plain = asdict(comparison)
    files = {
        "comparison.json": json.dumps(plain, ensure_ascii=False, indent=2),
        "comparison.csv": to_csv(plain),
        "comparison.md": to_markdown(plain),
    }
    prefix = f"{FOLDER}/{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    storage = artifact_storage()
    try:
        if output is not None:
            output.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            if output is not None:
                (output / name).write_text(text, encoding="utf-8")
            else:
                storage.save(f"{prefix}/{name}", ContentFile(text.encode()))
    except OSError as error:
        raise TrainingError(
            f"The tables cannot be written to {output or prefix}: {error}. Name another folder "
            "with the option --output."
        ) from error
    return str(output or prefix)
