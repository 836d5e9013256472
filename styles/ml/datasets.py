"""Labelled photos from folders and CSV files, as what trains and evaluates takes them.

A reader only lists examples; bytes are read when a photo is decoded.
"""

import csv
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import DatasetError

__all__ = [
    "NO_LABEL",
    "PHOTO_SUFFIXES",
    "Box",
    "Dataset",
    "Example",
    "LeftOut",
    "count_left_out",
    "index_labels",
    "list_label_sets",
    "read_csv",
    "read_folders",
    "sample_per_class",
]

NO_LABEL = -1
PHOTO_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".heic"})
SHOOT_COLUMN = "shoot"
# A million things that are wrong for one reason are told by their number and the first of them.
LISTED_NAMES = 20


class Box(NamedTuple):
    """A rectangle on a photo as one sees it: left top corner, width and height in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
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


@dataclass
class LeftOut:
    """What a reader passed over for one reason: how many, and the first different names."""

    count: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Count one more; its name is kept while there are few."""
        self.count += 1
        if len(self.names) < LISTED_NAMES and name not in self.names:
            self.names.append(name)


@dataclass(frozen=True)
class Dataset(Sequence[Example]):
    """The examples of a data set, a sequence of them, and what was left out, reason by reason.

    The reasons are codes: folder_empty, label_missing, photo_missing, annotation_missing, ...
    """

    examples: Sequence[Example]
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.examples)

    def __iter__(self) -> Iterator[Example]:
        return iter(self.examples)

    @overload
    def __getitem__(self, index: int) -> Example: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Example]: ...
    def __getitem__(self, index: int | slice) -> Example | Sequence[Example]:
        return self.examples[index]


class PhotoFile:
    """Reads one photo of a folder when called; a million of them share their folders' names."""

    __slots__ = ("folder", "name")

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self.name = name

    def __call__(self) -> bytes:
        return Path(self.folder, self.name).read_bytes()


def read_folders(root: Path, *, label_set: str) -> Dataset:
    """List the photos of a folder that holds one folder per class; the folder's name is the code.

    Folders without a photo are left out and named. Raises DatasetError where there is no such
    folder or no photo in it.
    """
    if not root.is_dir():
        raise DatasetError(f"Expected a folder with one folder per class, received {root}.")
    left_out: dict[str, LeftOut] = defaultdict(LeftOut)
    examples: list[Example] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        photos = sorted(
            path.name for path in folder.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES
        )
        if not photos and not folder.name.startswith("."):
            left_out["folder_empty"].add(folder.name)
        # macOS spells Korean names in parts (NFD); whoever looks the code up writes whole letters.
        labels = {label_set: unicodedata.normalize("NFC", folder.name)}
        examples += [
            Example(f"{folder.name}/{photo}", PhotoFile(str(folder), photo), labels)
            for photo in photos
        ]
    if not examples:
        raise DatasetError(f"Expected photos in the folders of {root}, received none.")
    return Dataset(examples, dict(left_out))


def read_csv(
    path: Path,
    *,
    labels: Mapping[str, str],
    image_column: str = "image",
    key_column: str = "sku",
) -> Dataset:
    """List the photos of a UTF-8 CSV file; image paths count from the file's folder.

    `labels` maps a label set's name to the column with its codes; an empty cell is no label. The
    key column may be missing: photos are then named by their path. A column `shoot` may name the
    photos that belong together. Rows without a photo or without any label are left out. Raises
    DatasetError for a file that cannot be read, lacks a column or lists nothing.
    """
    left_out: dict[str, LeftOut] = defaultdict(LeftOut)
    examples: list[Example] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, restval="")
            _check_columns(path, rows.fieldnames or (), {image_column, *labels.values()})
            for row in rows:
                image = row[image_column].strip()
                key = row.get(key_column, "").strip() or image
                codes = {
                    name: code for name, column in labels.items() if (code := row[column].strip())
                }
                if not image or not codes:
                    reason = "label_missing" if image else "photo_missing"
                    left_out[reason].add(key or f"line {rows.line_num}")
                    continue
                read = (path.parent / image).read_bytes
                shoot = row.get(SHOOT_COLUMN, "").strip()
                examples.append(Example(key, read, codes, shoot=shoot))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path} cannot be read as a UTF-8 CSV file: {error}") from error
    if not examples:
        told = count_left_out(left_out)
        raise DatasetError(f"Expected rows with a photo and a label in {path}, received {told}.")
    return Dataset(examples, dict(left_out))


def count_left_out(left_out: Mapping[str, LeftOut]) -> str:
    """Return the counts of what was left out as part of a sentence, "none" where nothing was."""
    counts = [f"{one.count} {code.replace('_', ' ')}" for code, one in left_out.items()]
    return ", ".join(counts) or "none"


def _check_columns(path: Path, received: Sequence[str], expected: set[str]) -> None:
    if missing := expected.difference(received):
        raise DatasetError(
            f"Expected the columns {sorted(missing)} in {path}, received {sorted(received)}."
        )


def list_label_sets(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """Return the codes that occur in each label set, sorted: the order of class indexes.

    A code that is only ever a photo's second one, in its mix, counts as well.
    """
    codes: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for name, code in example.labels.items():
            codes[name].add(code)
            codes[name].update(example.mixes.get(name, ()))
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


def sample_per_class(
    examples: Sequence[Example], *, label_set: str, per_class: int, seed: int
) -> list[Example]:
    """Draw at most `per_class` examples of each code of a label set, in their old order.

    Every shoot of a class gives one photo before any gives a second: photos of one shoot are
    near-duplicates, so what a fixed number of photos teaches is in the number of shoots. Examples
    without a label in the set are not drawn; a class with fewer photos gives all. The same seed
    draws the same photos. Raises DatasetError where nothing has a label in the set, and for a
    `per_class` below 1.
    """
    if per_class < 1:
        raise DatasetError(f"Expected photos per class of at least 1, received {per_class}.")
    random = np.random.default_rng(seed)
    rounds: dict[str, list[tuple[int, int]]] = defaultdict(list)
    taken: Counter[tuple[str, str]] = Counter()
    for index in random.permutation(len(examples)).tolist():
        code = examples[index].labels.get(label_set)
        if code is None:
            continue
        # A photo of no known shoot is a shoot of its own.
        shoot = (code, examples[index].shoot)
        rounds[code].append((taken[shoot], index))
        taken[shoot] += bool(examples[index].shoot)
    if not rounds:
        raise DatasetError(f"Expected photos with a label in {label_set}, received none.")
    # Sorting is stable: within a round the seed's order stays.
    chosen = [
        index
        for drawn in rounds.values()
        for _, index in sorted(drawn, key=lambda one: one[0])[:per_class]
    ]
    return [examples[index] for index in sorted(chosen)]
