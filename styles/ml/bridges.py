"""Finds which labels of one label set mean a label of another; the head learns from it.

A shop knows its products' types, its shoppers' photos came sorted into folders, and no photo has
both. Left apart, the head gives each kind of photo a corner of its own, and phone photos find
phone-like products. Where label sets share words, labels that read alike are taken for the
same. Of the others, a head that was trained for a moment is asked what it thinks: a type whose
photos it reads as one folder's is taken to mean it, unless that folder has a type of its own.
`python -m benchmarks.street_to_shop` shows what that is worth.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from styles.ml.datasets import NO_LABEL

MIN_PHOTOS = 5
MIN_MEAN_PROBABILITY = 0.3
# Label sets that share fewer words speak of different things, as garments and style groups do.
MIN_SHARED_WORDS = 2
# A class that most photos have is predicted for everything; that means nothing.
MIN_LIFT = 1.5

ClassIndexes = Mapping[str, NDArray[np.int64]]
LabelSets = Mapping[str, Sequence[str]]


def find_bridges(class_indexes: ClassIndexes, *, label_sets: LabelSets) -> list[tuple[str, str]]:
    """Return (finer, coarser) pairs that share words and that no example has both of."""
    labelled = {name: indexes != NO_LABEL for name, indexes in class_indexes.items()}
    return [
        (finer, coarser)
        for finer in label_sets
        for coarser in label_sets
        if len(label_sets[finer]) > len(label_sets[coarser]) > 1
        and len(match_names(label_sets[finer], label_sets[coarser])) >= MIN_SHARED_WORDS
        and not (labelled[finer] & labelled[coarser]).any()
    ]


def bridge_label_sets(
    class_indexes: ClassIndexes,
    *,
    label_sets: LabelSets,
    probabilities: Mapping[str, NDArray[np.float32]],
) -> dict[str, NDArray[np.int64]]:
    """Return class indexes in which examples also have the labels that theirs mean.

    `class_indexes` (N,) and a head's `probabilities` (N, C) are given per label set. The head must
    not have been trained on bridged labels: one wrong bridge would lead to the next.
    """
    bridged = {name: indexes.copy() for name, indexes in class_indexes.items()}
    for finer, coarser in find_bridges(class_indexes, label_sets=label_sets):
        named = match_names(label_sets[finer], label_sets[coarser])
        read = read_meanings(class_indexes[finer], class_indexes[coarser], probabilities[coarser])
        photos = np.bincount(class_indexes[finer][class_indexes[finer] != NO_LABEL])
        taken = {meaning for index, meaning in named.items() if photos[index] >= MIN_PHOTOS}
        free = {index: meaning for index, meaning in read.items() if meaning not in taken}
        for index, meaning in (free | named).items():
            bridged[coarser][class_indexes[finer] == index] = meaning
    return bridged


def match_names(finer: Sequence[str], coarser: Sequence[str]) -> dict[int, int]:
    """Return which codes read alike, by index: `Tshirts` and `t-shirt`, `Dresses` and `dress`."""
    positions = {_reading(code): index for index, code in enumerate(coarser)}
    return {
        index: positions[reading]
        for index, code in enumerate(finer)
        if (reading := _reading(code)) in positions
    }


def read_meanings(
    finer: NDArray[np.int64], coarser: NDArray[np.int64], probabilities: NDArray[np.float32]
) -> dict[int, int]:
    """Return finer class -> coarser class where a head reads the one's photos as the other's.

    `finer` and `coarser` are class indexes (N,), `probabilities` (N, C) the head's for `coarser`.
    """
    known = coarser[coarser != NO_LABEL]
    prior = np.bincount(known, minlength=probabilities.shape[1]) / len(known)
    meanings = {}
    for index in range(finer.max() + 1):
        photos = probabilities[finer == index]
        if len(photos) < MIN_PHOTOS:
            continue
        mean = photos.mean(axis=0)
        best = int(mean.argmax())
        if mean[best] >= max(MIN_MEAN_PROBABILITY, MIN_LIFT * prior[best]):
            meanings[index] = best
    return meanings


def _reading(code: str) -> str:
    letters = re.sub(r"[\W_]+", "", code.lower())
    return re.sub(r"(?<=ss|sh|ch)es$|(?<!s)s$", "", letters)
