"""What clusters are called; called by the door to k-means.

A name that staff gave stays with its group. A made name describes what is in a cluster, so it is
made anew each time: "Coats" always means coats. Where it would say the same as before in another
order or with another number behind it, the name stays as well, so that nothing changes for show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from styles.catalogue import Label, OnProgress, get_catalogue
from styles.models import Cluster

# A cluster is named after at most this many labels, each held by this share of it or more.
LABELS_IN_NAME = 2
SMALLEST_NAMED_SHARE = 0.12
UNNAMED = Label(name_ko="스타일 그룹", name_en="Style group")
BETWEEN_LABELS = " · "
# Shares are of the most frequent labels only.
SHARES_KEPT = 8
# The labels of so many products are counted at a time.
PART = 10_000


@dataclass(frozen=True)
class ClusterSummary:
    """A cluster as commands print it; ``size`` counts products."""

    number: int
    name_ko: str
    name_en: str
    size: int
    is_named_by_staff: bool = False


def count_labels(
    product_ids: np.ndarray, classes: np.ndarray, *, count: int, on_progress: OnProgress
) -> list[Counter[Label]]:
    """Return how often each label is held by the products (N,) of each of `count` classes (N,)."""
    counted: list[Counter[Label]] = [Counter() for _ in range(count)]
    for start in range(0, len(product_ids), PART):
        part = slice(start, start + PART)
        pairs = get_catalogue().count_labels(product_ids[part], classes[part])
        for (place, label), products in pairs.items():
            counted[place][label] += products
        on_progress(min(start + PART, len(product_ids)), len(product_ids))
    return counted


def name_clusters(
    labels: Sequence[Counter[Label]],
    *,
    numbers: Sequence[int],
    sizes: Sequence[int],
    ancestors: Sequence[Cluster | None],
) -> list[ClusterSummary]:
    """Name clusters; each argument has one entry a cluster.

    Args:
        labels: how often its products hold each label.
        numbers: what pages and the API call it.
        sizes: how many products it has.
        ancestors: the cluster it goes on from.
    """
    overall: Counter[Label] = sum(labels, Counter())
    made = [_join(_most_telling(inside, overall)) for inside in labels]
    names: list[tuple[str, str] | None] = [
        (ancestor.name_ko, ancestor.name_en)
        if ancestor and (ancestor.is_named_by_staff or _says(ancestor.name_en, name.name_en))
        else None
        for name, ancestor in zip(made, ancestors, strict=True)
    ]
    taken = {name for pair in names if pair for name in pair}
    for place, name in enumerate(made):
        if names[place] is None:
            names[place] = _distinguish(name, taken)
            taken |= set(names[place] or ())
    return [
        ClusterSummary(
            number, *(pair or ("", "")), size, bool(ancestor and ancestor.is_named_by_staff)
        )
        for number, pair, size, ancestor in zip(numbers, names, sizes, ancestors, strict=True)
    ]


def share_labels(labels: Iterable[Label] | Counter[Label]) -> dict[str, float]:
    """Return the most frequent labels by English name and the share of each, largest first."""
    counts: Counter[str] = Counter()
    for label, products in Counter(labels).items():
        counts[label.name_en] += products
    total = counts.total() or 1
    return {name: round(n / total, 3) for name, n in counts.most_common(SHARES_KEPT)}


def _most_telling(inside: Counter[Label], overall: Counter[Label]) -> list[Label]:
    """Return the labels that say most about a cluster.

    A label counts for more, the larger its share inside and the more of all its products lie
    inside: T-shirts are everywhere and name no cluster unless most T-shirts are there.
    """
    total = sum(inside.values())
    frequent = [label for label, n in inside.items() if n >= SMALLEST_NAMED_SHARE * total]
    ranked = sorted(
        frequent or inside,
        key=lambda label: (
            -(inside[label] / total) * (inside[label] / overall[label]),
            label.name_en,
        ),
    )
    return ranked[:LABELS_IN_NAME] or [UNNAMED]


def _join(labels: Sequence[Label]) -> Label:
    return Label(
        name_ko=BETWEEN_LABELS.join(label.name_ko for label in labels),
        name_en=BETWEEN_LABELS.join(label.name_en for label in labels),
    )


def _says(name: str, made: str) -> bool:
    """Return whether a name consists of the same labels as a made one."""
    labels = set(made.split(BETWEEN_LABELS))
    return labels in (
        set(name.split(BETWEEN_LABELS)),
        set(re.sub(r" \d+$", "", name).split(BETWEEN_LABELS)),
    )


def _distinguish(name: Label, taken: set[str]) -> tuple[str, str]:
    """Return both names, with the same number behind them where one of them is taken."""
    number, suffix = 1, ""
    while taken & {name.name_ko + suffix, name.name_en + suffix}:
        number += 1
        suffix = f" {number}"
    return name.name_ko + suffix, name.name_en + suffix
