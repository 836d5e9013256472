"""Settings of a web server that gives slow uploads up at once; for tests of slow uploads."""

from __future__ import annotations

from kfashion_site.settings import *  # noqa: F403 - the same shop
from kfashion_site.settings import KFASHION as SHOP_SETTINGS

KFASHION = {**SHOP_SETTINGS, "BODY_SILENCE_SECONDS": 1, "BODY_TIMEOUT_SECONDS": 3}
