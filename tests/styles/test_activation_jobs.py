from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from pytest_django import Settings

from styles.activation_jobs import queue_activation, start_activation
from styles.exceptions import ActivationError, JobCancelledError, JobError, JobInterruptedError
from styles.job_leases import take_lease
from styles.jobs import cancel_job
from styles.models import Job, ModelVersion
from tests.learnt import learnt_version
from tests.shop import (
    add_photo,
    direction,
    jpeg,
    make_clustering,
    make_product,
    make_version,
    place,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lonely(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """Have no worker answer, and embed photo by photo."""
    monkeypatch.setattr(current_app.control, "ping", lambda timeout: [])
    monkeypatch.setattr("styles.job_runs.PROGRESS_SECONDS", 0)
    settings.KFASHION = {"TRAINING_FOLDER": tmp_path, "EMBEDDING_CHUNK": 1}


@pytest.fixture
def serving() -> ModelVersion:
    return make_version("active")


@pytest.fixture
def coming(serving: ModelVersion) -> ModelVersion:
    """Return a trained version with a cluster, and four photos for it to embed."""
    version = learnt_version(4000, status="trained")
    make_clustering(version, {"all": direction(a=1)})
    for number in range(4):
        product = place(make_product(f"p{number}"), direction(a=4, b=number), version=serving)
        add_photo(product, jpeg((40 * number, 90, 200)))
    return version


def test_an_activation_is_a_job_whose_result_is_what_came_of_it(
    serving: ModelVersion, coming: ModelVersion
) -> None:
    result = start_activation(coming, queue=False)
    assert isinstance(result, dict)
    job = Job.objects.get()
    assert (job.kind, job.status, job.parameters) == ("activate", "done", {"model_version": 4000})
    assert job.result == result
    assert (result["model_version"], result["previous"]) == (4000, serving.number)
    assert result["embedding"]["embedded"] == 8
    assert result["comparison"]["model_version"] == serving.number
    assert ModelVersion.objects.active() == coming


def test_an_interrupted_one_says_how_to_go_on_and_does(
    serving: ModelVersion, coming: ModelVersion
) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("embedding", 3):
            raise KeyboardInterrupt

    with pytest.raises(JobInterruptedError, match="The same command goes on"):
        start_activation(coming, queue=False, on_progress=interrupt)
    assert ModelVersion.objects.active() == serving
    result = start_activation(coming, queue=False)
    assert isinstance(result, dict)
    assert (result["embedding"]["skipped"], result["embedding"]["embedded"]) == (3, 5)
    job = Job.objects.get()
    assert (job.status, job.attempts) == ("done", 2)


@pytest.mark.parametrize("stage", ["embedding", "index", "comparing"])
def test_cancelled_at_any_stage_the_old_version_serves_on(
    stage: str, serving: ModelVersion, coming: ModelVersion
) -> None:
    def cancel(reached: str, done: int, total: int) -> None:
        if reached == stage:
            cancel_job(Job.objects.get())

    with pytest.raises(JobCancelledError):
        start_activation(coming, queue=False, on_progress=cancel)
    assert ModelVersion.objects.active() == serving
    assert Job.objects.get().status == "cancelled"
    assert isinstance(start_activation(coming, queue=False), dict)
    assert ModelVersion.objects.active() == coming


def test_a_superseded_run_does_not_flip(
    serving: ModelVersion, coming: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def supersede(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("comparing", total):
            Job.objects.update(attempts=7)

    monkeypatch.setattr("styles.job_runs.PROGRESS_SECONDS", 3600)
    with pytest.raises(JobError, match="taken over"):
        start_activation(coming, queue=False, on_progress=supersede)
    assert ModelVersion.objects.active() == serving


def test_a_refused_one_fails_with_the_sentence_and_goes_on_without_the_demand(
    serving: ModelVersion, coming: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("styles.exam._overlap", lambda before, after: 0.0)
    with pytest.raises(ActivationError, match="without --min-overlap the same command flips"):
        start_activation(coming, queue=False, min_overlap=0.5)
    assert Job.objects.get().error_code == "activation_impossible"
    result = start_activation(coming, queue=False)
    assert isinstance(result, dict)
    assert result["embedding"]["embedded"] == 0
    assert ModelVersion.objects.active() == coming


def test_a_queued_one_is_a_row_at_once_and_the_same_for_the_same_version(
    coming: ModelVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    user = get_user_model().objects.create_user("operator")
    job = queue_activation(coming, requested_by=user)
    assert (job.status, job.requested_by) == ("waiting", user)
    call_command("activate_model_version", "4000", "--queue")
    assert f"Job {job.pk} is waiting" in capsys.readouterr().out
    other = queue_activation(coming, min_overlap=0.9)
    job.refresh_from_db()
    assert (job.status, other.status) == ("cancelled", "waiting"), "one at a time"


@pytest.mark.parametrize("min_overlap", [None, 0.5])
def test_one_that_runs_elsewhere_is_not_started_twice(
    min_overlap: float | None, coming: ModelVersion
) -> None:
    job = queue_activation(coming)
    assert take_lease(job.pk, is_inline=False) is not None
    with pytest.raises(JobError, match=f"Job {job.pk} is at this already"):
        start_activation(coming, queue=False, min_overlap=min_overlap)


def test_a_version_pruned_meanwhile_fails_its_job_in_a_sentence(coming: ModelVersion) -> None:
    job = queue_activation(coming)
    coming.delete()
    with pytest.raises(CommandError, match="There is no model version 4000"):
        call_command("run_job", str(job.pk))


def test_its_progress_stands_in_the_row(coming: ModelVersion) -> None:
    seen: set[tuple[str, int]] = set()

    def look(stage: str, done: int, total: int) -> None:
        job = Job.objects.get()
        seen.add((job.stage, job.total))

    arguments: dict[str, Any] = {"queue": False, "on_progress": look}
    start_activation(coming, **arguments)
    assert ("embedding", 8) in seen
    assert {"embedding", "index", "comparing"} <= {stage for stage, _ in seen}
