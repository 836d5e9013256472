"""An empty shop of one's own, without worker, for what stands below it; a web server if asked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.running_shop import ROOT
from kfashion_site import embedded, state

SERVER_START_SECONDS = 60.0
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
            "API_THROTTLES": "0",  # All requests of a benchmark come from one address.
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


@contextmanager
def served() -> Iterator[str]:
    """Run a web server on the temporary shop; yield its address.

    Raises:
        RuntimeError: it does not answer in time.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "kfashion_site.wsgi", "--bind", address]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
    # As in a shop: each process keeps its connections.
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DATABASE_POOL_SIZE": "8"})
    try:
        deadline = time.monotonic() + SERVER_START_SECONDS
        while not _answers(f"http://{address}/healthz/"):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the web server does not answer")
            time.sleep(0.1)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(SERVER_START_SECONDS)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - 127.0.0.1
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False
