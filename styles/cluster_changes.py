"""What a new clustering changes, told before it is stored; called by the door to k-means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from styles.cluster_lineage import Lineage
from styles.cluster_names import ClusterSummary
from styles.ml.cluster_matching import find_merges, find_splits


@dataclass(frozen=True)
class ClusterChange:
    """What becomes of a cluster, in products.

    Attributes:
        number: of the cluster, before and after.
        fate: ``kept``, ``new`` or ``vanished``.
        name_ko: what it is called from now on, or was if it vanishes; and ``name_en``.
        former_name_ko: what it was called, empty for a new one; and ``former_name_en``.
        before: products it held.
        after: products it will hold.
        kept: those that stay.
        moved_in: those that come from other clusters.
        moved_out: those that go to other clusters.
        added: those that had no cluster yet.
        gone: those that are embedded no more.
    """

    number: int
    fate: str
    name_ko: str
    name_en: str
    former_name_ko: str
    former_name_en: str
    before: int
    after: int
    kept: int
    moved_in: int
    moved_out: int
    added: int
    gone: int


@dataclass(frozen=True)
class Part:
    """A part of a split or merge: the number of a cluster, and how many products."""

    number: int
    products: int


@dataclass(frozen=True)
class ClusterSplit:
    """A cluster of before that is in parts now, the largest first."""

    number: int
    into: tuple[Part, ...]


@dataclass(frozen=True)
class ClusterMerge:
    """A new cluster made of several of before, the largest first."""

    number: int
    of: tuple[Part, ...]


@dataclass(frozen=True)
class Changes:
    """What a new clustering changes; ``moved`` products have another number than before."""

    compared_with: int
    compared_model_version: int
    moved: int
    clusters: tuple[ClusterChange, ...]
    splits: tuple[ClusterSplit, ...]
    merges: tuple[ClusterMerge, ...]


def describe_changes(lineage: Lineage, summaries: Sequence[ClusterSummary]) -> Changes | None:
    """Return what the new clusters change; None where there were none before."""
    if lineage.before is None:
        return None
    old_numbers = [cluster.number for cluster in lineage.old]
    changes = [_change(lineage, summary, place) for place, summary in enumerate(summaries)]
    changes += [
        _vanished(lineage, place)
        for place, number in enumerate(old_numbers)
        if number not in lineage.numbers
    ]
    return Changes(
        compared_with=lineage.before.pk,
        compared_model_version=lineage.before.model_version.number,
        moved=int(lineage.shared.sum()) - sum(change.kept for change in changes),
        clusters=tuple(sorted(changes, key=lambda change: change.number)),
        splits=tuple(
            ClusterSplit(
                old_numbers[split.cluster],
                tuple(
                    Part(lineage.numbers[place], members)
                    for place, members in zip(split.into, split.members, strict=True)
                ),
            )
            for split in find_splits(lineage.shared)
        ),
        merges=tuple(
            ClusterMerge(
                lineage.numbers[merge.cluster],
                tuple(
                    Part(old_numbers[place], members)
                    for place, members in zip(merge.sources, merge.members, strict=True)
                ),
            )
            for merge in find_merges(lineage.shared)
        ),
    )


def _change(lineage: Lineage, summary: ClusterSummary, place: int) -> ClusterChange:
    ancestor = lineage.ancestors[place]
    from_old = int(lineage.shared[:, place].sum())
    kept = went = before = 0
    if ancestor:
        row = lineage.old.index(ancestor)
        kept, went = int(lineage.shared[row, place]), int(lineage.shared[row].sum())
        before = lineage.old_sizes[row]
    return ClusterChange(
        number=summary.number,
        fate="kept" if ancestor else "new",
        name_ko=summary.name_ko,
        name_en=summary.name_en,
        former_name_ko=ancestor.name_ko if ancestor else "",
        former_name_en=ancestor.name_en if ancestor else "",
        before=before,
        after=summary.size,
        kept=kept,
        moved_in=from_old - kept,
        moved_out=went - kept,
        added=summary.size - from_old,
        gone=before - went,
    )


def _vanished(lineage: Lineage, row: int) -> ClusterChange:
    cluster, went = lineage.old[row], int(lineage.shared[row].sum())
    return ClusterChange(
        number=cluster.number,
        fate="vanished",
        name_ko=cluster.name_ko,
        name_en=cluster.name_en,
        former_name_ko=cluster.name_ko,
        former_name_en=cluster.name_en,
        before=lineage.old_sizes[row],
        after=0,
        kept=0,
        moved_in=0,
        moved_out=went,
        added=0,
        gone=lineage.old_sizes[row] - went,
    )
