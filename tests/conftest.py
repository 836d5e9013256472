"""What every test stands on: real PostgreSQL, Valkey and worker, and the real photos if present."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import django
import pytest

from kfashion_site import embedded, service_processes, state

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from styles.models import ModelVersion

WORKER_START_SECONDS = 60.0
_session = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the services of this session, then Django on them."""
    # Shells let what they run in the background ignore Ctrl-C, and every child inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="kfashion-tests-"))
    folder.chmod(0o711)  # for the account that services run under if we are root
    _session.callback(shutil.rmtree, folder)
    (folder / "static").mkdir()  # WhiteNoise warns of its absence.
    os.environ["KFASHION_VAR"] = str(folder)
    try:
        started = _session.enter_context(embedded.services(state.shop_folder(), durable=False))
    except embedded.ServiceError as error:
        _session.close()
        raise pytest.UsageError(str(error)) from error
    if started.database_url:
        os.environ["DATABASE_URL"] = started.database_url
    if started.redis_url:
        os.environ["REDIS_URL"] = started.redis_url
    os.environ["DATABASE_POOL_SIZE"] = "0"
    os.environ["SECRET_KEY"] = "only for tests"
    os.environ["DJANGO_SETTINGS_MODULE"] = "kfashion_site.settings"
    os.environ["SERVE_MEDIA"] = "1"
    os.environ["STATIC_FROM_SOURCE"] = "1"
    os.environ["API_THROTTLES"] = "0"  # Those tests that are about limits set their own.
    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the services and remove what they wrote."""
    _session.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real photos beside the clone; skip where it is absent."""
    folder = state.BASE_DIR.parent / "shared" / "data"
    if not folder.exists():
        pytest.skip(f"the real photos are not here: {folder}")
    return folder


@pytest.fixture(scope="session")
def worker(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Run a real Celery worker on the test database; yield the path of its log.

    It sees committed rows only: ask for a transactional database beside it. What it trains, it
    trains with the tiny backbone in the table.
    """
    with django_db_blocker.unblock():
        from django.db import connection

        settings = connection.settings_dict
    from kfashion_site.celery import app

    log = state.var_folder() / "worker.log"
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{settings['NAME']}").geturl()
    child = service_processes.start_process(
        [
            *(sys.executable, "-m", "celery", "--app", "kfashion_site", "worker"),
            *("--concurrency", "2", "--queues", "default,inference,training,imports"),
            *("--loglevel", "INFO", "--hostname", f"tests-{os.getpid()}@localhost"),
        ],
        folder=state.BASE_DIR,
        log=log,
        environment={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        },
    )
    try:
        deadline = time.monotonic() + WORKER_START_SECONDS
        while not app.control.inspect(timeout=0.5).ping():
            assert child.poll() is None, f"the worker ended: {log.read_text()}"
            assert time.monotonic() < deadline, f"the worker does not answer: {log.read_text()}"
        yield log
    finally:
        service_processes.stop_process(child, end_signal=signal.SIGTERM, timeout_seconds=15)


@pytest.fixture
def version(db: None) -> ModelVersion:
    """Return an active model version without an artifact, for whatever only reads rows."""
    from tests.shop import make_version

    return make_version()


@pytest.fixture
def learnt(db: None) -> ModelVersion:
    """Return an active model version that was really trained, on three colours."""
    from tests.learnt import learnt_version

    return learnt_version(number=1000)


@pytest.fixture
def small_shop(transactional_db: None, worker: Path, learnt: ModelVersion) -> None:
    """Open a shop of twelve products with a real worker behind it."""
    from tests.learnt import open_small_shop

    open_small_shop(learnt)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the (name, arguments) of tasks as they are sent, in place of a broker."""
    from products import tasks

    messages: list[tuple[str, tuple[Any, ...]]] = []

    def record(task: Any, *arguments: Any, priority: int) -> bool:
        messages.append((task.name, arguments))
        return True

    monkeypatch.setattr(tasks, "_send", record)
    return messages
