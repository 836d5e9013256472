"""Door to data sets: a name on a command line in, labelled photos out.

Called by the commands that train, evaluate and compare, and by training on the queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from styles.catalogue import Example, get_catalogue
from styles.exceptions import TrainingError
from styles.ml import errors
from styles.ml.datasets import Dataset, read_csv, read_folders
from styles.taxonomy import resolve_style

CATALOGUE = "catalogue"
FORMATS = (CATALOGUE, "folders", "csv")
# What a folder per class names: the garment on a photo, in words that are not the shop's.
FOLDER_LABEL_SET = "garment"
CSV_LABELS = "label"


def read_dataset(name: str, *, format: str | None = None, labels: str | None = None) -> Dataset:
    """Return the labelled photos of a data set, and what was left out of it.

    Args:
        name: ``catalogue`` for the shop's own products, else a folder or a CSV file.
        format: one of ``FORMATS``; told by the name where it is None.
        labels: the label columns of a CSV file, separated by commas, which name the label sets too
            (``label`` where it is None); for folders, the label set that their names belong to.

    Raises:
        TrainingError: there is nothing to read, or it cannot be read.
    """
    path = Path(name)
    if format is None:
        format = CATALOGUE if name == CATALOGUE else "folders" if path.is_dir() else "csv"
    try:
        if format == CATALOGUE:
            return Dataset(without_implied_labels(list(get_catalogue().examples())))
        if format == "folders":
            dataset = read_folders(path, label_set=labels or FOLDER_LABEL_SET)
        else:
            columns = [column.strip() for column in (labels or CSV_LABELS).split(",")]
            dataset = read_csv(path, labels={column: column for column in columns if column})
    except errors.DatasetError as error:
        raise TrainingError(str(error)) from error
    return replace(dataset, examples=with_known_styles(dataset))


def with_known_styles(examples: Sequence[Example]) -> list[Example]:
    """Bring style labels to their codes, whether written as code or as a Korean or English name.

    Raises:
        TrainingError: some are not in the taxonomy; the message names them.
    """
    written = {example.labels["style"] for example in examples if "style" in example.labels}
    resolved = {label: resolve_style(label) for label in written}
    if unknown := sorted(label for label, style in resolved.items() if style is None):
        raise TrainingError(
            f"These styles are not in the taxonomy: {', '.join(unknown[:10])}. Use its codes, or "
            "their Korean or English names."
        )
    codes = {label: style.code for label, style in resolved.items() if style}
    return [
        replace(example, labels={**example.labels, "style": codes[example.labels["style"]]})
        if "style" in example.labels
        else example
        for example in examples
    ]


def without_implied_labels(examples: Sequence[Example]) -> list[Example]:
    """Leave style groups out where styles are known: the mix of groups follows from the styles.

    Raises:
        TrainingError: there are no photos.
    """
    if not examples:
        raise TrainingError(
            "The catalogue has no photos to learn from. Import some with "
            "`manage.py import_products FILE` first."
        )
    if len({example.labels.get("style") for example in examples} - {None}) < 2:
        return [_without(example, "style") for example in examples]
    return [_without(example, "style_group") for example in examples]


def count_labels(examples: Sequence[Example]) -> dict[str, int]:
    """Return how many photos have a label in each label set."""
    return dict(Counter(name for example in examples for name in example.labels))


def _without(example: Example, label_set: str) -> Example:
    kept = {name: code for name, code in example.labels.items() if name != label_set}
    return replace(example, labels=kept)
