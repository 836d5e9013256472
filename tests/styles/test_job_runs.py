from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from styles import jobs
from styles.exceptions import JobCancelledError, JobError, TrainingError
from styles.job_leases import take_lease, take_over
from styles.job_processes import has_gone, name_process
from styles.job_runs import JobRun, job_folder, run_job
from styles.jobs import JobKind, cancel_job, start_job
from styles.models import Job, StyleGroup
from tests.counting import COUNT, PREFIX

pytestmark = pytest.mark.django_db

Work = Callable[[JobRun], Mapping[str, Any]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.KFASHION = {"TRAINING_FOLDER": tmp_path / "training", "JOB_RETRY_SECONDS": 0}
    return tmp_path / "training"


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], Job]:
    """Give a function that starts a job whose work is the function it is given."""

    def start(work: Work) -> Job:
        kind = JobKind(COUNT, "counting", "training", max_setbacks=3, work=work)
        monkeypatch.setitem(jobs._kinds, COUNT, kind)
        return start_job(COUNT, {"steps": 1}, is_queued=False)

    return start


def counted() -> int:
    """Return how many rows runs have created."""
    return StyleGroup.objects.filter(code__startswith=PREFIX).count()


def test_a_run_saves_its_result_once_and_clears_its_folder(folder: Path) -> None:
    job = start_job(COUNT, {"steps": 3})
    seen: list[tuple[str, int, int]] = []
    done = run_job(job.pk, on_progress=lambda *report: seen.append(report))
    assert done == job
    assert (done.status, done.attempts, done.error_message) == ("done", 1, "")
    assert done.result == {"counted_from": 0, "counted_to": 3}
    assert (done.stage, done.done, done.total) == ("counting", 3, 3)
    assert done.started_at is not None
    assert done.leased_until is None
    assert seen == [("counting", 0, 3), ("counting", 1, 3), ("counting", 2, 3)]
    assert not any(folder.iterdir())
    assert run_job(job.pk) is None
    assert run_job(job.pk, is_inline=True) is None
    assert counted() == 1


def test_there_is_nothing_to_run_where_the_row_is_gone() -> None:
    assert run_job(12345) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_exactly_one_runs_a_job() -> None:
    job = start_job(COUNT, {"steps": 5, "pause_seconds": 0.02}, is_queued=False)
    ready = threading.Barrier(4)

    def run(number: int) -> bool:
        try:
            ready.wait()
            return run_job(job.pk, is_inline=True) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(run, range(4))) == [False, False, False, True]
    assert counted() == 1
    job.refresh_from_db()
    assert (job.attempts, job.status) == (1, "done")


def test_progress_is_written_when_a_stage_begins_and_then_once_a_second(
    working: Callable[[Work], Job], django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(run: JobRun) -> dict[str, Any]:
        with django_assert_num_queries(2):
            for done in range(100):
                run.report("features", done, 100)
            run.report("epochs", 3, 10)
        monkeypatch.setattr("styles.job_runs.PROGRESS_SECONDS", 0)
        time.sleep(0.01)
        run.report("epochs", 5, 10)
        row = Job.objects.get(pk=run.job.pk)
        assert (row.stage, row.done, row.total, row.stage_began_with) == ("epochs", 5, 10, 3)
        assert row.rate is not None
        assert row.rate > 0
        return {}

    assert run_job(working(work).pk, is_inline=True) is not None


def test_a_cancelled_run_ends_at_its_next_report_and_goes_on_with_nothing(
    working: Callable[[Work], Job],
) -> None:
    def work(run: JobRun) -> dict[str, Any]:
        run.folder.mkdir(parents=True)
        cancel_job(Job.objects.get(pk=run.job.pk))
        try:
            run.report("features", 1, 2)
        except Exception:  # noqa: BLE001 - what a careless kind of work does
            pytest.fail("an ordinary handler stopped the cancellation")
        return {}

    job = working(work)
    with pytest.raises(JobCancelledError, match=f"Job {job.pk} was cancelled"):
        run_job(job.pk, is_inline=True)
    job.refresh_from_db()
    assert (job.status, job.result) == ("cancelled", {})
    assert not job_folder(job).exists()


def test_a_superseded_run_stores_nothing_and_leaves_the_row_alone(
    working: Callable[[Work], Job],
) -> None:
    def work(run: JobRun) -> dict[str, Any]:
        Job.objects.filter(pk=run.job.pk).update(attempts=2, holder="elsewhere:1")
        with transaction.atomic():
            StyleGroup.objects.create(code=f"{PREFIX}-zombie", order=0)
            run.finish({"mine": True})
        return {}

    job = working(work)
    with pytest.raises(JobError, match="taken over"):
        run_job(job.pk, is_inline=True)
    job.refresh_from_db()
    assert (job.status, job.holder, job.result) == ("running", "elsewhere:1", {})
    assert counted() == 0


def test_a_superseded_run_ends_at_its_next_report(working: Callable[[Work], Job]) -> None:
    def work(run: JobRun) -> dict[str, Any]:
        Job.objects.filter(pk=run.job.pk).delete()
        run.report("features", 1, 2)
        return pytest.fail("went on without its row")

    with pytest.raises(JobError, match="taken over"):
        run_job(working(work).pk, is_inline=True)


def test_what_the_work_refuses_fails_the_job_at_once_with_its_sentence() -> None:
    job = start_job(COUNT, {"fails": "There are no photos. Import some."})
    with pytest.raises(TrainingError, match="There are no photos"):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "training_impossible")
    assert job.error_message == "There are no photos. Import some."
    assert job.finished_at is not None


