"""What is in clusters; called by the door to k-means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from styles import conf
from styles.catalogue import ProductFacts, get_catalogue
from styles.cluster_names import SHARES_KEPT, share_labels
from styles.ml.clustering import ClusteringResult, shape_clusters
from styles.models import ModelVersion

# Shares are of so many members, drawn by the seed.
MEMBERS_ASKED = 500
PRODUCTS_NAMED = 6


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
    fitted: ClusteringResult,
    *,
    product_ids: np.ndarray,
    numbers: Sequence[int],
    model_version: ModelVersion,
) -> list[ClusterProfile]:
    """Ask the catalogue what is in each cluster.

    Args:
        fitted: the clusters.
        product_ids: the products (N,) that its arrays tell of.
        numbers: what each of its classes is called.
        model_version: whose style mixes are told.
    """
    shapes = shape_clusters(fitted, count=PRODUCTS_NAMED)
    random = np.random.default_rng(conf.get("SEED"))
    profiles = []
    for place, shape in enumerate(shapes):
        members = random.permutation(np.flatnonzero(fitted.assignments == place))[:MEMBERS_ASKED]
        asked = np.concatenate([shape.typical, shape.borderline, members])
        facts = get_catalogue().facts(product_ids[asked], model_version=model_version)
        known = dict(zip(asked.tolist(), facts, strict=True))
        drawn = [fact for row in members.tolist() if (fact := known[row])]
        runners_up = [numbers[other] for other in shape.runners_up.tolist()]
        profiles.append(
            ClusterProfile(
                number=numbers[place],
                styles=_mean_mix(drawn),
                product_types=share_labels(
                    fact.product_type for fact in drawn if fact.product_type
                ),
                typical=_mentions(shape.typical, product_ids, known),
                borderline=_mentions(shape.borderline, product_ids, known, runners_up),
                sharpness=shape.sharpness,
            )
        )
    return profiles


def _mean_mix(facts: Sequence[ProductFacts]) -> dict[str, float]:
    mixes = [fact.styles for fact in facts if fact.styles]
    codes = {code for mix in mixes for code in mix}
    means = {code: sum(mix.get(code, 0.0) for mix in mixes) / len(mixes) for code in codes}
    ranked = sorted(means, key=lambda code: (-means[code], code))
    return {code: round(means[code], 3) for code in ranked[:SHARES_KEPT]}


def _mentions(
    places: np.ndarray,
    product_ids: np.ndarray,
    known: Mapping[int, ProductFacts | None],
    runners_up: Sequence[int | None] = (),
) -> tuple[Mention, ...]:
    """Return the products at places that still exist."""
    return tuple(
        Mention(int(product_ids[place]), fact.sku, runner_up)
        for place, runner_up in zip(
            places.tolist(), runners_up or [None] * len(places), strict=True
        )
        if (fact := known[place])
    )
