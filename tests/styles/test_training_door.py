"""The door to training and its command: presets and limits, and sentences for what cannot work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from styles.exceptions import TrainingError
from styles.ml.datasets import Example
from styles.models import Job, ModelVersion
from styles.training import main_label_set, train_model_version
from tests.styles.ml.tiny import BACKBONE, COLOURS, examples, photo, tiny_backbone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings: Settings) -> None:
    settings.KFASHION = {
        **settings.KFASHION,
        "TRAINING_FOLDER": tmp_path / "training",
        "FEATURE_CACHE_FOLDER": tmp_path / "features",
    }


@pytest.fixture
def backbone() -> Iterator[str]:
    """Have the tiny backbone in the table; return its name."""
    with tiny_backbone():
        yield BACKBONE


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Write eight photos of each colour into a folder of its own."""
    for colour in COLOURS:
        (tmp_path / "photos" / colour).mkdir(parents=True)
        for number in range(8):
            content = photo(colour, number=number)
            (tmp_path / "photos" / colour / f"{number}.png").write_bytes(content)
    return tmp_path / "photos"


def trained(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Any, ModelVersion]:
    """Run the command; return what it printed and the version."""
    call_command("train_model_version", *arguments, "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    return printed, ModelVersion.objects.numbered(printed["model_version"])


def labelled(*labels: dict[str, str]) -> list[Example]:
    return [Example(str(number), bytes, one) for number, one in enumerate(labels)]


def test_the_main_label_set_is_the_one_that_most_photos_have() -> None:
    photos = labelled(
        {"style": "a", "garment": "x"}, {"style": "a"}, {"garment": "y"}, {"style": "a"}
    )
    assert main_label_set(photos) == "style"


def test_of_equals_the_main_label_set_is_the_one_with_the_most_codes() -> None:
    photos = labelled(
        {"style": "a", "product_type": "x"},
        {"style": "b", "product_type": "y"},
        {"style": "a", "product_type": "z"},
    )
    assert main_label_set(photos) == "product_type"


@pytest.mark.parametrize("photos", [[], labelled({}, {})])
def test_without_labels_there_is_no_main_label_set(photos: list[Example]) -> None:
    with pytest.raises(TrainingError, match="None of the photos has a label"):
        main_label_set(photos)


def test_full_trains_the_backbone_and_its_version_remembers_the_epochs(
    backbone: str, folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--backbone", backbone, "--preset", "full", "--epochs", "2", "--batch-size", "8"]
    printed, version = trained(capsys, str(folders), *arguments)
    assert version.metadata["config"]["fine_tuning"]["epochs"] == 2
    assert version.metadata["config"]["fine_tuning"]["batch_size"] == 8
    stages = [row["stage"] for row in version.metadata["history"]]
    assert stages == ["head"] * (len(stages) - 2) + ["fine_tuning"] * 2
    assert printed["timings"]["fine_tuning_seconds"] > 0


def test_study_learns_the_main_label_set_alone(backbone: str) -> None:
    # Every photo has a style and a group; there are more styles.
    result = train_model_version(
        examples(8),
        backbone=backbone,
        preset="study",
        epochs=2,
        on_progress=lambda *_: None,
    )
    version = ModelVersion.objects.numbered(result.model_version)
    assert version.label_sets == {"style": sorted(COLOURS)}
    assert version.metadata["config"]["study"]["epochs"] == 2
    assert len(version.metadata["history"]) == 2


def test_per_class_and_seed_decide_what_is_learnt(
    backbone: str, folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--backbone", backbone, "--per-class", "4", "--seed", "5", "--epochs", "2"]
    printed, version = trained(capsys, str(folders), *arguments)
    assert printed["trained"] + printed["held_out"] == 3 * 4
    assert version.metadata["seed"] == 5
    assert version.metadata["config"]["seed"] == 5


def test_queued_the_job_is_printed_and_nothing_is_trained(
    folders: Path,
    capsys: pytest.CaptureFixture[str],
    sent: list[tuple[str, tuple[Any, ...]]],
) -> None:
    call_command("train_model_version", str(folders), "--preset", "full", "--queue", "--json")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    job = Job.objects.get()
    assert printed == {"job": job.pk, "status": "waiting"}
    assert (job.kind, job.is_queued) == ("train", True)
    assert job.parameters["preset"] == "full"
    assert not ModelVersion.objects.exists()
    call_command("train_model_version", str(folders), "--preset", "full", "--queue")
    out = capsys.readouterr().out
    assert f"Job {job.pk} is waiting; watch it with: manage.py jobs" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--epochs", "0"], r"Expected epochs of at least 1, received 0\."),
        (["--batch-size", "-3"], r"Expected batch_size of at least 1, received -3\."),
        (["--per-class", "0"], r"at least 1, received 0"),
        (["--weights", "/nowhere/weights.h5"], r"/nowhere/weights\.h5 does not exist\."),
        (["--seed", "-1"], r"seed .*received -1"),
    ],
    ids=["epochs", "batch size", "per class", "weights", "seed"],
)
def test_numbers_and_files_that_cannot_be_are_told_in_a_sentence(
    backbone: str, folders: Path, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence) as refusal:
        call_command("train_model_version", str(folders), "--backbone", backbone, *arguments)
    assert refusal.value.returncode == 1
    assert "\n" not in str(refusal.value)
    assert not ModelVersion.objects.exists()


def test_weights_that_are_missing_are_told_without_a_cache_as_well(
    folders: Path, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "FEATURE_CACHE_FOLDER": None}
    with pytest.raises(CommandError, match=r"/nowhere/weights\.h5"):
        call_command("train_model_version", str(folders), "--weights", "/nowhere/weights.h5")


def test_another_preset_is_no_preset(folders: Path) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'slow'"):
        call_command("train_model_version", str(folders), "--preset", "slow")
