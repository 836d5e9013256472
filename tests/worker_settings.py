"""Settings of the worker of the tests: those of the shop, impatient, and with a tiny backbone."""

from __future__ import annotations

from kfashion_site.settings import *  # noqa: F403 - the same shop
from kfashion_site.settings import INSTALLED_APPS as SHOP_APPS
from kfashion_site.settings import KFASHION as SHOP_SETTINGS

INSTALLED_APPS = [*SHOP_APPS, "tests.tiny_app.TinyConfig"]
KFASHION = {
    **SHOP_SETTINGS,
    "JOB_LEASE_SECONDS": 2,
    "JOB_RETRY_SECONDS": 0,
    # The receivers of the tests' webhooks are threads of the tests.
    "WEBHOOK_ALLOW_HTTP": True,
    "WEBHOOK_ALLOW_PRIVATE": True,
    "WEBHOOK_LEASE_SECONDS": 2,
}
