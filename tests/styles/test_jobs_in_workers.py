"""Jobs in a real worker, whose processes are killed in the middle of their work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connection
from kombu import Queue
from pytest_django import Settings

from kfashion_site.celery import app
from kfashion_site.state import BASE_DIR
from styles.exceptions import JobError
from styles.job_leases import take_over
from styles.job_runs import run_job as run_job_here
from styles.jobs import cancel_job, requeue_jobs, start_job
from styles.models import Job, ModelVersion, StyleGroup
from styles.tasks import run_job
from styles.training_jobs import queue_training, start_training
from tests.counting import COUNT, PREFIX
from tests.styles.ml.tiny import BACKBONE, COLOURS, photo

pytestmark = pytest.mark.django_db(transaction=True)

ARRIVAL_SECONDS = 180.0
SLOW = {"steps": 30, "pause_seconds": 0.05}


def wait_until(condition: Callable[[Job], bool], job: Job, *, log: Path) -> Job:
    """Return the job once the condition holds; sweep now and then as beat does."""
    deadline = time.monotonic() + ARRIVAL_SECONDS
    swept = time.monotonic()
    while not condition(job):
        assert time.monotonic() < deadline, f"{job}: {job.error_message}\n{log.read_text()[-4000:]}"
        if time.monotonic() > swept + 0.5:
            requeue_jobs()
            swept = time.monotonic()
        time.sleep(0.05)
        job.refresh_from_db()
    return job


def is_under_way(job: Job) -> bool:
    return job.status == "running" and job.done > 0


def has_ended(job: Job) -> bool:
    return job.is_finished


def counted() -> int:
    return StyleGroup.objects.filter(code__startswith=PREFIX).count()


def process_of(job: Job) -> psutil.Process:
    """Return the process that runs a job: a child of a child of the worker of the tests."""
    process = psutil.Process(int(job.holder.rpartition(":")[2]))
    assert "run_job" in process.cmdline()
    assert psutil.Process() in process.parents()
    return process


def test_a_queued_job_runs_in_a_process_of_its_own_behind_those_that_serve(worker: Path) -> None:
    job = wait_until(is_under_way, start_job(COUNT, SLOW), log=worker)
    process = process_of(job)
    assert "celery" not in process.cmdline()
    assert process.nice() == min(psutil.Process().nice() + 10, 19)
    job = wait_until(has_ended, job, log=worker)
    assert (job.status, job.attempts) == ("done", 1)
    psutil.wait_procs([process], timeout=10)
    assert not process.is_running()


def test_a_killed_process_is_followed_by_another_that_goes_on(worker: Path) -> None:
    job = wait_until(is_under_way, start_job(COUNT, SLOW), log=worker)
    process_of(job).kill()
    job = wait_until(has_ended, job, log=worker)
    assert (job.status, job.attempts, job.setbacks) == ("done", 2, 1)
    assert job.result["counted_from"] > 0
    assert counted() == 1


def test_a_killed_worker_takes_its_job_with_it_and_the_next_goes_on(worker: Path) -> None:
    job = wait_until(is_under_way, start_job(COUNT, SLOW), log=worker)
    process = process_of(job)
    parent = process.parent()
    assert parent is not None
    parent.kill()
    assert psutil.wait_procs([process], timeout=10)[1] == [], "nothing runs on unwatched"
    job = wait_until(has_ended, job, log=worker)
    assert (job.status, job.attempts) == ("done", 2)
    assert counted() == 1


def test_a_killed_command_is_continued_at_once_by_the_same_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    settings.KFASHION = {"TRAINING_FOLDER": tmp_path}
    place, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    monkeypatch.setenv("DATABASE_URL", f"{place}/{connection.settings_dict['NAME']}")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.worker_settings")
    monkeypatch.setenv("TRAINING_FOLDER", str(tmp_path))
    job = start_job(COUNT, SLOW, is_queued=False)
    command = [sys.executable, "-m", "django", "run_job", str(job.pk)]
    with subprocess.Popen(command, cwd=BASE_DIR) as killed:
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while not is_under_way(job):
            assert killed.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
            job.refresh_from_db()
        with pytest.raises(JobError, match="is at this already"):
            take_over(job)
        killed.kill()
    take_over(job)
    done = run_job_here(job.pk, is_inline=True)
    assert done is not None
    assert (done.status, done.attempts) == ("done", 2)
    assert done.result["counted_from"] > 0
    assert counted() == 1


def test_a_process_that_stops_silently_loses_its_job_and_stores_nothing(worker: Path) -> None:
    job = wait_until(is_under_way, start_job(COUNT, SLOW), log=worker)
    process = process_of(job)
    process.suspend()
    try:
        job = wait_until(lambda job: job.attempts == 2, job, log=worker)
    finally:
        process.resume()
    job = wait_until(has_ended, job, log=worker)
    psutil.wait_procs([process], timeout=20)
    assert (job.status, job.attempts, job.setbacks) == ("done", 2, 1)
    assert counted() == 1


def test_a_message_delivered_many_times_at_once_does_the_work_once(worker: Path) -> None:
    job = start_job(COUNT, {"steps": 3})
    for _ in range(5):
        run_job.apply_async((job.pk,), queue="training")
    job = wait_until(has_ended, job, log=worker)
    run_job.apply_async((job.pk,), queue="training")
    time.sleep(0.5)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("done", 1)
    assert counted() == 1


def test_a_job_is_told_again_after_the_broker_has_lost_everything(worker: Path) -> None:
    app.control.cancel_consumer("training", reply=True)
    try:
        with app.connection_for_write() as broker:
            queue = Queue("training", channel=broker.default_channel)
            queue.purge()
            job = start_job(COUNT, {"steps": 1})
            assert queue.purge() == 1
    finally:
        app.control.add_consumer("training", reply=True)
    time.sleep(0.5)
    job.refresh_from_db()
    assert job.status == "waiting"
    Job.objects.update(told_at=None)
    assert wait_until(has_ended, job, log=worker).status == "done"


def test_a_running_job_is_cancelled(worker: Path) -> None:
    job = wait_until(
        is_under_way, start_job(COUNT, {"steps": 2000, "pause_seconds": 0.05}), log=worker
    )
    cancel_job(job)
    assert wait_until(has_ended, job, log=worker).status == "cancelled"
    assert counted() == 0


def test_what_the_work_refuses_stands_in_the_row(worker: Path) -> None:
    job = queue_training({"datasets": ["/no/such/folder"], "backbone": BACKBONE})
    job = wait_until(has_ended, job, log=worker)
    assert (job.status, job.error_code, job.attempts) == ("failed", "training_impossible", 1)
    assert "/no/such/folder" in job.error_message


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Write twelve photos of each colour into a folder of its own."""
    for colour in COLOURS:
        (tmp_path / "photos" / colour).mkdir(parents=True)
        for number in range(12):
            content = photo(colour, number=number)
            (tmp_path / "photos" / colour / f"{number}.png").write_bytes(content)
    return tmp_path / "photos"


def test_a_training_killed_in_the_middle_ends_in_one_model_version(
    worker: Path, folders: Path
) -> None:
    parameters: dict[str, Any] = {"datasets": [str(folders)], "backbone": BACKBONE, "epochs": 10}
    job = queue_training(parameters)
    assert start_training(parameters, queue=True) == job
    job = wait_until(lambda job: job.stage in {"features", "epochs"}, job, log=worker)
    os.kill(process_of(job).pid, signal.SIGKILL)
    job = wait_until(has_ended, job, log=worker)
    assert (job.status, job.attempts) == ("done", 2)
    version = ModelVersion.objects.get()
    assert job.result["model_version"] == version.number
    assert job.result["trained"] + job.result["held_out"] == 36
    assert version.backbone == BACKBONE
