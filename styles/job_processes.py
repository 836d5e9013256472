"""Processes that run jobs: what they are called, whether they live, one for each queued job.

Called by ``styles.tasks`` in workers, and by the modules that run jobs where the work is done.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.db import connection

from styles.jobs import release_lost
from styles.models import Job

# Shoppers' searches go first where they share the machine with a training.
NICENESS = 10


def name_process(pid: int | None = None) -> str:
    """Return what rows call a process of this machine, by default this one."""
    return f"{socket.gethostname()}:{pid or os.getpid()}"


def has_gone(holder: str) -> bool:
    """Return whether a process is known to be gone; False where it ran on another machine."""
    machine, _, pid = holder.rpartition(":")
    if machine != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def run_in_child(job_id: int) -> None:
    """Run a queued job in a process of its own, and settle it should that process be killed.

    TensorFlow takes 600 MB and keeps them, starts threads that do not survive a fork, and may be
    killed for want of memory: so it never enters a worker, and all that it took is given back.
    """
    if not Job.objects.due().filter(pk=job_id).exists():
        return  # told twice, or too early: not worth starting Python for
    connection.close()  # it would stand idle for hours, and may be gone when it is needed again
    child = subprocess.Popen(
        [sys.executable, "-m", "django", "run_job", str(job_id), "--with-parent"],
        stdin=subprocess.PIPE,  # closed by the kernel when this process dies, however it dies
    )
    with child:
        child.wait()
    if child.returncode:
        release_lost(Job.objects.held_by(name_process(child.pid)))


def end_with_parent() -> None:
    """Have this process terminated, as by SIGTERM, when its parent closes the pipe or dies."""

    def wait_for_the_end() -> None:
        os.read(0, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_the_end, name="end-with-parent", daemon=True).start()


def yield_to_others() -> None:
    """Let other processes of this machine go first."""
    os.nice(NICENESS)


@contextmanager
def sigterm_raised() -> Iterator[threading.Event]:
    """Turn SIGTERM into an exception, which lets the job go, where signals can be caught.

    Gives an event that is set once the signal has come: raised in the middle of a query or a
    transaction, its exception may arrive as another one.
    """
    was_told = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield was_told
        return

    def leave(number: int, frame: FrameType | None) -> None:
        was_told.set()
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield was_told
    finally:
        signal.signal(signal.SIGTERM, before)
