"""Settings of the shoppers app, with their defaults; everything else in the app reads them here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

DEFAULTS: Mapping[str, Any] = {
    # Raise it whenever what shoppers consent to changes: all are then asked anew.
    "CONSENT_TERMS_VERSION": 1,
    # How long a browser remembers who it is, or that its shopper said no.
    "SHOPPER_COOKIE_DAYS": 180,
    # What a shopper did is forgotten after so long.
    "SHOPPER_RETENTION_DAYS": 90,
    # Apps may send events this late, as after a train ride without a net.
    "EVENT_MAX_AGE_DAYS": 7,
    "MAX_EVENTS_PER_BATCH": 100,
    # What a shopper did this long ago weighs half of what it weighs today.
    "TASTE_HALF_LIFE_DAYS": 14,
    # What each kind of event says of a taste.
    "TASTE_WEIGHTS": {
        "view": 1.0,
        "click": 1.0,
        "search": 2.0,
        "like": 4.0,
        "purchase": 5.0,
        "unlike": -1.0,
    },
    # A taste rests on so many of the latest things at most.
    "TASTE_MAX_ITEMS": 200,
    # How different from each other recommendations are, 0 to 1, unless a request says.
    "RECOMMENDATION_DIVERSITY": 0.3,
    # This week is compared with so many weeks before it.
    "TREND_WEEKS_BEFORE": 4,
    # Nothing is called a trend that fewer different shoppers cared for this week.
    "TREND_MIN_SHOPPERS": 3,
    # How many votes it takes for a rise to be believed by half.
    "TREND_PRIOR_VOTES": 5.0,
    # A shopper has one vote a day for a product or style, and so many a week.
    "TREND_MAX_VOTES": 3,
    # Insights tell nothing of fewer different people than this.
    "INSIGHT_MIN_SHOPPERS": 5,
    # So many weeks are drawn, and so many are kept.
    "INSIGHT_WEEKS_SHOWN": 12,
    "INSIGHT_WEEKS_KEPT": 104,
    # Groups that were seen less often than this are not compared.
    "INSIGHT_MIN_SEEN": 30,
    # Photos that no product comes close to, and that lie within this cosine distance of their mean,
    # are of one thing that the shop does not sell. Measured in docs/insights.md.
    "GAP_RADIUS": 0.35,
    # The latest searches of a day that gaps are looked for in.
    "GAP_MAX_SEARCHES": 5000,
}


def get(name: str) -> Any:
    """Return ``settings.KFASHION[name]``, or its default.

    Raises:
        KeyError: the app has no setting of that name.
    """
    return getattr(settings, "KFASHION", {}).get(name, DEFAULTS[name])
