"""What the programs of one clone know of each other: folders, secrets, and services that run.

Read by settings.py in every process, and by whatever starts or joins a shop.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SAMPLE_SHOP = "sample"
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Services:
    """Where the embedded services answer; None for one that the environment names instead."""

    pid: int
    database_url: str | None
    redis_url: str | None


def var_folder() -> Path:
    """Return the folder for everything a running shop writes: KFASHION_VAR, else var/."""
    return Path(os.environ.get("KFASHION_VAR") or BASE_DIR / "var").resolve()


def shop_folder() -> Path:
    """Return the folder of the shop that was started last, else of the drawn one."""
    pointer = var_folder() / "current_shop"
    return var_folder() / "shops" / (pointer.read_text() if pointer.exists() else SAMPLE_SHOP)


def shop_name(catalogue: Path | None) -> str:
    """Return the name of the shop that sells `catalogue`: one for each file, one for the drawn."""
    if catalogue is None:
        return SAMPLE_SHOP
    place = hashlib.sha256(str(catalogue.resolve()).encode()).hexdigest()[:8]
    return f"{catalogue.stem}-{place}"


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
    if not has_owner(folder) or not state.exists():
        return None
    return Services(**json.loads(state.read_text()))


def _is_starting(folder: Path) -> bool:
    return has_owner(folder) and not (folder / "services.json").exists()


def has_owner(folder: Path) -> bool:
    """Return whether some live program runs, starts or stops the services of `folder`."""
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
