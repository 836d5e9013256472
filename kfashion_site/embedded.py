"""PostgreSQL and Valkey from their wheels, for whoever sets no DATABASE_URL or REDIS_URL.

Called by launcher.py, command_line.py and the test session, which own the services they start, and
by settings.py, which finds the ones that run.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from kfashion_site import service_processes
from kfashion_site.postgresql import postgresql
from kfashion_site.service_processes import ServiceError
from kfashion_site.valkey import valkey

__all__ = [
    "ServiceError",
    "Services",
    "held_lock",
    "joined_services",
    "private_text",
    "running_services",
    "services",
    "write_private_text",
]

POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Services:
    """Where the embedded services answer; None for one that the environment names instead."""

    pid: int
    database_url: str | None
    redis_url: str | None


@contextmanager
def services(
    folder: Path,
    *,
    durable: bool = True,
    outlive_guests: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[Services]:
    """Run the services that `environment` does not name, on `folder`, until the block ends.

    A service whose DATABASE_URL or REDIS_URL is set is not started. Without `durable` the
    services forgo what only matters after a power cut, and their files go with them. With
    `outlive_guests` the services stay up until the last program has left that entered
    joined_services(). Waits for another owner of the folder to finish. Raises ServiceError.
    """
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    account = service_processes.service_account()
    home = service_processes.service_folder(folder / "services", account=account)
    password = private_text(folder / "services_password")
    state = folder / "services.json"
    with held_lock(folder / "services.lock"), ExitStack() as stack:
        state.unlink(missing_ok=True)
        if not durable:
            stack.callback(shutil.rmtree, home)
        database_url = redis_url = None
        if not environment.get("DATABASE_URL"):
            database_url = stack.enter_context(
                postgresql(home, password=password, account=account, durable=durable)
            )
        if not environment.get("REDIS_URL"):
            redis_url = stack.enter_context(
                valkey(home, password=password, account=account, durable=durable)
            )
        started = Services(pid=os.getpid(), database_url=database_url, redis_url=redis_url)
        write_private_text(state, json.dumps(asdict(started)))
        try:
            yield started
        finally:
            guests = held_lock(folder / "guests.lock") if outlive_guests else nullcontext()
            with guests:
                state.unlink()


@contextmanager
def joined_services(folder: Path) -> Iterator[Services | None]:
    """Use the services that another program runs on `folder`, if any.

    Waits for services that are just starting; an owner with `outlive_guests` waits for us.
    """
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    while _is_starting(folder):
        time.sleep(POLL_SECONDS)
    with held_lock(folder / "guests.lock", shared=True):
        yield running_services(folder)


def running_services(folder: Path) -> Services | None:
    """Return the services that some live program runs on `folder`, or None."""
    state = folder / "services.json"
    if not _is_owned(folder) or not state.exists():
        return None
    return Services(**json.loads(state.read_text()))


def _is_starting(folder: Path) -> bool:
    return _is_owned(folder) and not (folder / "services.json").exists()


def _is_owned(folder: Path) -> bool:
    try:
        with held_lock(folder / "services.lock", shared=True, wait=False):
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False


@contextmanager
def held_lock(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    """Hold a lock on the file at `path`; the kernel frees it however this program ends.

    Raises BlockingIOError without `wait` if another program is in the way.
    """
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with path.open("a") as lock:
        fcntl.flock(lock, kind if wait else kind | fcntl.LOCK_NB)
        yield


def private_text(path: Path) -> str:
    """Return the secret kept at `path`, made up on first use and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # A link, unlike a replacement, leaves the secret of whoever was quicker in place.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        write_private_text(draft, secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def write_private_text(path: Path, text: str) -> None:
    """Replace the file at `path` in one step, readable by its owner alone."""
    partial = path.with_name(f"{path.name}.partial")
    partial.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    partial.write_text(text)
    partial.replace(path)
