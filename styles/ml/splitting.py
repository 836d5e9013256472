"""Parts examples into what is trained on and what is held out, without tearing groups apart."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence

import numpy as np

# A group whose photos are most of a class would leave little of it to learn from.
MAX_HELD_OUT_SHARE = 0.5

Label = tuple[str, str]


def split_examples(
    labels: Sequence[Mapping[str, str]],
    *,
    digests: Sequence[Hashable],
    held_out_fraction: float,
    seed: int,
) -> tuple[list[int], list[int]]:
    """Return the indexes to train on and those to hold out, each label giving up its share.

    Args:
        labels: label set -> code of each photo.
        digests: examples of equal value stay together: the photos' digests, or the numbers of
            their groups from `duplicates.group_photos`.
        held_out_fraction: of each label's photos, in [0, 1).
        seed: the same one gives the same split.

    A label in two groups or more gives at least one up where its photos' other labels allow it; one
    in a single group stays in training, and so do photos without labels.
    """
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, digest in enumerate(digests):
        groups[digest].append(index)
    members = list(groups.values())
    counts = [
        Counter(label for index in group for label in labels[index].items()) for group in members
    ]
    order = np.random.default_rng(seed).permutation(len(members)).tolist()
    chosen = _choose_groups(counts, order, held_out_fraction) if held_out_fraction else []
    held_out = sorted(index for number in chosen for index in members[number])
    held = set(held_out)
    return [index for index in range(len(labels)) if index not in held], held_out


def _choose_groups(
    counts: Sequence[Counter[Label]], order: Sequence[int], held_out_fraction: float
) -> list[int]:
    """Return the numbers of the groups to hold out: first what fits, then what is still missing."""
    sizes: Counter[Label] = Counter()
    for count in counts:
        sizes.update(count)
    homes = Counter(label for count in counts for label in count)
    shares = {
        label: min(max(round(size * held_out_fraction), 1), size - 1) if homes[label] > 1 else 0
        for label, size in sizes.items()
    }
    given: Counter[Label] = Counter()
    left: Counter[Label] = Counter(homes)
    chosen: list[int] = []

    def hold_out(number: int, limits: Mapping[Label, float]) -> None:
        count = counts[number]
        if count and all(
            given[label] + photos <= limits[label] and left[label] > 1
            for label, photos in count.items()
        ):
            chosen.append(number)
            given.update(count)
            left.subtract(count.keys())

    # Groups of rare labels first: once the common ones have their share, nothing fits any more.
    rarest = [min((sizes[label] for label in count), default=0) for count in counts]
    for number in sorted(order, key=rarest.__getitem__):
        hold_out(number, shares)
    # Where every group of a label is larger than its share, the smallest one goes.
    ceilings = {label: max(1, sizes[label] * MAX_HELD_OUT_SHARE) for label in sizes}
    for number in sorted(order, key=lambda number: counts[number].total()):
        if any(homes[label] > 1 and not given[label] for label in counts[number]):
            hold_out(number, ceilings)
    return chosen
