from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from pytest_django import Settings

from styles import training
from styles.exceptions import JobError, JobInterruptedError, TrainingError
from styles.job_leases import take_lease
from styles.models import Job, ModelVersion
from styles.training import Trained
from styles.training_jobs import BACKBONES, PRESETS, queue_training, start_training
from tests.styles.ml.tiny import BACKBONE, COLOURS, photo, tiny_backbone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.KFASHION = {"TRAINING_FOLDER": tmp_path / "training"}
    return tmp_path / "training"


@pytest.fixture
def backbone() -> Iterator[str]:
    with tiny_backbone():
        yield BACKBONE


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Write twelve photos of each colour into a folder of its own."""
    for colour in COLOURS:
        (tmp_path / "photos" / colour).mkdir(parents=True)
        for number in range(12):
            content = photo(colour, number=number)
            (tmp_path / "photos" / colour / f"{number}.png").write_bytes(content)
    return tmp_path / "photos"


def test_a_command_trains_as_a_job_and_gets_what_came_of_it(backbone: str, photos: Path) -> None:
    stages: list[str] = []
    said: list[str] = []
    trained = start_training(
        {"datasets": [str(photos)], "backbone": backbone, "epochs": 2, "labels": None},
        queue=False,
        on_progress=lambda stage, done, total: stages.append(stage),
        on_message=said.append,
    )
    assert isinstance(trained, Trained)
    version = ModelVersion.objects.get()
    assert trained.model_version == version.number
    assert version.metadata["config"]["head"]["epochs"] == 2
    job = Job.objects.get()
    assert (job.kind, job.status, job.is_queued) == ("train", "done", False)
    assert job.result["metrics"] == version.metrics
    assert stages[0] == "reading"
    assert {"features", "epochs", "export"} <= set(stages)
    assert said == ["Learning from 36 photos: 36 with garment."]


def test_a_version_that_cannot_end_its_job_is_not_created(
    backbone: str, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def supersede(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("export", 1):
            Job.objects.update(attempts=7)

    monkeypatch.setattr("styles.job_runs.PROGRESS_SECONDS", 3600)
    with pytest.raises(JobError, match="taken over"):
        start_training(
            {"datasets": [str(photos)], "backbone": backbone, "epochs": 1},
            queue=False,
            on_progress=supersede,
        )
    assert not ModelVersion.objects.exists()


def test_an_interrupted_command_says_how_to_go_on_and_does_when_it_is_started_again(
    backbone: str, photos: Path
) -> None:
    parameters = {"datasets": [str(photos)], "backbone": backbone, "epochs": 1}

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "epochs":
            raise KeyboardInterrupt

    with pytest.raises(JobInterruptedError, match="The same command goes on"):
        start_training(parameters, queue=False, on_progress=interrupt)
    job = Job.objects.get()
    assert (job.status, job.setbacks) == ("paused", 0)
    assert isinstance(start_training(parameters, queue=False), Trained)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("done", 2)
    assert ModelVersion.objects.count() == 1


def test_what_cannot_be_learnt_from_fails_the_job_with_the_sentence_of_the_command() -> None:
    with pytest.raises(TrainingError) as refused:
        start_training({"datasets": ["catalogue"]}, queue=False)
    job = Job.objects.get()
    assert (job.status, job.error_message) == ("failed", str(refused.value))


def test_a_queued_training_is_a_row_at_once_and_the_same_for_the_same_parameters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    user = get_user_model().objects.create_user("operator")
    job = queue_training({"datasets": ["catalogue", "photos"]}, requested_by=user)
    monkeypatch.chdir(tmp_path)
    assert (job.status, job.requested_by) == ("waiting", user)
    absolute = job.parameters["datasets"][1]
    assert Path(absolute).is_absolute(), "the worker stands elsewhere"
    assert queue_training({"datasets": ["catalogue", absolute], "format": None}) == job
    assert queue_training({"datasets": ["catalogue"]}) != job


def test_a_training_that_runs_elsewhere_is_not_started_twice() -> None:
    parameters: dict[str, Any] = {"datasets": ["catalogue"]}
    job = queue_training(parameters)
    assert take_lease(job.pk, is_inline=False) is not None
    with pytest.raises(JobError, match=f"Job {job.pk} is at this already"):
        start_training(parameters, queue=False)


def test_backbones_and_presets_are_offered_as_they_are() -> None:
    from styles.ml.backbones import BACKBONES as TABLE

    assert set(BACKBONES) == set(TABLE) - {BACKBONE}
    assert set(PRESETS) == set(training.PRESETS)


def test_run_job_does_the_work_of_any_job_here(
    backbone: str, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = queue_training({"datasets": [str(photos)], "backbone": backbone, "epochs": 1})
    call_command("run_job", str(job.pk))
    assert "model_version: 1" in capsys.readouterr().out
    with pytest.raises(CommandError, match=f"Job {job.pk} is done: there is nothing to run"):
        call_command("run_job", str(job.pk))
    with pytest.raises(CommandError, match="There is no job 12345"):
        call_command("run_job", "12345")
