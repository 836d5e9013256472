"""The steps of `make run`: which are done, and which are skipped the second time."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.contrib.auth import get_user_model

from kfashion_site import shop_setup, state
from styles.ml.artifact import FORMAT_VERSION
from styles.models import ModelVersion

pytestmark = pytest.mark.django_db


def no_pause() -> None:
    pass


class RecordedSetup(shop_setup.ShopSetup):
    """Notes the management commands instead of running them, and leaves what they would leave."""

    def __init__(self, folder: Path, *, catalogue: Path, photos: Path | None = None) -> None:
        super().__init__(folder, catalogue=catalogue, photos=photos, pause=no_pause)
        self.commands: list[str] = []
        self.failing = ""

    def _manage(self, *arguments: str) -> dict[str, Any]:
        self.commands.append(arguments[0])
        if arguments[0] == self.failing:
            raise shop_setup.SetupError
        if arguments[0] == "import_products":
            from products.models import Product

            Product.objects.get_or_create(sku="1", defaults={"name": "One"})
        if arguments[0] == "activate_model_version":
            ModelVersion.objects.filter(number=arguments[1]).update(status="active")
        if arguments[0] == "train_model_version":
            ModelVersion.objects.filter(status="active").update(status="retired")
            number = ModelVersion.objects.count() + 1
            metadata = {"format_version": FORMAT_VERSION}
            ModelVersion.objects.create(
                number=number,
                backbone="none",
                metadata=metadata,
                artifact_prefix=f"nowhere/{number}",
            )
            return {"model_version": number}
        return {"created": 1, "updated": 0, "failed": 0}


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.csv"
    path.write_text("sku,name\n1,One\n")
    return path


def filled(folder: Path, *, catalogue: Path, photos: Path | None = None) -> list[str]:
    setup = RecordedSetup(folder, catalogue=catalogue, photos=photos)
    setup.fill()
    return setup.commands


EVERYTHING = ["import_products", "train_model_version", "activate_model_version"]


def test_the_first_start_imports_trains_and_activates_and_the_second_does_none(
    tmp_path: Path, catalogue: Path
) -> None:
    assert filled(tmp_path, catalogue=catalogue) == EVERYTHING
    assert filled(tmp_path, catalogue=catalogue) == []


def test_a_model_of_another_release_s_format_is_trained_anew(
    tmp_path: Path, catalogue: Path
) -> None:
    filled(tmp_path, catalogue=catalogue)
    ModelVersion.objects.update(metadata={"format_version": FORMAT_VERSION - 1})
    assert filled(tmp_path, catalogue=catalogue) == EVERYTHING[1:]


def test_a_changed_catalogue_is_imported_again(tmp_path: Path, catalogue: Path) -> None:
    filled(tmp_path, catalogue=catalogue)
    catalogue.write_text("sku,name\n1,Uno\n")
    assert filled(tmp_path, catalogue=catalogue) == ["import_products"]


def test_photos_are_learned_from_once(tmp_path: Path, catalogue: Path) -> None:
    photos = tmp_path / "photos"
    filled(tmp_path, catalogue=catalogue)
    assert filled(tmp_path, catalogue=catalogue, photos=photos) == EVERYTHING[1:]
    assert filled(tmp_path, catalogue=catalogue, photos=photos) == []
    assert filled(tmp_path, catalogue=catalogue) == []


def test_an_interrupted_activation_is_taken_up_without_training_again(
    tmp_path: Path, catalogue: Path
) -> None:
    setup = RecordedSetup(tmp_path, catalogue=catalogue)
    setup.failing = "activate_model_version"
    with pytest.raises(shop_setup.SetupError):
        setup.fill()
    assert filled(tmp_path, catalogue=catalogue) == ["activate_model_version"]


def test_a_shop_that_cannot_serve_is_not_opened_and_is_told_how_to_mend_it(
    tmp_path: Path, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = RecordedSetup(tmp_path, catalogue=catalogue)
    setup.check()
    setup.fill()
    with pytest.raises(shop_setup.SetupError, match="artifact of model version 1 cannot be used"):
        setup.check()
    monkeypatch.setattr("products.checks.OLDEST_PGVECTOR", (99, 0, 0))
    with pytest.raises(shop_setup.SetupError, match="ALTER EXTENSION vector UPDATE"):
        setup.migrate()
    assert "migrate" not in setup.commands


def test_each_step_says_what_it_did_and_how_long_it_took(
    tmp_path: Path, catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path, catalogue=catalogue)
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Importing catalogue.csv ... 1 new, 0 changed, 0 failed, 0.")
    assert said[1].startswith("Training a model version ... number 1, 0.")
    assert said[2].startswith("Embedding and clustering with model version 1 ... 0.")


def test_the_first_start_makes_an_administrator_whose_password_stays_private(
    tmp_path: Path, catalogue: Path
) -> None:
    first, second = (RecordedSetup(tmp_path, catalogue=catalogue) for _ in range(2))
    first.migrate()
    second.migrate()
    kept = tmp_path / "admin_password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    password = kept.read_text().strip()
    assert get_user_model().objects.get(username="admin").check_password(password)
    assert password in str(first.new_administrator)
    assert second.new_administrator is None


def test_ones_own_database_with_products_is_not_given_drawn_ones(
    tmp_path: Path, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from products.models import Product

    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/shop")
    Product.objects.create(sku="mine", name="Mine")
    setup = RecordedSetup(tmp_path, catalogue=catalogue)
    setup._catalogue = None
    monkeypatch.setattr(setup, "_draw", lambda: catalogue)
    setup.fill()
    assert setup.commands == EVERYTHING[1:]


def test_a_failing_command_is_quoted_and_a_killed_one_is_named(
    tmp_path: Path, catalogue: Path
) -> None:
    setup = shop_setup.ShopSetup(tmp_path, catalogue=catalogue, photos=None, pause=no_pause)
    failing = "import sys; print('working', file=sys.stderr); sys.exit('No photos were found.')"
    with pytest.raises(shop_setup.SetupError, match=r"^No photos were found\.$"):
        setup._run([sys.executable, "-c", failing], name="train")
    dying = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    with pytest.raises(shop_setup.SetupError, match=r"^train ended with status -9; see .*log"):
        setup._run([sys.executable, "-c", dying], name="train")


def test_on_a_terminal_a_command_shows_its_progress_and_speaks_for_itself(
    tmp_path: Path,
    catalogue: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    setup = shop_setup.ShopSetup(tmp_path, catalogue=catalogue, photos=None, pause=no_pause)
    with pytest.raises(shop_setup.SetupError) as failed, setup.step("Training"):
        setup._run([sys.executable, "-c", "import sys; sys.exit('No photos.')"], name="train")
    assert str(failed.value) == ""
    said = capfd.readouterr()
    assert (said.out, said.err) == ("Training ...\n\n", "No photos.\n")


def test_the_object_that_a_command_prints_last_is_read(tmp_path: Path, catalogue: Path) -> None:
    setup = shop_setup.ShopSetup(tmp_path, catalogue=catalogue, photos=None, pause=no_pause)
    assert setup._manage("version") == {}
    two_lines = "print('working'); print('{\"number\": 3}')"
    printed = setup._run([sys.executable, "-c", two_lines], name="print")
    assert printed.splitlines()[-1] == '{"number": 3}'


def test_every_catalogue_has_a_shop_of_its_own(tmp_path: Path) -> None:
    names = {
        state.shop_name(None),
        state.shop_name(tmp_path / "catalogue.csv"),
        state.shop_name(tmp_path / "other" / "catalogue.csv"),
    }
    assert len(names) == 3
    assert state.shop_name(tmp_path / "other" / ".." / "catalogue.csv") in names


def test_closing_the_shop_ends_the_command_that_runs(tmp_path: Path, catalogue: Path) -> None:
    def close() -> None:
        raise KeyboardInterrupt

    setup = shop_setup.ShopSetup(tmp_path, catalogue=catalogue, photos=None, pause=close)
    with pytest.raises(KeyboardInterrupt):
        setup._run([sys.executable, "-c", "import time; time.sleep(60)"], name="sleep")
    assert [
        child.name() for child in psutil.Process().children() if "sleep(60)" in child.cmdline()
    ] == []
