"""What `make run` says and refuses before anything is started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kfashion_site import launcher, shop_setup, state


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KFASHION_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {kind: signal.getsignal(kind) for kind in kinds}
    yield
    launcher._closing.clear()
    for kind, handler in before.items():
        signal.signal(kind, handler)


def test_a_catalogue_that_is_not_there_is_named(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert launcher.main(["--catalogue", "no/such/catalogue.csv"]) == 1
    assert capsys.readouterr().err == "There is no no/such/catalogue.csv.\n"


def test_a_taken_port_is_refused_before_anything_starts(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert launcher.main(["--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Port {port} of 127.0.0.1 cannot be used")
    assert said.count("\n") == 1
    assert not (var / "shops").exists()


def test_a_second_shop_in_the_same_folder_is_refused_with_the_address_of_the_first(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    var.mkdir()
    with state.held_lock(var / "launcher.lock"):
        (var / "launcher.address").write_text("http://127.0.0.1:8000/ (process 7)")
        assert launcher.main(["--port", "0"]) == 1
    assert capsys.readouterr().err == (
        "A shop of this folder is already open: http://127.0.0.1:8000/ (process 7).\n"
    )


def test_wrong_usage_ends_with_status_2(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        launcher.main(["--port", "many"])
    assert ended.value.code == 2
    assert "--port" in capsys.readouterr().err


def test_a_child_that_ended_is_reported_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("starting\nno such module\n\n")
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
        with pytest.raises(shop_setup.SetupError, match=r"web process ended .*: no such module$"):
            launcher._check_children({"web": child}, folder=tmp_path)


def test_a_terminated_launcher_ends_what_it_started(folder: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    with subprocess.Popen(
        [sys.executable, "-m", "kfashion_site.launcher", "--port", "0"],
        cwd=state.BASE_DIR,
        env={**environment, "KFASHION_VAR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("Starting PostgreSQL and Valkey ...")
        services = state.running_services(folder / "shops" / "sample")
        time.sleep(0.5)
        running.terminate()
        rest, errors = running.communicate(timeout=30)
    assert services is not None
    assert rest.endswith("The shop is closed.\n")
    assert errors == ""
    assert running.returncode == 0
    assert state.running_services(folder / "shops" / "sample") is None
