"""The embedded services: they start, keep to themselves, survive crashes and leave nothing."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from kfashion_site import command_line, embedded, service_processes, state

NOTHING_SET: dict[str, str] = {}
OWNER = """
import sys, time
from pathlib import Path
from kfashion_site import embedded

with embedded.services(Path(sys.argv[1]), environment={}):
    print("up", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Path, state.Services]]:
    with tempfile.TemporaryDirectory(prefix="kfashion-services-") as made:
        Path(made).chmod(0o711)
        with embedded.services(Path(made), durable=False, environment=NOTHING_SET) as started:
            yield Path(made), started


def programs_in(folder: Path) -> list[psutil.Process]:
    """The service programs that work somewhere below `folder`."""
    return [
        found
        for found in psutil.process_iter(["cwd", "name"])
        if str(found.info["cwd"]).startswith(str(folder))
    ]


def wait_until(condition: Callable[[], bool], *, seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def urls(started: state.Services) -> tuple[str, str]:
    assert started.database_url is not None
    assert started.redis_url is not None
    return started.database_url, started.redis_url


def test_postgresql_answers_with_pgvector(running: tuple[Path, state.Services]) -> None:
    database_url, _ = urls(running[1])
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE EXTENSION vector")
        found = connection.execute("SELECT '[3,4]'::halfvec(2) <-> '[0,0]'::halfvec(2)").fetchone()
    assert found == (5.0,)


def test_both_services_refuse_whoever_lacks_the_password(
    running: tuple[Path, state.Services],
) -> None:
    database_url, redis_url = urls(running[1])
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(database_url, password="guessed")
    with (
        redis.Redis(port=int(redis_url.split(":")[-1].split("/")[0])) as client,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        client.ping()


def test_both_services_listen_on_this_machine_alone(
    running: tuple[Path, state.Services],
) -> None:
    listening = {
        (found.name(), socket.laddr.ip)
        for found in programs_in(running[0])
        for socket in found.net_connections(kind="all")
        if socket.status == psutil.CONN_LISTEN
    }
    assert listening == {("postgres", "127.0.0.1"), ("valkey-server", "127.0.0.1")}


def test_secrets_are_readable_by_their_owner_alone(
    running: tuple[Path, state.Services],
) -> None:
    folder, started = running
    password = (folder / "services_password").read_text()
    assert password in urls(started)[0]
    for name in ("services_password", "services.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    told = [" ".join(found.cmdline()) for found in programs_in(folder)]
    assert told
    assert not any(password in command for command in told)


def test_other_programs_find_running_services(running: tuple[Path, state.Services]) -> None:
    folder, started = running
    assert state.running_services(folder) == started
    with state.joined_services(folder) as joined:
        assert joined == started


def test_two_instances_stand_side_by_side(
    running: tuple[Path, state.Services], folder: Path
) -> None:
    with embedded.services(folder, durable=False, environment=NOTHING_SET) as other:
        for url in (urls(running[1])[0], urls(other)[0]):
            with psycopg.connect(url) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS mine (number int)")
        with redis.Redis.from_url(urls(other)[1]) as client:
            client.set("whose", "other")
    with redis.Redis.from_url(urls(running[1])[1]) as client:
        assert client.get("whose") is None


def test_what_is_stored_outlives_a_restart_and_nothing_runs_between(folder: Path) -> None:
    with embedded.services(folder, environment=NOTHING_SET) as started:
        database_url, redis_url = urls(started)
        with psycopg.connect(database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        with redis.Redis.from_url(redis_url) as client:
            client.rpush("inference", "a queued task")
        assert {found.name() for found in programs_in(folder)} == {"postgres", "valkey-server"}
    assert programs_in(folder) == []
    assert state.running_services(folder) is None
    with embedded.services(folder, environment=NOTHING_SET) as started:
        database_url, redis_url = urls(started)
        with psycopg.connect(database_url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        with redis.Redis.from_url(redis_url) as client:
            assert client.lrange("inference", 0, -1) == [b"a queued task"]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only")
def test_a_killed_owner_takes_its_services_along_and_the_next_start_recovers(folder: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "up\n"
        left_at = state.running_services(folder)
        owner.kill()
    assert left_at is not None
    assert state.running_services(folder) is None
    assert wait_until(lambda: programs_in(folder) == [])
    with (
        embedded.services(folder, environment=NOTHING_SET) as started,
        psycopg.connect(urls(started)[0]) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_stale_pid_file_that_names_a_strangers_process_is_no_obstacle(folder: Path) -> None:
    with embedded.services(folder, environment=NOTHING_SET):
        cluster = next(folder.rglob("postmaster.pid")).parent
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    account = service_processes.service_account()
    stranger = subprocess.Popen(
        ["/bin/sleep", "60"],
        cwd="/",
        **service_processes.as_account(account),
    )
    try:
        lines[0] = str(stranger.pid)
        (cluster / "postmaster.pid").write_text("\n".join([*lines, ""]))
        with embedded.services(folder, environment=NOTHING_SET) as started:
            psycopg.connect(urls(started)[0]).close()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_services_that_the_environment_names_are_not_started(folder: Path) -> None:
    named = {"DATABASE_URL": "postgres://elsewhere/shop", "REDIS_URL": "redis://elsewhere"}
    with embedded.services(folder, environment=named) as started:
        assert (started.database_url, started.redis_url) == (None, None)
        assert programs_in(folder) == []


def test_an_owner_stays_until_its_guest_has_left(folder: Path) -> None:
    named = {"DATABASE_URL": "postgres://elsewhere/shop", "REDIS_URL": "redis://elsewhere"}
    order: list[str] = []
    joined, leave = threading.Event(), threading.Event()

    def visit() -> None:
        with state.joined_services(folder) as found:
            assert found is not None
            joined.set()
            leave.wait(10)
            order.append("guest left")

    guest = threading.Thread(target=visit)
    with embedded.services(folder, outlive_guests=True, environment=named):
        guest.start()
        assert joined.wait(10)
        threading.Timer(0.3, leave.set).start()
    order.append("owner stopped")
    guest.join()
    assert order == ["guest left", "owner stopped"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused by PostgreSQL")
def test_as_root_below_a_closed_folder_the_services_run_and_the_folder_stays_closed() -> None:
    with tempfile.TemporaryDirectory(prefix="kfashion-closed-") as made:
        closed = Path(made)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        clone = closed / "clone"
        with embedded.services(clone, durable=False, environment=NOTHING_SET) as started:
            with psycopg.connect(urls(started)[0]) as connection:
                where = connection.execute("SHOW data_directory").fetchone()
            assert where is not None
            cluster = Path(where[0])
            assert not cluster.is_relative_to(closed)
            assert stat.S_IMODE(cluster.stat().st_mode) == 0o700
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert not cluster.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's services keep files elsewhere")
def test_a_shop_that_was_deleted_and_made_anew_starts_empty() -> None:
    with tempfile.TemporaryDirectory(prefix="kfashion-closed-") as made:
        clone = Path(made) / "clone"
        with (
            embedded.services(clone, environment=NOTHING_SET) as started,
            psycopg.connect(urls(started)[0]) as connection,
        ):
            connection.execute("CREATE TABLE sold (sku text)")
        shutil.rmtree(clone)
        with (
            embedded.services(clone, durable=False, environment=NOTHING_SET) as started,
            psycopg.connect(urls(started)[0]) as connection,
        ):
            found = connection.execute("SELECT to_regclass('sold')").fetchone()
        assert found == (None,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root copies what other accounts cannot reach")
def test_packages_below_a_closed_folder_are_copied_once_with_their_programs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(prefix="kfashion-closed-") as closed:
        package = Path(closed) / "closed_package"
        package.mkdir()
        (package / "__init__.py").touch()
        program = package / "program"
        program.write_text("#!/bin/sh\necho it runs\n")
        program.chmod(0o700)
        monkeypatch.syspath_prepend(closed)
        account = service_processes.service_account()
        found = [
            service_processes.reachable_packages(
                ["closed_package", "closed_package.libs"],
                program="closed_package/program",
                folder=folder,
                account=account,
            )
            for _ in range(2)
        ]
        assert found[0] == found[1]
        assert found[0].is_relative_to(folder)
        said = subprocess.run(
            [str(found[0] / "closed_package" / "program")],
            capture_output=True,
            check=True,
            cwd="/",
            **service_processes.as_account(account),
        )
        assert said.stdout == b"it runs\n"


def test_a_missing_package_is_said_in_one_sentence(folder: Path) -> None:
    with pytest.raises(embedded.ServiceError, match="no_such_package is not installed"):
        service_processes.reachable_packages(
            ["no_such_package"], program="program", folder=folder, account=None
        )


def test_a_made_up_secret_stays_the_same_and_private(tmp_path: Path) -> None:
    kept = tmp_path / "deep" / "secret"
    secret = state.private_text(kept)
    assert len(secret) >= 64
    assert state.private_text(kept) == secret
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


@pytest.mark.parametrize(
    "arguments", [["check"], ["migrate", "--help"], ["--version"], ["makemigrations"], []]
)
def test_commands_without_a_database_start_nothing(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KFASHION_VAR", str(folder))
    with command_line.services_for_command(["manage.py", *arguments]):
        assert list(folder.iterdir()) == []


def test_a_command_by_itself_has_services_for_as_long_as_it_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KFASHION_VAR", str(folder))
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    shop = folder / "shops" / "sample"
    with command_line.services_for_command(["manage.py", "recluster"]):
        first = state.running_services(shop)
        assert first is not None
        with command_line.services_for_command(["manage.py", "search_image"]):
            assert state.running_services(shop) == first
    assert state.running_services(shop) is None


def test_a_stubborn_program_is_ended_by_force(tmp_path: Path) -> None:
    deaf = "import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); print(1); time.sleep(60)"
    child = service_processes.start_process(
        [sys.executable, "-u", "-c", deaf], folder=tmp_path, log=tmp_path / "log"
    )
    assert wait_until(lambda: (tmp_path / "log").read_text() == "1\n")
    service_processes.stop_process(child, end_signal=signal.SIGTERM, timeout_seconds=0.2)
    assert child.returncode == -signal.SIGKILL
    assert service_processes.last_line(tmp_path / "log") == "1"


def test_what_a_program_started_ends_with_it(tmp_path: Path) -> None:
    parent = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    child = service_processes.start_process(
        [sys.executable, "-c", parent], folder=tmp_path, log=tmp_path / "log"
    )
    child.wait()
    grandchild = psutil.Process(int((tmp_path / "log").read_text()))
    service_processes.stop_process(child, end_signal=signal.SIGTERM, timeout_seconds=5)
    assert wait_until(lambda: not grandchild.is_running())
