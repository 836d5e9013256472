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
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1
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


def as_account(account: Account | None) -> dict[str, object]:
    """Return the subprocess arguments that drop to `account` for good."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def private_folder(path: Path, *, account: Account | None) -> Path:
    """Create `path` readable by its owner alone, owned by `account` if one is given."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    return path


def service_folder(folder: Path, *, account: Account | None) -> Path:
    """Return a folder for the services' files that `account` can reach, `folder` where possible.

    Root's own folders are closed to other accounts and stay so: a clone below one of them keeps
    the services' files under /var/lib/kfashion, in a folder named after the clone's path.
    """
    if account is None or _reaches(private_folder(folder, account=account), account=account):
        return private_folder(folder, account=account)
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    ROOT_STATE_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    return private_folder(ROOT_STATE_FOLDER / name, account=account)


def service_binaries(source: Path, *, folder: Path, account: Account | None) -> Path:
    """Return a folder with the programs of `source` that `account` can run.

    Packages below a closed folder are copied beside the services' files, once per version.
    """
    if account is None or _reaches(source, account=account):
        return source
    version = hashlib.sha256(f"{source}{source.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = folder / f"{source.name}-{version}"
    if not target.exists():
        partial = folder / f"{target.name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(source, partial, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in [partial, *partial.rglob("*")]:
            os.chown(path, account.uid, account.gid)
        partial.rename(target)
    return target


def _reaches(path: Path, *, account: Account) -> bool:
    test = subprocess.run(
        ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)],
        cwd="/",
        check=False,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
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
    parent = os.getpid()

    def follow_parent() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(end_signal))
            if os.getppid() != parent:
                os._exit(1)

    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=follow_parent,
            env=environment,
            **as_account(account),  # type: ignore[call-overload]
        )
    if stdin is not None:
        assert child.stdin is not None
        child.stdin.write(stdin.encode())
        child.stdin.close()
    return child


def stop_process(
    child: subprocess.Popen[bytes], *, end_signal: signal.Signals, timeout_seconds: float
) -> None:
    """End a program gracefully, and by force once `timeout_seconds` have passed."""
    if child.poll() is None:
        child.send_signal(end_signal)
        try:
            child.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def end_leftovers(folder: Path, *, program: str) -> None:
    """End instances of `program` that a crashed run left working in `folder`."""
    left = [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["cwd"] == str(folder) and str(process.info["name"]).startswith(program)
    ]
    for process in left:
        process.terminate()
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
