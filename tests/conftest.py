"""What every test stands on: real PostgreSQL, Valkey and worker, and the real photos if present."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest

from kfashion_site import embedded

_session = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the services of this session before Django reads its settings."""
    folder = Path(tempfile.mkdtemp(prefix="kfashion-tests-"))
    _session.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["KFASHION_VAR"] = str(folder)
    (folder / "static").mkdir()
    try:
        started = _session.enter_context(
            embedded.services(folder / "shops" / "sample", durable=False)
        )
    except embedded.ServiceError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ["DATABASE_URL"] = started.database_url or os.environ["DATABASE_URL"]
    os.environ["REDIS_URL"] = started.redis_url or os.environ["REDIS_URL"]
    os.environ["DATABASE_POOL_SIZE"] = "0"
    os.environ["SECRET_KEY"] = "only for tests"
    os.environ["DEBUG"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "kfashion_site.settings"
    # pytest-django looked for settings before this hook and found none.
    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the services and remove what they wrote."""
    _session.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real photos beside the clone; skip where it is absent."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    if not folder.exists():
        pytest.skip(f"the real photos are not here: {folder}")
    return folder
