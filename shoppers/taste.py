"""What a shopper likes: a decaying average of embeddings and style mixes; for pages and API.

Worked out of the events whenever it is read, from the embeddings of the model version in use. So it
holds from the first click, a new model version changes nothing about it, and there is no second
copy that could be forgotten when a shopper asks to be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import numpy as np
from django.utils import timezone

from products.search.candidates import StyleMix, style_mixes
from products.search.examples import SHORTEST
from products.search.query_vectors import first_embeddings, half_vector
from products.search.rankers import is_of_groups
from shoppers import conf
from shoppers.models import Shopper, ShopperEvent
from shoppers.recording import LIKES, finish_searches
from styles.exceptions import NoActiveModelVersionError
from styles.models import ModelVersion
from styles.taxonomy import group_mix

Kind = ShopperEvent.Kind
SECONDS_A_DAY: Final = 86_400
# The latest events that are read; one thing done a hundred times is one item all the same.
_MOST_EVENTS: Final = 2000


@dataclass(frozen=True)
class Item:
    """Something a shopper showed an opinion of.

    Attributes:
        kind: the strongest thing they did about it.
        product_id: None for a photo they searched with.
        weight: what it says of the taste by now; below 0 for what was liked and is no more.
        at: when they last did something about it.
        event_id: key of that event.
        vector: float32 (EMBEDDING_DIM,), unit length; None where the version has not seen it.
        mix: style group -> share; empty where unknown.
    """

    kind: str
    product_id: int | None
    weight: float
    at: datetime
    event_id: int
    vector: np.ndarray | None = None
    mix: StyleMix = field(default_factory=dict)


@dataclass(frozen=True)
class Taste:
    """What a shopper likes.

    Attributes:
        items: what it was made of, the latest first.
        vector: float32 (EMBEDDING_DIM,), unit length; None while nothing is known.
        mix: style group -> share, the largest first; shares sum to 1, or it is empty.
    """

    items: tuple[Item, ...] = ()
    vector: np.ndarray | None = None
    mix: Mapping[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.vector is not None

    @property
    def product_ids(self) -> tuple[int, ...]:
        """Keys of the products it was made of, the latest first."""
        return tuple(item.product_id for item in self.items if item.product_id is not None)

    @property
    def counts(self) -> Counter[str]:
        """Return how many things were liked, viewed, searched and so on."""
        return Counter(item.kind for item in self.items)


@dataclass(frozen=True)
class Step:
    """An event as the taste reads it."""

    kind: str
    product_id: int | None
    event_id: int
    at: datetime


def taste_of(shopper: Shopper, *, model_version: ModelVersion | None) -> Taste:
    """Return what a shopper likes, in six queries at most.

    Args:
        model_version: whose embeddings are taken; without one, items alone are known.
    """
    events = ShopperEvent.objects.filter(shopper=shopper)
    rows = events.values_list("kind", "product_id", "pk", "at")
    steps = [Step(*row) for row in rows.order_by("-at", "-pk")[:_MOST_EVENTS]]
    if any(step.kind == Kind.SEARCH for step in steps):
        finish_searches(shopper)
    items = weigh(steps, now=timezone.now())
    if model_version is None:
        return Taste(tuple(items))
    known = _see(items, model_version=model_version)
    return Taste(tuple(known), vector=mean_vector(known), mix=mean_mix(known))


def version_if_any() -> ModelVersion | None:
    """Return the model version that serves; None before the first one does."""
    try:
        return ModelVersion.objects.active()
    except NoActiveModelVersionError:
        return None


def weigh(steps: Iterable[Step], *, now: datetime) -> list[Item]:
    """Return an item for each product and search, the latest first.

    What a shopper does again counts once, at its last time: an item weighs the sum of what each
    kind of event weighs, halved every half-life. A like and its withdrawal are one kind.
    """
    weights: Mapping[str, float] = conf.get("TASTE_WEIGHTS")
    done: dict[tuple[str, int], dict[str, Step]] = {}
    for step in sorted(steps, key=lambda step: (step.at, step.event_id)):
        is_search = step.product_id is None
        thing = ("search", step.event_id) if is_search else ("product", step.product_id or 0)
        slot = Kind.LIKE if step.kind in LIKES else step.kind
        done.setdefault(thing, {})[slot] = step
    items = []
    for by_kind in done.values():
        shares = {
            step.kind: weights.get(step.kind, 0.0) * decay(step.at, now=now)
            for step in by_kind.values()
        }
        last = max(by_kind.values(), key=lambda step: (step.at, step.event_id))
        strongest = max(shares, key=lambda kind: weights.get(kind, 0.0))
        items.append(Item(strongest, last.product_id, sum(shares.values()), last.at, last.event_id))
    items.sort(key=lambda item: item.at, reverse=True)
    return items[: conf.get("TASTE_MAX_ITEMS")]


def decay(at: datetime, *, now: datetime) -> float:
    """Return what is left of a weight: 1 at once, a half after a half-life, and so on."""
    age_days = max((now - at).total_seconds(), 0.0) / SECONDS_A_DAY
    return float(0.5 ** (age_days / conf.get("TASTE_HALF_LIFE_DAYS")))


def mean_vector(items: Sequence[Item]) -> np.ndarray | None:
    """Return the weighted mean of the items at unit length; None where nothing is left of it."""
    known = [(item.weight, item.vector) for item in items if item.vector is not None]
    if not any(weight > 0 for weight, _ in known):
        return None
    total = sum(abs(weight) for weight, _ in known)
    mean = np.sum([weight * vector for weight, vector in known], axis=0) / total
    length = float(np.linalg.norm(mean))
    return None if length < SHORTEST else (mean / length).astype(np.float32)


def mean_mix(items: Sequence[Item]) -> dict[str, float]:
    """Return the weighted mean of the style mixes, the largest share first."""
    shares: Counter[str] = Counter()
    for item in items:
        for code, share in item.mix.items():
            shares[code] += item.weight * share  # type: ignore[assignment]  # Shares are no counts.
    positive = {code: share for code, share in shares.items() if share > 0}
    total = sum(positive.values())
    ranked = sorted(positive.items(), key=lambda entry: (-entry[1], entry[0]))
    return {code: share / total for code, share in ranked}


def _see(items: Sequence[Item], *, model_version: ModelVersion) -> list[Item]:
    """Return items with vector and mix, as far as the version has seen them."""
    products = [item.product_id for item in items if item.product_id is not None]
    vectors = first_embeddings(products, model_version=model_version)
    mixes = style_mixes(products, model_version=model_version) if products else {}
    found: dict[int, tuple[np.ndarray | None, StyleMix]] = {
        item.event_id: (
            vectors.get(item.product_id),
            in_groups(mixes.get(item.product_id, {})),
        )
        for item in items
        if item.product_id is not None
    }
    searches = [item.event_id for item in items if item.product_id is None]
    for event in ShopperEvent.objects.filter(pk__in=searches, embedding__isnull=False):
        is_seen = event.model_version_id == model_version.pk
        vector = np.array(half_vector(event.embedding).to_list(), np.float32) if is_seen else None
        found[event.pk] = vector, event.mix
    return [
        replace(item, vector=found[item.event_id][0], mix=found[item.event_id][1])
        if item.event_id in found
        else item
        for item in items
    ]


def in_groups(mix: StyleMix) -> StyleMix:
    """Return a mix of styles as one of style groups."""
    return mix if is_of_groups(mix) else group_mix(mix)
