"""Labelled photos from folders and CSV files, and splits that keep copies together; for training.

A reader only lists examples; bytes are read when a photo is decoded.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import DatasetError

NO_LABEL = -1
PHOTO_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".heic"})


class Box(NamedTuple):
    """A rectangle on a photo as it is stored: left top corner, width and height in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Example:
    """One photo: `read` returns its bytes, `labels` maps a label set's name to this photo's code.

    `labels` may leave label sets out; `key` names the photo in lists of what was skipped. Where a
    photo is of more than one kind, `mixes` maps the label set to the shares of its codes, which sum
    to 1; the code in `labels` is the main one. `shoot` names the photos that must stay on one side
    of a split, "" where that is not known; `boxes` are its garments.
    """

    key: str
    read: Callable[[], bytes]
    labels: Mapping[str, str]
    mixes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shoot: str = ""
    boxes: tuple[Box, ...] = ()


def read_folders(root: Path, *, label_set: str) -> list[Example]:
    """List the photos of a folder that holds one folder per class; the folder's name is the code.

    Raises DatasetError where there is no such folder or no photo in it.
    """
    if not root.is_dir():
        raise DatasetError(f"Expected a folder with one folder per class, received {root}.")
    examples = [
        Example(
            f"{photo.parent.name}/{photo.name}", photo.read_bytes, {label_set: photo.parent.name}
        )
        for photo in sorted(root.glob("*/*"))
        if photo.suffix.lower() in PHOTO_SUFFIXES
    ]
    if not examples:
        raise DatasetError(f"Expected photos in the folders of {root}, received none.")
    return examples


def read_csv(
    path: Path,
    *,
    labels: Mapping[str, str],
    image_column: str = "image",
    key_column: str = "sku",
) -> list[Example]:
    """List the photos of a UTF-8 CSV file; image paths count from the file's folder.

    `labels` maps a label set's name to the column with its codes; an empty cell is no label. Raises
    DatasetError for a file that cannot be read, lacks a column or lists nothing.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            _check_columns(
                path, rows.fieldnames or (), {image_column, key_column, *labels.values()}
            )
            examples = [
                Example(
                    row[key_column],
                    (path.parent / row[image_column]).read_bytes,
                    {
                        name: code
                        for name, column in labels.items()
                        if (code := row[column].strip())
                    },
                )
                for row in rows
                if row[image_column]
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path} cannot be read as a UTF-8 CSV file: {error}") from error
    if not examples:
        raise DatasetError(f"Expected rows in {path}, received none.")
    return examples


def _check_columns(path: Path, received: Sequence[str], expected: set[str]) -> None:
    if missing := expected.difference(received):
        raise DatasetError(
            f"Expected the columns {sorted(missing)} in {path}, received {sorted(received)}."
        )


def list_label_sets(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """Return the codes that occur in each label set, sorted: the order of class indexes."""
    codes: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for name, code in example.labels.items():
            codes[name].add(code)
    return {name: tuple(sorted(codes[name])) for name in sorted(codes)}


def index_labels(
    examples: Sequence[Example], *, label_sets: Mapping[str, Sequence[str]]
) -> dict[str, NDArray[np.int64]]:
    """Return class indexes (N,) per label set, NO_LABEL where an example has none."""
    return {
        name: np.array(
            [position.get(example.labels.get(name, ""), NO_LABEL) for example in examples]
        )
        for name, codes in label_sets.items()
        for position in [{code: index for index, code in enumerate(codes)}]
    }


def split_examples(
    labels: Sequence[Mapping[str, str]],
    *,
    digests: Sequence[str],
    held_out_fraction: float,
    seed: int,
) -> tuple[list[int], list[int]]:
    """Return the indexes to train on and those to hold out, each label giving up its share.

    Examples with the same digest stay together. A label with two different photos or more gives at
    least one up where its photos' other labels allow it, and never all. The same seed gives the
    same split.
    """
    copies: dict[str, list[int]] = defaultdict(list)
    for index, digest in enumerate(digests):
        copies[digest].append(index)
    groups = list(copies.values())
    sizes = Counter(label for group in groups for label in labels[group[0]].items())
    shares = {
        label: min(max(round(size * held_out_fraction), 1), size - 1) if held_out_fraction else 0
        for label, size in sizes.items()
    }
    held_out: list[int] = []
    for number in np.random.default_rng(seed).permutation(len(groups)):
        group = groups[number]
        its_labels = list(labels[group[0]].items())
        if its_labels and all(shares[label] for label in its_labels):
            held_out += group
            for label in its_labels:
                shares[label] -= 1
    chosen = set(held_out)
    return [index for index in range(len(labels)) if index not in chosen], sorted(chosen)
