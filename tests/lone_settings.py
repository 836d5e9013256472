"""Settings of a command that tests kill: no worker hears it, and it embeds photo by photo."""

from __future__ import annotations

from kfashion_site.settings import *  # noqa: F403 - the same shop
from kfashion_site.settings import KFASHION as SHOP_SETTINGS
from kfashion_site.settings import REDIS_URL

CELERY_BROKER_URL = f"{REDIS_URL.rpartition('/')[0]}/9"
KFASHION = {**SHOP_SETTINGS, "EMBEDDING_CHUNK": 1}
