"""Reads the events that an app sends: each is judged on its own, so that one fault costs one event.

Called by the endpoint of events.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from products.models import ImageSearch, Product
from products.ownership import may_see
from shoppers import conf
from shoppers.models import ShopperEvent
from shoppers.recording import Deed

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Kind = ShopperEvent.Kind
EVENT_ID: Final = r"[A-Za-z0-9_.:+=/-]{1,64}"
# Clocks of phones go wrong a little.
CLOCK_SKEW: Final = timedelta(minutes=5)

FAULTS: Mapping[str, StrPromise] = {
    "invalid_event": _("An event is an object with a “kind” and a “sku” or a “search”."),
    "unknown_kind": _("The kind of an event is view, click, like, unlike, purchase or search."),
    "sku_required": _("Say with “sku” which product the event is about."),
    "product_gone": _("This product is not in the shop, or no longer."),
    "search_required": _("Say with “search” the id of the image search."),
    "search_gone": _("This image search is not there, or no longer."),
    "invalid_time": _("Write “at” as a time with its offset, such as 2026-05-01T12:00:00+09:00."),
    "time_out_of_range": _("“at” lies in the future, or further back than the shop accepts."),
    "invalid_id": _("The id of an event is 1 to 64 letters, digits or - _ . : + = /."),
}
BATCH_FAULTS: Mapping[str, StrPromise] = {
    "invalid_events": _("Send an object with a list “events”."),
    "events_required": _("The list “events” is empty: send at least one."),
    "too_many_events": _("That is more events than are taken at once: send them in several parts."),
}


class FaultyEventError(Exception):
    """An event cannot be taken down; ``code`` is one of FAULTS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Verdict:
    """What becomes of an event of a batch: it has either a deed or the code of a fault."""

    id: str | None
    deed: Deed | None = None
    code: str = ""


def read_batch(body: Any, *, request: Request) -> list[Verdict]:
    """Return a verdict for each event of a body, in order.

    Raises:
        ValidationError: the body as a whole is none; code as in BATCH_FAULTS.
    """
    events = body.get("events") if isinstance(body, dict) else None
    if not isinstance(events, list):
        raise _refused("invalid_events")
    if not events:
        raise _refused("events_required")
    if len(events) > conf.get("MAX_EVENTS_PER_BATCH"):
        raise _refused("too_many_events")
    products = _products(events)
    searches = _searches(events, request)
    now = timezone.now()
    verdicts = []
    for event in events:
        name = event.get("id") if isinstance(event, dict) else None
        named = name if isinstance(name, str) and len(name) <= 64 else None
        try:
            deed = _read(event, products=products, searches=searches, now=now)
        except FaultyEventError as error:
            verdicts.append(Verdict(named, code=error.code))
        else:
            verdicts.append(Verdict(named, deed))
    return verdicts


def _read(event: Any, *, products: Mapping[str, int], searches: set[str], now: datetime) -> Deed:
    if not isinstance(event, dict):
        raise FaultyEventError("invalid_event")
    kind, name = event.get("kind"), event.get("id")
    if not isinstance(kind, str) or kind not in Kind.values:
        raise FaultyEventError("unknown_kind")
    if name is not None and not (isinstance(name, str) and re.fullmatch(EVENT_ID, name)):
        raise FaultyEventError("invalid_id")
    at = _time(event.get("at"), now=now)
    if kind == Kind.SEARCH:
        search = event.get("search")
        if not isinstance(search, str) or not search:
            raise FaultyEventError("search_required")
        if _uuid(search) not in searches:
            raise FaultyEventError("search_gone")
        return Deed(kind, search_id=_uuid(search), at=at, id=name or "")
    sku = event.get("sku")
    if not isinstance(sku, str) or not sku:
        raise FaultyEventError("sku_required")
    if sku not in products:
        raise FaultyEventError("product_gone")
    return Deed(kind, products[sku], at=at, id=name or "")


def _time(text: Any, *, now: datetime) -> datetime:
    if text is None:
        return now
    try:
        at = parse_datetime(text) if isinstance(text, str) else None
        # What lies outside of the calendar in UTC, lies outside of any week too.
        at = at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
    except (ValueError, OverflowError) as error:
        raise FaultyEventError("invalid_time") from error
    if at is None:
        raise FaultyEventError("invalid_time")
    oldest = now - timedelta(days=conf.get("EVENT_MAX_AGE_DAYS"))
    if not oldest <= at <= now + CLOCK_SKEW:
        raise FaultyEventError("time_out_of_range")
    return min(at, now)


def _products(events: Sequence[Any]) -> dict[str, int]:
    """Return the products that events name: SKU -> key. Hidden ones are as good as gone."""
    skus = {
        event["sku"]
        for event in events
        if isinstance(event, dict) and isinstance(event.get("sku"), str)
    }
    # PostgreSQL takes no such text, not even to find nothing.
    asked = [sku for sku in skus if "\x00" not in sku]
    found = Product.objects.published().filter(sku__in=asked)
    return dict(found.values_list("sku", "pk"))


def _searches(events: Sequence[Any], request: Request) -> set[str]:
    """Return the ids of the image searches that events name and that the app may see."""
    asked = {
        _uuid(event["search"])
        for event in events
        if isinstance(event, dict) and isinstance(event.get("search"), str)
    } - {""}
    if not asked:
        return set()
    found = ImageSearch.objects.alive().filter(pk__in=asked)
    return {str(search.pk) for search in found if may_see(request, search)}


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _refused(code: str) -> ValidationError:
    return ValidationError({"events": ValidationError(BATCH_FAULTS[code], code=code)})
