"""Door to data sets: a name on a command line in, labelled photos out.

Called by the commands that train, evaluate and compare, and by training on the queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from styles.catalogue import Example, get_catalogue
from styles.exceptions import TrainingError
from styles.ml import errors
from styles.ml.datasets import Dataset, LeftOut, read_csv, read_folders
from styles.ml.k_fashion import STYLE, is_k_fashion, read_k_fashion
from styles.taxonomy import resolve_style

CATALOGUE = "catalogue"
K_FASHION, FOLDERS, CSV = "k-fashion", "folders", "csv"
FORMATS = (CATALOGUE, K_FASHION, FOLDERS, CSV)
# What a folder per class names: the garment on a photo, in words that are not the shop's.
FOLDER_LABEL_SET = "garment"
CSV_LABELS = ("label",)
LEFT_OUT_REASONS = {
    "annotated_twice": "Left out, its photo has an annotation already",
    "annotation_missing": "Left out, a photo without an annotation",
    "annotation_unreadable": "Left out, an annotation that cannot be read",
    "folder_empty": "A folder without photos, no class",
    "folder_unreadable": "Left out, a folder that cannot be read",
    "label_missing": "Left out, a photo without a label",
    "photo_ambiguous": "Left out, an annotation that several photos could belong to",
    "photo_missing": "Left out, an annotation or row without a photo",
    "second_style_unknown": "Learnt without its second style, which is not in the taxonomy",
    "style_unknown": "Left out, a style that is not in the taxonomy",
}


def read_dataset(
    name: str,
    *,
    format: str | None = None,
    labels: str | None = None,
    on_progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Dataset:
    """Return the labelled photos of a data set, and what was left out of it.

    Args:
        name: ``catalogue`` for the shop's own products, whatever the format; else a folder or a
            CSV file.
        format: one of ``FORMATS``; told by what is found there where it is None.
        labels: separated by commas. Of a CSV file its label columns, which name the label sets
            too (``label`` where it is None); of K-Fashion the label sets to learn (``style``); of
            folders the one label set that their names belong to (``garment``).
        on_progress: called with a stage's name, how many are done and how many there are; only a
            data set with a file for each annotation takes long enough to call it.

    Raises:
        TrainingError: there is nothing to read, or it cannot be read.
    """
    path = Path(name)
    named = [part.strip() for part in (labels or "").split(",") if part.strip()]
    try:
        if name == CATALOGUE:
            return Dataset(without_implied_labels(list(get_catalogue().examples())))
        return _read(path, format or _guess_format(path), named, on_progress)
    except errors.DatasetError as error:
        raise TrainingError(str(error)) from error


def _guess_format(path: Path) -> str:
    if not path.is_dir():
        return CSV
    return K_FASHION if is_k_fashion(path) else FOLDERS


def _read(
    path: Path,
    format: str,
    labels: Sequence[str],
    on_progress: Callable[[str, int, int], None],
) -> Dataset:
    if format == CATALOGUE:
        raise TrainingError(f"Expected the name {CATALOGUE} for that format, received {path}.")
    if format == K_FASHION:
        return read_k_fashion(path, label_sets=labels or (STYLE,), progress=on_progress)
    if format == FOLDERS:
        if len(labels) > 1:
            raise TrainingError(
                "Expected one label set that the folders' names belong to, received "
                f"{', '.join(labels)}."
            )
        dataset = read_folders(path, label_set=labels[0] if labels else FOLDER_LABEL_SET)
    else:
        dataset = read_csv(path, labels={column: column for column in labels or CSV_LABELS})
    return replace(dataset, examples=with_known_styles(dataset.examples))


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


def describe_left_out(left_out: Mapping[str, LeftOut]) -> Iterator[str]:
    """Yield a line a reason: how many were left out, and the first of their names."""
    for code, one in left_out.items():
        names = ", ".join(one.names)
        more = " ..." if one.count > len(one.names) else ""
        yield f"{LEFT_OUT_REASONS.get(code, code)}: {one.count} ({names}{more})"
