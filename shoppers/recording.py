"""Writes down what shoppers did, each thing once; called by pages, API and receivers.

What is said twice has one row. An app may give an event an id, and then that is its key. Without
one, a product is viewed, clicked and bought once a day, liked or not liked, and a photo searched
with once: later events of the same key take the place of earlier ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from products.models import ImageSearch, Product
from shoppers.identity import see
from shoppers.models import Shopper, ShopperEvent
from shoppers.querysets import ShopperEventQuerySet
from styles.taxonomy import group_mix

Kind = ShopperEvent.Kind
LIKES: Final = (Kind.LIKE, Kind.UNLIKE)
MOST_SEARCHES: Final = 20


@dataclass(frozen=True)
class Deed:
    """Something a shopper did, not yet written down.

    Attributes:
        search_id: of a search, in place of a product.
        id: what the app calls this event; empty without a name.
    """

    kind: str
    product_id: int | None = None
    search_id: str = ""
    at: datetime = field(default_factory=timezone.now)
    id: str = ""

    @property
    def key(self) -> str:
        """What two deeds have in common that are one."""
        if self.kind == Kind.SEARCH:
            return search_key(self.search_id)
        if self.id:
            return f"id:{self.id}"
        if self.kind in LIKES:
            return f"like:{self.product_id}"
        return f"{self.kind}:{self.product_id}:{self.at:%Y-%m-%d}"

    @property
    def is_named(self) -> bool:
        """Whether saying it twice is told from doing it twice."""
        return bool(self.id) or self.kind == Kind.SEARCH


def search_key(search_id: object) -> str:
    """Return the key of a search with a photo."""
    return f"search:{search_id}"


def record(shopper: Shopper, deeds: Sequence[Deed]) -> set[str]:
    """Write deeds down; return the keys that had been written down with before.

    Safe to call twice, and at once: the keys are unique. What is about a product, or by a shopper,
    that was deleted meanwhile is left out.
    """
    try:
        return _write(shopper, deeds)
    except IntegrityError:
        if not Shopper.objects.filter(pk=shopper.pk).exists():
            return set()
        keys = {deed.product_id for deed in deeds if deed.product_id is not None}
        alive = {None, *Product.objects.filter(pk__in=keys).values_list("pk", flat=True)}
        return _write(shopper, [deed for deed in deeds if deed.product_id in alive])


def _write(shopper: Shopper, deeds: Sequence[Deed]) -> set[str]:
    latest: dict[str, Deed] = {}
    for deed in sorted(deeds, key=lambda deed: deed.at):
        if not (deed.id and deed.key in latest):
            latest[deed.key] = deed
    stored = dict(
        ShopperEvent.objects.filter(shopper=shopper, dedupe_key__in=latest).values_list(
            "dedupe_key", "at"
        )
    )
    unseen = [deed for key, deed in latest.items() if deed.id and key not in stored]
    later = [
        deed
        for key, deed in latest.items()
        if not deed.id and (key not in stored or stored[key] < deed.at)
    ]
    with transaction.atomic():
        ShopperEvent.objects.bulk_create(_rows(shopper, unseen), ignore_conflicts=True)
        ShopperEvent.objects.bulk_create(
            _rows(shopper, later),
            update_conflicts=True,
            unique_fields=("shopper", "dedupe_key"),
            update_fields=("kind", "at"),
        )
        # At once, so that what was deleted meanwhile is noticed here, not by an outer commit.
        connection.check_constraints()
    see(shopper)
    if any(deed.kind == Kind.SEARCH for deed in deeds):
        finish_searches(shopper)
    return set(stored)


def record_searches(shopper: Shopper, owner: str) -> None:
    """Write down the photos that a shopper has searched with since they consented.

    Args:
        owner: the shopper as ``products.ownership`` knows them; empty for nobody.
    """
    own = ImageSearch.objects.alive().owned_by(owner).filter(created_at__gte=shopper.consented_at)
    rows = own.order_by("-created_at").values_list("pk", "created_at")[:MOST_SEARCHES]
    deeds = [Deed(Kind.SEARCH, search_id=str(pk), at=at) for pk, at in rows]
    if deeds:
        record(shopper, deeds)


def finish_searches(shopper: Shopper | None = None) -> int:
    """Copy what workers found in the photos of searches; return of how many. All without shopper.

    The photo is gone after a day and the search with it; what it says of a taste stays.
    """
    waiting = ShopperEvent.objects.unfinished()
    return _finish(waiting.filter(shopper=shopper) if shopper is not None else waiting)


def finish_search(search_id: object) -> int:
    """Copy what a worker has found in one photo; return for how many shoppers."""
    return _finish(ShopperEvent.objects.unfinished().filter(dedupe_key=search_key(search_id)))


def _finish(waiting: ShopperEventQuerySet) -> int:
    events = list(waiting)
    searches = {
        search_key(search.pk): search
        for search in ImageSearch.objects.filter(
            pk__in=[event.dedupe_key.partition(":")[2] for event in events],
            status=ImageSearch.Status.DONE,
            embedding__isnull=False,
        )
    }
    finished = [event for event in events if event.dedupe_key in searches]
    for event in finished:
        search = searches[event.dedupe_key]
        event.embedding, event.model_version_id = search.embedding, search.model_version_id
        event.mix = searched_mix(search.probabilities)
    return ShopperEvent.objects.bulk_update(finished, ("embedding", "model_version", "mix"))


def searched_mix(probabilities: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return the style mix of a photo: style group -> share; empty where none was learnt.

    Args:
        probabilities: label set -> code -> probability.
    """
    styles = probabilities.get("style")
    return group_mix(styles) if styles else dict(probabilities.get("style_group") or {})


def forget_search(search_id: object) -> None:
    """Delete what is known of a search whose owner has deleted it."""
    ShopperEvent.objects.filter(kind=Kind.SEARCH, dedupe_key=search_key(search_id)).delete()


def _rows(shopper: Shopper, deeds: Sequence[Deed]) -> list[ShopperEvent]:
    return [
        ShopperEvent(
            shopper=shopper,
            kind=deed.kind,
            product_id=deed.product_id,
            at=deed.at,
            dedupe_key=deed.key,
        )
        # In one order, so that two batches at once do not wait for each other.
        for deed in sorted(deeds, key=lambda deed: deed.key)
    ]
