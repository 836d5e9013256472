"""Operating-system processes of the embedded services; called by postgresql.py and valkey.py."""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypedDict

import psutil

PR_SET_PDEATHSIG = 1
LEAVE_TAKING_SECONDS = 5.0
ROOT_STATE_FOLDER = Path("/var/lib/kfashion")
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class ServiceError(Exception):
    """An embedded service cannot be started or reached; the message is one sentence for people."""


@dataclass(frozen=True)
class Account:
    """The account a service runs under when the caller is root, which PostgreSQL refuses."""

    uid: int
    gid: int


def service_account() -> Account | None:
    """Return the account for services, or None where they may run as the caller."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


class DroppedPrivileges(TypedDict, total=False):
    """The arguments by which subprocess gives up the caller's account."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(account: Account | None) -> DroppedPrivileges:
    """Return the subprocess arguments that drop to `account` for good, none without one."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def private_folder(path: Path, *, account: Account | None) -> Path:
    """Create `path`, open to `account` alone, or to the caller alone without one."""
    path.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    return path


def service_folder(folder: Path, *, account: Account | None) -> Path:
    """Return a folder for the services' files that `account` can pass, `folder` where possible.

    Root's own folders are closed to other accounts and stay so: a clone below one of them keeps
    the services' files under /var/lib/kfashion, in a folder named after the clone's path.
    """
    _passable_folder(folder)
    if account is None or _can_enter(folder, account=account):
        return folder
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return _passable_folder(_passable_folder(ROOT_STATE_FOLDER) / name)


def _passable_folder(path: Path) -> Path:
    if not path.exists():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o711)  # whatever the umask is
    return path


def reachable_packages(
    names: Sequence[str], *, program: str, folder: Path, account: Account | None
) -> Path:
    """Return a folder with the installed packages `names` whose `program` the account can run.

    Packages below a closed folder are copied beside the services' files, once per installation;
    the copy keeps their places relative to each other, by which programs find their libraries.
    """
    spec = find_spec(names[0])
    if spec is None or spec.origin is None:
        raise ServiceError(
            f"The package {names[0]} is not installed; set DATABASE_URL and REDIS_URL instead."
        )
    source = Path(spec.origin).parent.parent
    if account is None or _can_enter(source / program, account=account):
        return source
    installed = f"{source / program} {(source / program).stat().st_mtime_ns}"
    target = folder / f"{names[0]}-{hashlib.sha256(installed.encode()).hexdigest()[:12]}"
    if not target.exists():
        for outdated in folder.glob(f"{names[0]}-*"):
            shutil.rmtree(outdated)
        partial = folder / f"{names[0]}-partial"
        for name in names:
            if (source / name).exists():
                skipped = shutil.ignore_patterns("include", "__pycache__")
                shutil.copytree(source / name, partial / name, ignore=skipped)
        for path in [partial, *partial.rglob("*")]:
            owners = path.stat().st_mode & 0o500
            path.chmod(path.stat().st_mode | owners >> 3 | owners >> 6)
        partial.rename(target)
    return target


def _can_enter(path: Path, *, account: Account) -> bool:
    test = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)],
        cwd="/",
        check=False,
        **as_account(account),
    )
    return test.returncode == 0


def start_process(
    command: list[str],
    *,
    folder: Path,
    log: Path,
    account: Account | None = None,
    end_signal: signal.Signals = signal.SIGTERM,
    stdin: str | None = None,
    environment: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program that outlives neither a Ctrl-C nor a crash of this one.

    It gets a session of its own, so that a terminal's Ctrl-C reaches it through us and in order;
    on Linux the kernel sends it `end_signal` should we die without a word.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=follow_parent(end_signal),  # noqa: PLW1509 - we have one thread when services start
            env=environment,
            **as_account(account),
        )
    if stdin is not None and child.stdin is not None:
        child.stdin.write(stdin.encode())
        child.stdin.close()
    return child


def follow_parent(end_signal: signal.Signals) -> Callable[[], None]:
    """Return what a child calls before it runs its program, to be sent `end_signal` at our death.

    Linux only; elsewhere the next start ends what a crash has left.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(end_signal))
            if os.getppid() != parent:
                os._exit(1)

    return ask_kernel


def stop_process(
    child: subprocess.Popen[Any], *, end_signal: signal.Signals, timeout_seconds: float
) -> None:
    """End a program gracefully, and by force once `timeout_seconds` have passed.

    The program leads a session of its own. What it started in there sees it end and has
    LEAVE_TAKING_SECONDS to put its own things in order, as a job does that lets itself go.
    """
    started = _started_by(child)
    if child.poll() is None:
        child.send_signal(end_signal)
        try:
            child.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    psutil.wait_procs(started, timeout=LEAVE_TAKING_SECONDS)
    # macOS answers "not permitted" for a session in which nothing lives any more.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _started_by(leader: subprocess.Popen[Any]) -> list[psutil.Process]:
    """Return the processes that `leader` and its children have started."""
    try:
        return psutil.Process(leader.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def end_leftovers(folder: Path, *, program: str, end_signal: signal.Signals) -> None:
    """End instances of `program` that a crashed run left working in `folder`."""
    left = [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["cwd"] == str(folder) and str(process.info["name"]).startswith(program)
    ]
    for process in left:
        process.send_signal(end_signal)
    _, alive = psutil.wait_procs(left, timeout=10)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=10)


def free_port() -> int:
    """Return a TCP port that nothing listens on at 127.0.0.1 right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def last_line(log: Path) -> str:
    """Return the last line that a service wrote, to quote it in an error."""
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
