"""What a shopper who waits for a search is told, and when the page asks next; for its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.utils import timezone

from products import conf
from products.models import ImageSearch

# The page asks ever less often: quick answers come at once, a long wait costs little.
DELAYS_SECONDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 10.0)
LAST_ASK: Final = len(DELAYS_SECONDS) - 1
# Browsers without scripts load the whole page again; after a while they hurry less.
RELOAD_SECONDS: Final = 2
LATER_RELOAD_SECONDS: Final = 10


class Pace(StrEnum):
    """How a search that is not finished gets on."""

    USUAL = "usual"
    # Others are being answered.
    SLOW = "slow"
    # Nobody has been answered for as long as this shopper waits.
    SILENT = "silent"


@dataclass(frozen=True)
class Waiting:
    """How long until the page asks again, and what it says until then.

    Attributes:
        next_ask: how often the page will have asked by then; counted no further than the last step.
        ahead: searches that are looked at before this one.
    """

    pace: Pace
    delay_seconds: float
    next_ask: int
    reload_seconds: int
    ahead: int = 0

    @property
    def delay_milliseconds(self) -> int:
        """The delay as htmx takes it."""
        return round(self.delay_seconds * 1000)


def waiting_for(search: ImageSearch, *, asked: int = 0) -> Waiting:
    """Return how an unfinished search gets on.

    Args:
        search: the one that is waited for.
        asked: how often its page has asked before.
    """
    step = min(asked, LAST_ASK)
    pace, ahead = _pace(search)
    return Waiting(
        pace=pace,
        delay_seconds=DELAYS_SECONDS[step],
        next_ask=min(step + 1, LAST_ASK),
        reload_seconds=RELOAD_SECONDS if pace is Pace.USUAL else LATER_RELOAD_SECONDS,
        ahead=ahead,
    )


def _pace(search: ImageSearch) -> tuple[Pace, int]:
    now = timezone.now()
    patience = timedelta(seconds=conf.get("WAITING_PATIENCE_SECONDS"))
    if now - search.created_at < patience:
        return Pace.USUAL, 0
    searches = ImageSearch.objects.alive()
    is_running = search.status == ImageSearch.Status.RUNNING
    if not is_running and not searches.filter(finished_at__gt=now - patience).exists():
        return Pace.SILENT, 0
    return Pace.SLOW, searches.unfinished().filter(created_at__lt=search.created_at).count()
