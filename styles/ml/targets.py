"""What the labels of examples ask of a model: shares of classes, and how much each counts."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from styles.ml.datasets import NO_LABEL, Example

ENOUGH_NATS = 2.0

ClassIndexes = Mapping[str, NDArray[np.int64]]
LabelSets = Mapping[str, Sequence[str]]


def share_classes(
    examples: Sequence[Example], class_indexes: ClassIndexes, *, label_sets: LabelSets
) -> dict[str, NDArray[np.float32]]:
    """Return the shares (N, C) that each example asks for, per label set; rows sum to 1, or to 0.

    A label asks for all of its class, a style mix for a part of several. An example without a label
    (NO_LABEL in `class_indexes` (N,)) asks for nothing.
    """
    shares = {}
    for name, codes in label_sets.items():
        indexes = class_indexes[name]
        shares[name] = np.zeros((len(examples), len(codes)), np.float32)
        labelled = np.flatnonzero(indexes != NO_LABEL)
        shares[name][labelled, indexes[labelled]] = 1.0
        places = {code: place for place, code in enumerate(codes)}
        for row in labelled.tolist():
            mix = examples[row].mixes.get(name, {})
            known = {places[code]: share for code, share in mix.items() if code in places}
            if total := sum(known.values()):
                shares[name][row] = 0.0
                for place, share in known.items():
                    shares[name][row, place] = share / total
    return shares


def weigh_label_set(class_indexes: NDArray[np.int64]) -> float:
    """Return how much a label set counts in the loss, from 0 to 1: by how much its labels tell.

    That is the entropy of its class indexes (N,) in nats, up to ENOUGH_NATS. Where four of five
    products are casual, telling that apart must not bend the space that types are told apart in.
    """
    shares = np.bincount(class_indexes[class_indexes != NO_LABEL])
    shares = shares[shares > 0] / shares.sum()
    return float(min(-np.sum(shares * np.log(shares)) / ENOUGH_NATS, 1.0))


def weigh_examples(
    class_indexes: NDArray[np.int64], *, balance_classes: bool
) -> NDArray[np.float32]:
    """Return how much each example counts for a label set, float32 (N,): 0 where it has no label.

    With `balance_classes` an example of a class with n photos counts 1 / sqrt(n), brought to a mean
    of 1: rare classes are heard, and a single odd photo does not rule.
    """
    is_labelled = class_indexes != NO_LABEL
    weights: NDArray[np.float32] = is_labelled.astype(np.float32)
    if balance_classes and is_labelled.any():
        counts = np.bincount(class_indexes[is_labelled])
        weights[is_labelled] = 1.0 / np.sqrt(counts[class_indexes[is_labelled]])
        weights[is_labelled] /= weights[is_labelled].mean()
    return weights
