"""An empty shop of one's own, without web server and worker, for what stands below them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kfashion_site import embedded, state

# What would lead a benchmark to a real shop's rows or files.
FOREIGN_PLACES = ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "ARTIFACT_ROOT")


@contextmanager
def temporary_shop() -> Iterator[Path]:
    """Set Django up on embedded services in a new folder, migrated; yield the shop's folder.

    Once in a process: Django reads its settings only once. All is gone when the block ends.

    Raises:
        ServiceError: the services cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="kfashion-benchmark-") as name:
        Path(name).chmod(0o711)  # for the account that services run under if we are root
        for place in FOREIGN_PLACES:
            os.environ.pop(place, None)
        os.environ |= {
            "DATABASE_POOL_SIZE": "0",
            "DJANGO_SETTINGS_MODULE": "kfashion_site.settings",
            "KFASHION_VAR": name,
            "LOG_LEVEL": "WARNING",
        }
        folder = state.shop_folder()
        with embedded.services(folder):
            import django
            from django.core.management import call_command
            from django.db import connections

            django.setup()
            call_command("migrate", verbosity=0)
            try:
                yield folder
            finally:
                connections.close_all()
