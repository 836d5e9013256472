"""PostgreSQL and Valkey from their wheels, for whoever sets no DATABASE_URL or REDIS_URL.

Called by launcher.py, command_line.py and the test session, which own the services they start.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path

from kfashion_site import service_processes
from kfashion_site.postgresql import postgresql
from kfashion_site.service_processes import ServiceError
from kfashion_site.state import Services, held_lock, private_text, write_private_text
from kfashion_site.valkey import valkey

__all__ = ["ServiceError", "services"]


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
    state = folder / "services.json"
    with held_lock(folder / "services.lock"), ExitStack() as stack:
        state.unlink(missing_ok=True)
        password_file = folder / "services_password"
        if not password_file.exists():
            _remove_leftovers(home)
        password = private_text(password_file)
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


def _remove_leftovers(home: Path) -> None:
    """Remove the services' files of a shop that has been deleted.

    Root's may lie outside of the shop's folder and outlive it; a new password does not fit them.
    """
    for leftover in (home / "postgres", home / "valkey"):
        if leftover.exists():
            shutil.rmtree(leftover)
