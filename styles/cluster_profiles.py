"""What clusters are called and what is in them; called by the door to k-means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from styles import conf
from styles.catalogue import CatalogueEmbeddings, Label, ProductFacts, get_catalogue
from styles.ml.clustering import ClusteringResult, ClusterShape, shape_clusters
from styles.models import ModelVersion

# A cluster is named after at most this many labels, each held by this share of it or more.
LABELS_IN_NAME = 2
SMALLEST_NAMED_SHARE = 0.12
UNNAMED = Label(name_ko="스타일 그룹", name_en="Style group")
# Shares are of the most frequent labels only, and of so many members, drawn by the seed.
SHARES_KEPT = 8
MEMBERS_ASKED = 500
PRODUCTS_NAMED = 6


@dataclass(frozen=True)
class ClusterSummary:
    """A cluster as commands print it; ``size`` counts products."""

    number: int
    name_ko: str
    name_en: str
    size: int


@dataclass(frozen=True)
class Mention:
    """A product that says something about a cluster.

    Attributes:
        product_id: its row; it may be gone by now.
        sku: what the shop calls it.
        runner_up: the cluster it would fall to next; None for a typical product.
    """

    product_id: int
    sku: str
    runner_up: int | None = None


@dataclass(frozen=True)
class ClusterProfile:
    """What is in a cluster.

    Attributes:
        number: of the cluster.
        styles: code -> share in the mean style mix, largest first; style groups where the model
            version has learnt no styles.
        product_types: English name -> share of the products whose type is known.
        typical: the products nearest to the centroid.
        borderline: those that could as well belong to their ``runner_up``.
        sharpness: how steep a softmax over the cosines must be to hold half of the products nine
            to one; the lower, the clearer the cluster stands apart.
    """

    number: int
    styles: Mapping[str, float]
    product_types: Mapping[str, float]
    typical: tuple[Mention, ...]
    borderline: tuple[Mention, ...]
    sharpness: float


def profile_clusters(
    fitted: ClusteringResult, embeddings: CatalogueEmbeddings, *, model_version: ModelVersion
) -> list[ClusterProfile]:
    """Ask the catalogue what is in each cluster of the products it was made of."""
    shapes = shape_clusters(embeddings.vectors, fitted, count=PRODUCTS_NAMED)
    random = np.random.default_rng(conf.get("SEED"))
    profiles = []
    for number, shape in enumerate(shapes):
        members = random.permutation(np.flatnonzero(fitted.assignments == number))
        asked = np.concatenate([shape.typical, shape.borderline, members[:MEMBERS_ASKED]])
        facts = get_catalogue().facts(embeddings.product_ids[asked], model_version=model_version)
        known = dict(zip(asked.tolist(), facts, strict=True))
        drawn = [fact for row in members[:MEMBERS_ASKED].tolist() if (fact := known[row])]
        profiles.append(
            ClusterProfile(
                number=number,
                styles=_mean_mix(drawn),
                product_types=_shares(fact.product_type for fact in drawn if fact.product_type),
                typical=_mentions(shape.typical, embeddings, known),
                borderline=_borderline(shape, embeddings, known),
                sharpness=shape.sharpness,
            )
        )
    return profiles


def summarise_clusters(
    fitted: ClusteringResult, labels: Sequence[Label | None]
) -> list[tuple[ClusterSummary, dict[str, float]]]:
    """Name each cluster and return it with the shares of its labels.

    Args:
        fitted: the clusters.
        labels: what each product is best described by, in the order of the assignments.
    """
    overall = Counter(label for label in labels if label)
    summaries = []
    taken: Counter[str] = Counter()
    for number in range(len(fitted.centroids)):
        members = np.flatnonzero(fitted.assignments == number).tolist()
        inside = [label for place in members if (label := labels[place])]
        named = _most_telling(Counter(inside), overall)
        name_ko = " · ".join(label.name_ko for label in named)
        name_en = " · ".join(label.name_en for label in named)
        taken[name_en] += 1
        suffix = f" {taken[name_en]}" if taken[name_en] > 1 else ""
        summary = ClusterSummary(number, name_ko + suffix, name_en + suffix, len(members))
        summaries.append((summary, _shares(inside)))
    return summaries


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


def _shares(labels: Iterable[Label]) -> dict[str, float]:
    counts = Counter(label.name_en for label in labels)
    total = counts.total() or 1
    return {name: round(n / total, 3) for name, n in counts.most_common(SHARES_KEPT)}


def _mean_mix(facts: Sequence[ProductFacts]) -> dict[str, float]:
    mixes = [fact.styles for fact in facts if fact.styles]
    codes = {code for mix in mixes for code in mix}
    means = {code: sum(mix.get(code, 0.0) for mix in mixes) / len(mixes) for code in codes}
    ranked = sorted(means, key=lambda code: (-means[code], code))
    return {code: round(means[code], 3) for code in ranked[:SHARES_KEPT]}


def _mentions(
    rows: np.ndarray,
    embeddings: CatalogueEmbeddings,
    known: Mapping[int, ProductFacts | None],
    runners_up: Sequence[int | None] = (),
) -> tuple[Mention, ...]:
    """Return the products of rows that still exist."""
    return tuple(
        Mention(int(embeddings.product_ids[row]), fact.sku, runner_up)
        for row, runner_up in zip(rows.tolist(), runners_up or [None] * len(rows), strict=True)
        if (fact := known[row])
    )


def _borderline(
    shape: ClusterShape, embeddings: CatalogueEmbeddings, known: Mapping[int, ProductFacts | None]
) -> tuple[Mention, ...]:
    return _mentions(shape.borderline, embeddings, known, shape.runners_up.tolist())
