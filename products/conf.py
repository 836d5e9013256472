"""Settings of the products app, with their defaults; everything else in the app reads them here."""

from __future__ import annotations

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    # Currency of a price that comes without one (ISO 4217).
    "DEFAULT_CURRENCY": "KRW",
    # How long a shopper's photo and its search are kept. 0 keeps no photo: it is deleted as soon as
    # it was looked at, and its vector with what was found stays for ``VECTOR_LIFETIME_HOURS``.
    "IMAGE_SEARCH_LIFETIME_HOURS": 24,
    "VECTOR_LIFETIME_HOURS": 24,
    # A search that no worker took up within this time is offered again by the sweeper.
    "IMAGE_SEARCH_RETRY_SECONDS": 30,
    # Longest time a request may wait for a search to finish (``Prefer: wait=N``).
    "MAX_WAIT_SECONDS": 10,
    # How long an upload waits for its result before it shows the page that asks for it.
    "UPLOAD_WAIT_SECONDS": 1.0,
    # A shopper who waited this long is told why: much to do, or nobody there to do it.
    "WAITING_PATIENCE_SECONDS": 8,
    # Photos embedded by one task: long enough to be efficient, short enough to be lost cheaply.
    "EMBEDDING_CHUNK": 64,
    # A photo queued for embedding is offered again when nothing came of it for this long.
    "EMBEDDING_RETRY_SECONDS": 600,
    # Up to this many matching products are scanned exactly. Measured on 2 cores: an exact scan of
    # 7,000 halfvec(256) rows takes 6 ms, and it is right under every filter.
    "EXACT_SCAN_MAX_PRODUCTS": 20_000,
    # The look-alikes come first from the likeliest clusters that together hold this probability.
    "CLUSTER_COVERAGE": 0.9,
    # What a wish (style mix, colour, palette, words) weighs beside looking alike, which weighs 1.
    "RANKER_WEIGHT": 0.5,
    # What disliked examples weigh beside liked ones, which weigh 1 (Rocchio 1971).
    "DISLIKE_WEIGHT": 0.5,
    # Listings count up to this many products; beyond it they say "at least".
    "COUNT_MAX": 10_000,
    # The largest file that staff may send to be imported, and how long it is kept after its import.
    "MAX_IMPORT_BYTES": 4 * 1024**3,
    "IMPORT_FILE_DAYS": 30,
    # Whether photos are fetched that rows name by web address; else such rows are refused.
    "PHOTO_URLS": True,
    # Whether they may be http:// and lie in private networks: on one's own machine only.
    "PHOTO_URL_ALLOW_HTTP": False,
    "PHOTO_URL_ALLOW_PRIVATE": False,
    # To look up the name, connect and agree on TLS; and for all of it with the photo.
    "PHOTO_URL_CONNECT_SECONDS": 5,
    "PHOTO_URL_SECONDS": 30,
    # Between two requests to a host; and how long one that is busy is waited for.
    "PHOTO_URL_PAUSE_SECONDS": 0.1,
    "PHOTO_URL_WAIT_SECONDS": 60,
    # Where the shop is for others, https://...: exported feeds name pages and photos by it.
    "SHOP_ADDRESS": "",
    "PAGE_SIZE": 24,
    "MAX_PAGE_SIZE": 100,
}


def get(name: str) -> Any:
    """Return ``settings.KFASHION[name]``, or its default.

    Raises:
        KeyError: the app has no setting of that name.
    """
    return getattr(settings, "KFASHION", {}).get(name, DEFAULTS[name])
