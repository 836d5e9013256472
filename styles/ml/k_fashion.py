"""Reads the K-Fashion data set as it is downloaded: called by the door to data sets.

One JSON annotation a photo, in folders per style (라벨링데이터/로맨틱/100026.json) beside the
photos (원천데이터/로맨틱/...), or all in one folder. Source of the format: AI Hub, K-Fashion; two
public samples.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from styles.ml.datasets import (
    PHOTO_SUFFIXES,
    Dataset,
    Example,
    LeftOut,
    PhotoFile,
    count_left_out,
)
from styles.ml.errors import DatasetError
from styles.ml.k_fashion_annotation import MAX_ANNOTATION_BYTES, Annotation, parse_annotation
from styles.ml.k_fashion_files import PhotoIndex, folder_name, printable, split_name, walk_files
from styles.ml.progress import OnStage
from styles.taxonomy import OTHER, resolve_style

STYLE, GARMENT, GARMENT_COLOUR = "style", "garment", "garment_colour"
LABEL_SETS = (STYLE, GARMENT, GARMENT_COLOUR)
# The annotators named a main and a second style and no strengths. Shares fall with rank as 1, 1/2,
# scaled to sum to 1: the main style stays the answer, and the second one counts for half of it.
RANK_SHARES = (2 / 3, 1 / 3)
PROGRESS_STEP = 1000
PROBED_ANNOTATIONS = 20
_LAST_NUMBER = re.compile(r"(.*?)\d+\D*", re.DOTALL)

Labels = tuple[Mapping[str, str], Mapping[str, Mapping[str, float]]]


def read_k_fashion(
    root: Path,
    *,
    label_sets: Sequence[str] = (STYLE,),
    progress: OnStage = lambda stage, done, total: None,
) -> Dataset:
    """List the annotated photos under a folder, at any depth.

    Args:
        root: holds annotations and photos; names may be in either Unicode spelling.
        label_sets: of `LABEL_SETS`. `style` is the main style's code, with the second one in
            `mixes`; `garment` and `garment_colour` are known where a photo shows one garment alone,
            and stay in the data set's own Korean words, which are not the shop's.
        progress: called with "annotations", how many are read and how many there are.

    A photo belongs to the annotation that has its name, its id or its file name in it. Left out and
    counted: photo_missing, photo_ambiguous, annotation_missing, annotation_unreadable,
    annotated_twice, label_missing, style_unknown, folder_unreadable; second_style_unknown costs a
    photo only its mix.

    Raises DatasetError for other label sets, no such folder, or nothing usable in it.
    """
    if unknown := set(label_sets).difference(LABEL_SETS):
        raise DatasetError(
            f"Expected label sets of K-Fashion, which are {', '.join(LABEL_SETS)}; received "
            f"{', '.join(sorted(unknown))}."
        )
    if not root.is_dir():
        raise DatasetError(f"Expected a folder with K-Fashion annotations, received {root}.")
    left_out: dict[str, LeftOut] = defaultdict(LeftOut)
    annotations, photos = _find_files(root, left_out)
    matcher = _Matcher(photos, label_sets=label_sets, left_out=left_out)
    examples: list[Example] = []
    for number, (folder, name) in enumerate(annotations, start=1):
        if example := matcher.match(folder, name):
            examples.append(example)
        if number % PROGRESS_STEP == 0 or number == len(annotations):
            progress("annotations", number, len(annotations))
    for photo in photos.rest():
        left_out["annotation_missing"].add(_key(photo))
    if not examples:
        raise DatasetError(
            f"Expected K-Fashion annotations and their photos under {root}, found "
            f"{len(annotations)} annotations and no usable photo to any; left out: "
            f"{count_left_out(left_out)}."
        )
    return Dataset(examples, dict(left_out))


def is_k_fashion(root: Path) -> bool:
    """Tell whether there is a K-Fashion annotation among the first JSON files under a folder."""
    refused = 0
    for folder, name in walk_files(root):
        if not name.lower().endswith(".json"):
            continue
        try:
            _read_annotation(folder, name)
        except DatasetError:
            refused += 1
            if refused == PROBED_ANNOTATIONS:
                return False
        else:
            return True
    return False


def find_shoot(file_name: str) -> str:
    """Return what the photos of a shoot share in their names: everything before the last number.

    "" where a name has no number, or nothing before it: then the shoot is not known.
    """
    stem, _ = split_name(file_name)
    found = _LAST_NUMBER.fullmatch(stem)
    return found.group(1) if found else ""


class _Matcher:
    """Makes examples of annotation files and counts those that it cannot use."""

    def __init__(
        self, photos: PhotoIndex, *, label_sets: Sequence[str], left_out: dict[str, LeftOut]
    ) -> None:
        self._photos = photos
        self._label_sets = label_sets
        self._left_out = left_out
        # A million photos share the few hundred different labels, to spare memory.
        self._labels: dict[tuple[tuple[str, ...], str, str], Labels] = {}

    def match(self, folder: str, name: str) -> Example | None:
        """Return the example of an annotation, or None after counting why there is none."""
        where = printable(f"{folder_name(folder)}/{name}")
        stem, _ = split_name(name)
        try:
            annotation = _read_annotation(folder, name)
        except DatasetError:
            self._left_out["annotation_unreadable"].add(where)
            # Its photo does not lack an annotation; it lacks a good one.
            self._photos.take([stem], folder=folder)
            return None
        stems = [stem, annotation.identifier, split_name(annotation.file_name)[0]]
        photo = self._photos.take([one for one in stems if one], folder=folder)
        if isinstance(photo, str):
            self._left_out[photo].add(where)
            return None
        labels, mixes = self._label(annotation)
        if not labels:
            if STYLE not in self._label_sets:
                self._left_out["label_missing"].add(where)
            return None
        shoot = sys.intern(find_shoot(annotation.file_name or photo.name))
        return Example(_key(photo), photo, labels, mixes, shoot, annotation.boxes)

    def _label(self, annotation: Annotation) -> Labels:
        """Return labels and mixes, without labels where the main style is not in the taxonomy."""
        key = (annotation.styles, annotation.garment, annotation.colour)
        styles = [resolve_style(name) for name in annotation.styles or (OTHER,)]
        if STYLE in self._label_sets:
            for style, name, reason in zip(
                styles, annotation.styles, ("style_unknown", "second_style_unknown"), strict=False
            ):
                if style is None:
                    self._left_out[reason].add(name)
        if key not in self._labels:
            codes = [style.code if style else "" for style in styles]
            self._labels[key] = self._choose(codes, annotation)
        return self._labels[key]

    def _choose(self, codes: Sequence[str], annotation: Annotation) -> Labels:
        every = {STYLE: codes[0], GARMENT: annotation.garment, GARMENT_COLOUR: annotation.colour}
        labels = {name: every[name] for name in self._label_sets if every[name]}
        mixed = STYLE in labels and all(codes) and len(set(codes)) == len(RANK_SHARES)
        mixes = {STYLE: dict(zip(codes, RANK_SHARES, strict=True))} if mixed else {}
        return labels, mixes


def _find_files(
    root: Path, left_out: dict[str, LeftOut]
) -> tuple[list[tuple[str, str]], PhotoIndex]:
    """Return the annotations, as folder and name, and the photos of a tree."""
    annotations: list[tuple[str, str]] = []
    photos = PhotoIndex()

    def refuse(folder: str) -> None:
        left_out["folder_unreadable"].add(folder)

    for folder, name in walk_files(root, refuse=refuse):
        _, suffix = split_name(name)
        if suffix == ".json":
            annotations.append((folder, name))
        elif suffix in PHOTO_SUFFIXES:
            photos.add(PhotoFile(folder, name))
    return annotations, photos


def _read_annotation(folder: str, name: str) -> Annotation:
    try:
        with Path(folder, name).open("rb") as file:
            content = file.read(MAX_ANNOTATION_BYTES + 1)
    except OSError as error:
        raise DatasetError(f"{name} cannot be read: {error}.") from error
    return parse_annotation(content)


def _key(photo: PhotoFile) -> str:
    return printable(f"{folder_name(photo.folder)}/{photo.name}")
