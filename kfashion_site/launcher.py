"""`make run`: a shop with services, catalogue, model, worker and web server, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from kfashion_site import embedded, service_processes, state
from kfashion_site.shop_setup import SetupError, ShopSetup

READY_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 15.0
WORKER_PROCESSES = 2
WEB_PROCESSES = 2
WEB_THREADS = 4
POLL_SECONDS = 0.1
# A worker closes its connections after each task, and with them a pool.
WORKER_ENVIRONMENT = {"DATABASE_POOL_SIZE": "0"}
_closing = threading.Event()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the shop that `arguments` describe; return the exit status."""
    options = _options(arguments)
    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(kind, _ask_to_close)
    try:
        run(options.catalogue, photos=options.photos, port=options.port)
    except KeyboardInterrupt:
        print("\nThe shop is closed.", flush=True)
    except (SetupError, embedded.ServiceError) as error:
        if str(error):
            print(error, file=sys.stderr)
        return 1
    return 0


def _ask_to_close(*_: object) -> None:
    # An exception raised here may land where Python ignores exceptions, and be lost.
    _closing.set()


def _pause() -> None:
    if _closing.wait(POLL_SECONDS):
        raise KeyboardInterrupt


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kfashion_site.launcher", description=__doc__)
    parser.add_argument("--catalogue", type=Path, help="CSV file of products; drawn ones if absent")
    parser.add_argument("--photos", type=Path, help="more to learn from: one folder per class")
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args(arguments)


def run(catalogue: Path | None, *, photos: Path | None, port: int) -> None:
    """Open the shop and keep it open.

    Never returns: ends with KeyboardInterrupt, or raises SetupError or ServiceError with one
    sentence. Whatever was started has ended by then.
    """
    began = time.monotonic()
    for wanted in (catalogue, photos):
        if wanted is not None and not wanted.exists():
            raise SetupError(f"There is no {wanted}.")
    var = state.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}/"
    with _only_launcher(var, address=address), contextlib.ExitStack() as started:
        _check_port(port)
        name = state.shop_name(catalogue)
        state.write_private_text(var / "current_shop", name)
        folder = state.shop_folder()
        setup = ShopSetup(folder, catalogue=catalogue, photos=photos, pause=_pause)
        with setup.step("Starting PostgreSQL and Valkey"):
            while state.has_owner(folder):
                _pause()  # until the management command that uses them is done
            started.enter_context(embedded.services(folder))
        setup.migrate()
        worker = started.enter_context(_worker(folder))
        setup.fill()
        setup.check()
        with setup.step("Opening the doors"):
            web = started.enter_context(_web_server(folder, port=port))
            _wait_until_ready(address, children={"worker": worker, "web": web}, folder=folder)
        training = started.enter_context(_training_worker(folder))
        imports = started.enter_context(_import_worker(folder))
        if setup.new_administrator:
            print(f"Staff sign in at {address}admin/ as {setup.new_administrator}.")
        elapsed_seconds = time.monotonic() - began
        print(f"The shop is open at {address} after {elapsed_seconds:.1f} s; Ctrl-C closes it.")
        sys.stdout.flush()
        children = {"worker": worker, "web": web, "training": training, "imports": imports}
        _watch(children, folder=folder)


@contextlib.contextmanager
def _only_launcher(var: Path, *, address: str) -> Iterator[None]:
    running = var / "launcher.address"
    try:
        with state.held_lock(var / "launcher.lock", wait=False):
            state.write_private_text(running, f"{address} (process {os.getpid()})")
            yield
    except BlockingIOError as error:
        other = running.read_text() if running.exists() else "starting"
        raise SetupError(f"A shop of this folder is already open: {other}.") from error


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise SetupError(
                f"Port {port} of 127.0.0.1 cannot be used ({error}); choose another with PORT=."
            ) from error


@contextlib.contextmanager
def _child(
    command: list[str], *, folder: Path, name: str, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    child = service_processes.start_process(
        [sys.executable, "-m", *command],
        folder=state.BASE_DIR,
        log=folder / f"{name}.log",
        environment={**os.environ, **(environment or {})},
    )
    try:
        yield child
    finally:
        service_processes.stop_process(
            child, end_signal=signal.SIGTERM, timeout_seconds=STOP_TIMEOUT_SECONDS
        )


def _worker(folder: Path) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    command = [
        *("celery", "--app", "kfashion_site", "worker", "--beat"),
        *("--concurrency", str(WORKER_PROCESSES), "--queues", "default,inference"),
        *("--loglevel", "INFO", "--hostname", f"shop-{os.getpid()}@%h"),
    ]
    return _child(command, folder=folder, name="worker", environment=WORKER_ENVIRONMENT)


def _training_worker(folder: Path) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """Run queued trainings one after the other, where they keep no shopper's search waiting."""
    return _job_worker(folder, queue="training")


def _import_worker(folder: Path) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """Run imports one after the other, behind no training and before no shopper's search."""
    return _job_worker(folder, queue="imports")


def _job_worker(
    folder: Path, *, queue: str
) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    command = [
        *("celery", "--app", "kfashion_site", "worker"),
        *("--concurrency", "1", "--queues", queue),
        *("--loglevel", "INFO", "--hostname", f"{queue}-{os.getpid()}@%h"),
    ]
    # A job takes long: asked to end, this worker lets it go instead of waiting for it.
    environment = {**WORKER_ENVIRONMENT, "REMAP_SIGTERM": "SIGQUIT"}
    return _child(command, folder=folder, name=queue, environment=environment)


def _web_server(
    folder: Path, *, port: int
) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    command = [
        *("gunicorn", "kfashion_site.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", str(WEB_PROCESSES)),
        *("--threads", str(WEB_THREADS), "--access-logfile", "-"),
        *("--limit-request-line", "8190"),  # the most it can: filters and cursors are long
    ]
    return _child(command, folder=folder, name="web")


def _wait_until_ready(
    address: str, *, children: dict[str, subprocess.Popen[bytes]], folder: Path
) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        _check_children(children, folder=folder)
        try:
            with urlopen(f"{address}readyz/", timeout=10) as answer:  # noqa: S310 - http only
                if answer.status == 200:
                    return
        except (URLError, TimeoutError):
            _pause()
    raise SetupError(f"The shop does not answer at {address}readyz/; see {folder / 'web.log'}.")


def _check_children(children: dict[str, subprocess.Popen[bytes]], *, folder: Path) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            log = folder / f"{name}.log"
            raise SetupError(
                f"The {name} process ended (see {log}): {service_processes.last_line(log)}"
            )


def _watch(children: dict[str, subprocess.Popen[bytes]], *, folder: Path) -> None:
    while True:
        _check_children(children, folder=folder)
        _pause()


if __name__ == "__main__":
    sys.exit(main())
