"""What a shop needs before it opens, skipping what is already done; called by launcher.py."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kfashion_site import service_processes, state

SAMPLE_FOLDER = "sample_catalogue"
COMMAND_STOP_SECONDS = 15.0


class SetupError(Exception):
    """A step failed; the message is one sentence, empty if the step has said it already."""


class ShopSetup:
    """The steps from an empty folder to a shop that can open.

    What was done is remembered in the shop's own folder: an unchanged catalogue is not read again,
    and a model is trained once for each folder of photos. `pause` is called again and again while
    a step runs; what it raises ends the step.
    """

    def __init__(
        self,
        folder: Path,
        *,
        catalogue: Path | None,
        photos: Path | None,
        pause: Callable[[], None],
    ) -> None:
        database = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode()).hexdigest()
        self._memory_file = folder / f"setup-{database[:8]}.json"
        self._folder = folder
        self._catalogue = catalogue
        self._photos = photos
        self._pause = pause
        self._is_terminal = sys.stderr.isatty()
        self.new_administrator: str | None = None

    def migrate(self) -> None:
        """Bring the database to the current schema and give it an administrator."""
        with self.step("Preparing the database"):
            _require_sound("database")
            # A model that cannot serve is no reason not to migrate: `fill` may replace it.
            self._manage("migrate", "--no-input", "--skip-checks", "--verbosity", "0")
            self._add_administrator()

    def fill(self) -> None:
        """Import the catalogue, train on it and put the model to work; needs a worker running."""
        catalogue = self._catalogue or self._draw()
        if self._is_to_import(catalogue):
            with self.step(f"Importing {catalogue.name}") as report:
                # Without prices a shop window looks empty; pages mark those that were made up.
                options = ("--images", str(catalogue.parent), "--demo-prices", "--json")
                done = self._manage("import_products", str(catalogue), *options)
                report(f"{done['created']} new, {done['updated']} changed, {done['failed']} failed")
            self._remember(catalogue=_fingerprint(catalogue))
        version = self._remembered("untried_version")
        if version is None and self._is_to_train():
            version = self._train()
        if version is not None:
            with self.step(f"Embedding and clustering with model version {version}"):
                self._manage("activate_model_version", str(version), "--json")
            self._remember(untried_version=None)

    def check(self) -> None:
        """Refuse to open where the database, or the model that serves, is not fit for it."""
        with self.step("Checking the shop"):
            _require_sound()

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Print what is being done and, when it is, how long it took and what the step reports.

        One line; on a terminal two, with the progress of the step between them.
        """
        began = time.monotonic()
        reports: list[str] = []
        print(f"{title} ...", end="\n" if self._is_terminal else "", flush=True)
        try:
            yield reports.append
        except BaseException:
            print(flush=True)
            raise
        indent = "   " if self._is_terminal else ""
        print(f"{indent} {', '.join([*reports, f'{time.monotonic() - began:.1f} s'])}", flush=True)

    def _add_administrator(self) -> None:
        _load_django()
        from django.contrib.auth import get_user_model

        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("admin", password=password)
        kept = self._folder / "admin_password"
        state.write_private_text(kept, f"{password}\n")
        self.new_administrator = f"admin with the password {password}, kept in {kept}"

    def _draw(self) -> Path:
        folder = state.var_folder() / SAMPLE_FOLDER
        command = [sys.executable, "-m", "kfashion_site.sample_catalogue", str(folder)]
        with self.step("Drawing the sample catalogue"):
            return Path(self._run(command, name="sample_catalogue").strip())

    def _is_to_import(self, catalogue: Path) -> bool:
        _load_django()
        from products.models import Product

        if not Product.objects.exists():
            return True
        known = self._remembered("catalogue")
        if known is None and self._catalogue is None and os.environ.get("DATABASE_URL"):
            return False  # somebody's own products are not to be mixed with drawn ones
        return bool(known != _fingerprint(catalogue))

    def _is_to_train(self) -> bool:
        from styles.models import ModelVersion

        active = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
        if active is None or not active.is_loadable:
            return True
        return self._photos is not None and self._remembered("photos") != self._photos_path()

    def _train(self) -> int:
        data_sets = ["catalogue", *([str(self._photos)] if self._photos else [])]
        with self.step("Training a model version") as report:
            done = self._manage("train_model_version", *data_sets, "--json")
            report(f"number {done['model_version']}")
        version = int(done["model_version"])
        self._remember(untried_version=version, photos=self._photos_path())
        return version

    def _photos_path(self) -> str | None:
        return str(self._photos.resolve()) if self._photos else None

    def _manage(self, *arguments: str) -> dict[str, Any]:
        """Run a management command; return the JSON object that it prints last, if any."""
        output = self._run(
            [sys.executable, str(state.BASE_DIR / "manage.py"), *arguments], name=arguments[0]
        )
        lines = output.strip().splitlines()
        printed: dict[str, Any] = json.loads(lines[-1]) if "--json" in arguments else {}
        return printed

    def _run(self, command: list[str], *, name: str) -> str:
        log = self._folder / f"{name}.log"
        with tempfile.TemporaryFile("w+") as output, log.open("w") as errors:
            child = subprocess.Popen(
                command,
                cwd=state.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=None if self._is_terminal else errors,
                start_new_session=True,
                preexec_fn=service_processes.follow_parent(signal.SIGTERM),  # noqa: PLW1509
                env={"LOG_LEVEL": "WARNING", **os.environ},
            )
            try:
                while child.poll() is None:
                    self._pause()
            finally:
                service_processes.stop_process(
                    child, end_signal=signal.SIGTERM, timeout_seconds=COMMAND_STOP_SECONDS
                )
            if child.returncode == 1:
                said = service_processes.last_line(log).removeprefix("CommandError: ")
                raise SetupError("" if self._is_terminal else said)
            if child.returncode != 0:
                raise SetupError(f"{name} ended with status {child.returncode}; see {log}.")
            output.seek(0)
            return output.read()

    def _remembered(self, name: str) -> Any:
        return self._memory().get(name)

    def _remember(self, **facts: str | int | None) -> None:
        state.write_private_text(self._memory_file, json.dumps({**self._memory(), **facts}))

    def _memory(self) -> dict[str, Any]:
        if not self._memory_file.exists():
            return {}
        memory: dict[str, Any] = json.loads(self._memory_file.read_text())
        return memory


def _require_sound(*tags: str) -> None:
    """Run Django's system checks, those with these tags or all, on the database too.

    Raises:
        SetupError: one found an error; the message says how to mend it.
    """
    _load_django()
    from django.core import checks

    for found in checks.run_checks(tags=tags or None, databases=["default"]):
        if found.is_serious():
            raise SetupError(f"{found.msg} {found.hint or ''}".strip())


def _fingerprint(catalogue: Path) -> str:
    return hashlib.sha256(catalogue.read_bytes()).hexdigest()


def _load_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kfashion_site.settings")
    import django

    django.setup()
