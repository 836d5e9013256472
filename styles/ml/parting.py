"""Decides which photos are trained on and which are held out; the first step of every training."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from styles.ml.datasets import index_labels, list_label_sets
from styles.ml.duplicates import group_photos
from styles.ml.errors import TrainingError
from styles.ml.features import Features
from styles.ml.splitting import split_examples
from styles.ml.targets import ClassIndexes


@dataclass(frozen=True)
class Relatives:
    """How many photos are copies or near copies of another, and how many shoots have several."""

    duplicates: int
    near_duplicates: int
    shoots: int


@dataclass(frozen=True)
class Parts:
    """What is learnt, as class indexes (N,) per label set, and on which of the N rows."""

    label_sets: Mapping[str, tuple[str, ...]]
    class_indexes: ClassIndexes
    trained: NDArray[np.int64]
    held_out: NDArray[np.int64]
    relatives: Relatives


def part_photos(features: Features, *, held_out_fraction: float, seed: int) -> Parts:
    """Hold photos out, but never one whose copy, near copy or shoot is trained on.

    A label set with a single code is left out: there is nothing to tell apart. Raises TrainingError
    where that leaves none.
    """
    known = list_label_sets(features.examples)
    label_sets = {name: codes for name, codes in known.items() if len(codes) > 1}
    if not label_sets:
        received = {name: list(codes) for name, codes in known.items()}
        raise TrainingError(
            f"Expected a label set with at least two different labels, received {received}."
        )
    groups = group_photos(
        features.digests,
        hashes=features.hashes,
        shoots=[example.shoot for example in features.examples],
    )
    trained, held_out = split_examples(
        [example.labels for example in features.examples],
        digests=groups.numbers.tolist(),
        held_out_fraction=held_out_fraction,
        seed=seed,
    )
    return Parts(
        label_sets=label_sets,
        class_indexes=index_labels(features.examples, label_sets=label_sets),
        trained=np.array(trained, np.int64),
        held_out=np.array(held_out, np.int64),
        relatives=Relatives(groups.duplicates, groups.near_duplicates, groups.shoots),
    )


def take(class_indexes: ClassIndexes, rows: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Return the class indexes of some rows."""
    return {name: indexes[rows] for name, indexes in class_indexes.items()}