def test_a_passing_error_is_tried_again_until_it_has_passed() -> None:
    job = start_job(COUNT, {"steps": 1, "breaks": 2})
    for setbacks in (1, 2):
        with pytest.raises(ConnectionResetError):
            run_job(job.pk)
        job.refresh_from_db()
        assert (job.status, job.setbacks, job.error_code) == ("waiting", setbacks, "storage_error")
        assert "hung up" in job.error_message
    assert run_job(job.pk) is not None
    job.refresh_from_db()
    assert (job.status, job.attempts, job.error_message) == ("done", 3, "")


def test_an_error_that_never_passes_fails_the_job() -> None:
    job = start_job(COUNT, {"steps": 1, "breaks": 9})
    for _ in range(3):
        with pytest.raises(ConnectionResetError):
            run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.setbacks) == ("failed", 3)
    assert run_job(job.pk) is None


def test_an_unforeseen_error_fails_the_job_and_is_not_hidden(
    working: Callable[[Work], Job], caplog: pytest.LogCaptureFixture
) -> None:
    def work(run: JobRun) -> dict[str, Any]:
        return {"ratio": 1 / 0}

    job = working(work)
    with pytest.raises(ZeroDivisionError):
        run_job(job.pk, is_inline=True)
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "unexpected_error")
    assert job.error_message == "ZeroDivisionError: division by zero"
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(("is_inline", "status"), [(True, "paused"), (False, "waiting")])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_lets_the_job_go_without_a_setback(
    working: Callable[[Work], Job], number: signal.Signals, is_inline: bool, status: str
) -> None:
    def work(run: JobRun) -> dict[str, Any]:
        run.folder.mkdir(parents=True)
        os.kill(os.getpid(), number)
        time.sleep(5)
        return pytest.fail("nobody heard the signal")

    job = working(work)
    Job.objects.filter(pk=job.pk).update(status="waiting", is_queued=True)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        run_job(job.pk, is_inline=is_inline)
    assert signal.getsignal(signal.SIGTERM) == before
    job.refresh_from_db()
    assert (job.status, job.setbacks, job.leased_until) == (status, 0, None)
    assert job_folder(job).exists(), "the next attempt goes on from it"


def test_a_signal_that_arrives_as_another_error_lets_the_job_go_too(
    working: Callable[[Work], Job],
) -> None:
    def work(run: JobRun) -> dict[str, Any]:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        finally:
            raise RuntimeError("a query was torn apart")

    job = working(work)
    Job.objects.filter(pk=job.pk).update(status="waiting", is_queued=True)
    with pytest.raises(RuntimeError):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.setbacks, job.error_code) == ("waiting", 0, "")


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_through_a_silent_stage(
    working: Callable[[Work], Job], settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "JOB_LEASE_SECONDS": 0.3}

    def work(run: JobRun) -> dict[str, Any]:
        time.sleep(1)
        assert not Job.objects.abandoned().exists()
        until = Job.objects.get(pk=run.job.pk).leased_until
        assert isinstance(until, datetime)
        assert until > timezone.now()
        return {}

    assert run_job(working(work).pk, is_inline=True) is not None


@pytest.mark.django_db(transaction=True)
def test_a_run_outlives_a_lost_connection_to_the_database(
    working: Callable[[Work], Job], caplog: pytest.LogCaptureFixture
) -> None:
    def work(run: JobRun) -> dict[str, Any]:
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        run.report("features", 1, 3)
        assert "was not saved" in caplog.text
        run.report("epochs", 2, 3)
        assert Job.objects.get(pk=run.job.pk).stage == "epochs"
        return {"survived": True}

    done = run_job(working(work).pk, is_inline=True)
    assert done is not None
    assert done.result == {"survived": True}


def held_by(holder: str) -> Job:
    job = start_job(COUNT, {"steps": 2}, is_queued=False)
    assert take_lease(job.pk, is_inline=True) is not None
    Job.objects.filter(pk=job.pk).update(holder=holder)
    return job


def test_a_command_started_again_goes_on_with_the_job_of_the_killed_one() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as killed:
        killed.wait()
    job = held_by(name_process(killed.pid))
    job_folder(job).mkdir(parents=True)
    (job_folder(job) / "reached").write_text("1")
    take_over(job)
    done = run_job(job.pk, is_inline=True)
    assert done is not None
    assert (done.attempts, done.setbacks) == (2, 1)
    assert done.result == {"counted_from": 1, "counted_to": 2}


@pytest.mark.parametrize("holder", [name_process(), "another-machine:1"])
def test_a_command_leaves_a_job_to_the_process_that_is_at_it(holder: str) -> None:
    job = held_by(holder)
    with pytest.raises(JobError, match=f"run by {holder}.* --cancel {job.pk}"):
        take_over(job)
    assert run_job(job.pk, is_inline=True) is None


def test_processes_of_other_machines_and_other_accounts_are_not_said_to_be_gone() -> None:
    assert not has_gone(name_process())
    assert not has_gone(name_process(1))
    assert not has_gone("another-machine:999999999")
