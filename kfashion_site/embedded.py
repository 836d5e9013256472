"""PostgreSQL and Valkey from their wheels, for whoever sets no DATABASE_URL or REDIS_URL.

Called by launcher.py, manage.py and the test session, which own the services they start, and by
settings.py, which finds the ones that run.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kfashion_site import service_processes
from kfashion_site.postgresql import postgresql
from kfashion_site.service_processes import ServiceError
from kfashion_site.valkey import valkey

__all__ = ["ServiceError", "Services", "held_lock", "private_text", "running_services", "services"]


@dataclass(frozen=True)
class Services:
    """Where the embedded services answer; None for one that is configured by the environment."""

    pid: int
    database_url: str | None
    redis_url: str | None


@contextlib.contextmanager
def services(
    folder: Path, *, durable: bool = True, environment: Mapping[str, str] = os.environ
) -> Iterator[Services]:
    """Run the services that `environment` does not name, on `folder`, until the block ends.

    A service whose DATABASE_URL or REDIS_URL is set is not started. Without `durable` the
    services forgo what only matters after a power cut; for tests. Waits for another owner of the
    same folder to finish. Raises ServiceError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = service_processes.service_account()
    home = service_processes.service_folder(folder / "services", account=account)
    options = {
        "password": private_text(folder / "services_password"),
        "account": account,
        "durable": durable,
    }
    with held_lock(folder / "services.lock"), contextlib.ExitStack() as stack:
        database_url = redis_url = None
        if not environment.get("DATABASE_URL"):
            database_url = stack.enter_context(postgresql(home, **options))  # type: ignore[arg-type]
        if not environment.get("REDIS_URL"):
            redis_url = stack.enter_context(valkey(home, **options))  # type: ignore[arg-type]
        started = Services(pid=os.getpid(), database_url=database_url, redis_url=redis_url)
        state = folder / "services.json"
        _write_private(state, json.dumps(asdict(started)))
        stack.callback(state.unlink)
        yield started


def running_services(folder: Path) -> Services | None:
    """Return the services that some live program runs on `folder`, or None."""
    try:
        with held_lock(folder / "services.lock", wait=False):
            return None
    except FileNotFoundError:
        return None
    except BlockingIOError:
        try:
            return Services(**json.loads((folder / "services.json").read_text()))
        except FileNotFoundError:
            return None


@contextlib.contextmanager
def held_lock(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold an exclusive lock on the file at `path`; the kernel frees it however we end.

    Raises BlockingIOError without `wait` if another program holds it.
    """
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


def private_text(path: Path) -> str:
    """Return the secret kept at `path`, made up on first use and readable by its owner alone."""
    with contextlib.suppress(FileExistsError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    return path.read_text()


def _write_private(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    with open(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as new:
        new.write(text)
    partial.replace(path)
