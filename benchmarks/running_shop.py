"""A whole shop as `make run` opens it, kept between runs, for benchmarks that speak HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / "var" / "benchmarks"
SHARED_DATA = ROOT.parent / "shared" / "data"
CATALOGUE = SHARED_DATA / "catalogue" / "catalogue.csv"
UPLOADS = SHARED_DATA / "uploads"
OPENING_TIMEOUT_SECONDS = 900.0
CLOSING_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class RunningShop:
    """An open shop; ``opened_after_seconds`` is from the call to the first answer."""

    address: str
    opened_after_seconds: float
    launcher: psutil.Process

    def web_processes(self) -> list[psutil.Process]:
        """Return the processes that answer requests, without the one that only watches them."""
        return [
            process
            for process in self.launcher.children(recursive=True)
            if "gunicorn" in " ".join(process.cmdline()) and not process.children()
        ]


def require_shared_data() -> None:
    """End with one sentence where the real photos are absent."""
    if not CATALOGUE.exists():
        sys.exit(f"This benchmark needs the real photos, which are not at {SHARED_DATA}.")


@contextmanager
def running_shop(
    catalogue: Path | None = None, *, photos: Path | None = None, state: Path = STATE
) -> Iterator[RunningShop]:
    """Open a shop on a free port of 127.0.0.1 and close it in the end.

    Raises:
        RuntimeError: it did not open within ``OPENING_TIMEOUT_SECONDS``.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kfashion_site.launcher", "--port", str(port)]
    command += ["--catalogue", str(catalogue)] if catalogue else []
    command += ["--photos", str(photos)] if photos else []
    # All requests of a benchmark come from one address.
    environment = os.environ | {"KFASHION_VAR": str(state), "API_THROTTLES": "0"}
    began = time.monotonic()
    launcher = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        lines = []
        for line in launcher.stdout or ():
            lines.append(line)
            print(f"  {line}", end="", file=sys.stderr)
            if "The shop is open" in line:
                break
            if time.monotonic() - began > OPENING_TIMEOUT_SECONDS:
                raise RuntimeError("the shop did not open in time")
        else:
            raise RuntimeError(f"the shop did not open: {''.join(lines[-3:])}")
        yield RunningShop(
            address=f"http://127.0.0.1:{port}",
            opened_after_seconds=time.monotonic() - began,
            launcher=psutil.Process(launcher.pid),
        )
    finally:
        launcher.send_signal(signal.SIGINT)
        launcher.wait(CLOSING_TIMEOUT_SECONDS)
