from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import Settings

from styles import tasks
from styles.exceptions import JobError
from styles.job_leases import take_lease
from styles.jobs import (
    cancel_job,
    fingerprint_job,
    release_lost,
    requeue_jobs,
    start_job,
    try_again,
)
from styles.models import Job
from tests.counting import COUNT

pytestmark = pytest.mark.django_db

Messages = list[tuple[int, str]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Messages:
    """Return the (job id, queue) of messages as they are sent, in place of a broker."""
    messages: Messages = []

    def send(arguments: tuple[int], *, queue: str) -> None:
        messages.append((*arguments, queue))

    monkeypatch.setattr(tasks.run_job, "apply_async", send)
    return messages


def running(**fields: Any) -> Job:
    """Return a job that a process holds; with ``leased_until`` in the past it has died."""
    job = start_job(COUNT, {"steps": 1})
    taken = take_lease(job.pk, is_inline=False)
    assert taken is not None
    Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return job


LONG_AGO = Now() - timedelta(hours=1)


def test_the_same_work_is_found_again_until_it_is_finished() -> None:
    first = start_job(COUNT, {"steps": 1, "pause_seconds": 0})
    assert start_job(COUNT, {"pause_seconds": 0, "steps": 1}) == first
    assert start_job(COUNT, {"steps": 2}) != first
    Job.objects.filter(pk=first.pk).update(status="done", finished_at=timezone.now())
    assert start_job(COUNT, {"steps": 1, "pause_seconds": 0}) != first


def test_a_fingerprint_tells_kinds_and_parameters_apart() -> None:
    same = {
        fingerprint_job("a", {"b": 1, "c": "한복"}),
        fingerprint_job("a", {"c": "한복", "b": 1}),
    }
    others = {fingerprint_job("b", {"b": 1, "c": "한복"}), fingerprint_job("a", {"b": 1})}
    assert len(same) == 1
    assert len(same | others) == 3


def test_the_database_refuses_a_second_unfinished_job_for_the_same_work() -> None:
    job = start_job(COUNT, {"steps": 1})
    with pytest.raises(IntegrityError, match="one_unfinished_job"), transaction.atomic():
        Job.objects.create(kind=COUNT, parameters={}, fingerprint=job.fingerprint)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "running"},
        {"leased_until": Now()},
        {"status": "done"},
        {"finished_at": Now()},
        {"status": "failed", "finished_at": Now()},
    ],
)
def test_the_database_refuses_states_that_contradict_themselves(fields: dict[str, Any]) -> None:
    job = start_job(COUNT, {"steps": 1})
    with pytest.raises(IntegrityError, match="job_"), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**fields)


@pytest.mark.django_db(transaction=True)
def test_the_same_work_started_at_once_is_one_job(told: Messages) -> None:
    def start(number: int) -> int:
        try:
            return start_job(COUNT, {"steps": 1}).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(start, range(8)))) == 1
    assert Job.objects.count() == 1


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(JobError, match="received 'dance'"):
        start_job("dance", {})
    assert not Job.objects.exists()


def test_workers_are_told_after_commit(
    told: Messages, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job(COUNT, {"steps": 1})
        assert told == []
    assert told == [(job.pk, "training")]


def test_what_a_command_runs_itself_is_told_to_nobody(
    told: Messages, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job(COUNT, {"steps": 1}, is_queued=False)
    assert job.status == "paused"
    assert requeue_jobs() == 0
    assert told == []


def test_a_job_outlives_a_broker_that_is_down(
    monkeypatch: pytest.MonkeyPatch,
    told: Messages,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    def refuse(arguments: tuple[int], *, queue: str) -> None:
        raise OperationalError("Connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(tasks.run_job, "apply_async", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            job = start_job(COUNT, {"steps": 1})
    assert told == []
    assert requeue_jobs() == 1
    assert told == [(job.pk, "training")]


def test_a_job_is_told_again_only_when_nothing_came_of_it_for_a_while(told: Messages) -> None:
    job = start_job(COUNT, {"steps": 1})
    assert requeue_jobs() == 1
    assert requeue_jobs() == 0
    Job.objects.filter(pk=job.pk).update(told_at=LONG_AGO)
    assert requeue_jobs() == 1
    assert told == [(job.pk, "training")] * 2


def test_the_sweeper_passes_by_kinds_that_this_process_does_not_know(told: Messages) -> None:
    job = running(kind="dance", leased_until=LONG_AGO)
    assert requeue_jobs() == 0
    job.refresh_from_db()
    assert job.status == "running"


def test_a_job_whose_worker_died_waits_longer_after_each_setback(
    told: Messages, settings: Settings
) -> None:
    settings.KFASHION = {"JOB_RETRY_SECONDS": 100}
    job = running(leased_until=LONG_AGO)
    assert requeue_jobs() == 0
    job.refresh_from_db()
    first = (job.due_at - timezone.now()).total_seconds()
    assert (job.status, job.setbacks, job.error_code) == ("waiting", 1, "worker_died")
    assert 90 < first <= 100
    assert take_lease(job.pk, is_inline=False) is None, "not before it is due"
    Job.objects.filter(pk=job.pk).update(due_at=LONG_AGO)
    assert take_lease(job.pk, is_inline=False) is not None
    Job.objects.filter(pk=job.pk).update(leased_until=LONG_AGO)
    requeue_jobs()
    job.refresh_from_db()
    assert 190 < (job.due_at - timezone.now()).total_seconds() <= 200
    assert (job.attempts, job.setbacks) == (2, 2)


def test_a_job_that_keeps_killing_its_worker_fails_in_the_end(told: Messages) -> None:
    job = running(leased_until=LONG_AGO, setbacks=2)
    assert requeue_jobs() == 0
    job.refresh_from_db()
    assert (job.status, job.setbacks) == ("failed", 3)
    assert job.error_message.startswith("Given up after 3 setbacks.")
    assert job.finished_at is not None


def test_a_job_whose_command_died_is_left_to_the_command(told: Messages) -> None:
    job = running(leased_until=LONG_AGO, is_queued=False, setbacks=9)
    assert requeue_jobs() == 0
    job.refresh_from_db()
    assert job.status == "paused"


def test_a_dead_job_that_was_to_be_cancelled_is(told: Messages) -> None:
    job = running(leased_until=LONG_AGO, is_cancel_requested=True)
    requeue_jobs()
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_only_the_jobs_of_the_dead_are_released() -> None:
    job = running(holder="here:1")
    assert release_lost(Job.objects.held_by("here:2")) == 0
    assert release_lost(Job.objects.abandoned()) == 0
    assert release_lost(Job.objects.held_by("here:1")) == 1
    job.refresh_from_db()
    assert job.status == "waiting"


def test_a_waiting_job_is_cancelled_at_once_and_can_be_tried_again(
    told: Messages, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    job = start_job(COUNT, {"steps": 1})
    cancel_job(job)
    assert (job.status, job.is_finished) == ("cancelled", True)
    with pytest.raises(JobError, match="too late"):
        cancel_job(job)
    with django_capture_on_commit_callbacks(execute=True):
        try_again(job)
    assert (job.status, job.finished_at) == ("waiting", None)
    assert told == [(job.pk, "training")]
    with pytest.raises(JobError, match="nothing to try again"):
        try_again(job)


def test_a_running_job_is_asked_to_end_and_an_abandoned_one_cancelled() -> None:
    job = running()
    cancel_job(job)
    assert (job.status, job.is_cancel_requested) == ("running", True)
    Job.objects.filter(pk=job.pk).update(leased_until=LONG_AGO)
    cancel_job(job)
    assert job.status == "cancelled"


def test_work_that_is_under_way_as_another_job_is_not_tried_again() -> None:
    old = start_job(COUNT, {"steps": 1})
    cancel_job(old)
    new = start_job(COUNT, {"steps": 1})
    with pytest.raises(JobError, match=f"of job {old.pk} is under way"):
        try_again(old)
    assert list(Job.objects.unfinished()) == [new]


def test_a_command_s_paused_job_is_handed_to_the_workers_by_starting_it_queued() -> None:
    job = start_job(COUNT, {"steps": 1}, is_queued=False)
    assert start_job(COUNT, {"steps": 1}) == job
    job.refresh_from_db()
    assert (job.status, job.is_queued) == ("waiting", True)


def test_rate_and_time_left_count_from_where_the_stage_began() -> None:
    now = timezone.now()
    job = Job(status="running", done=70, total=100, stage_began_with=50)
    assert (job.rate, job.seconds_left, job.fraction) == (None, None, 0.7)
    job.stage_started_at, job.progressed_at = now - timedelta(seconds=10), now
    assert job.rate == pytest.approx(2.0)
    assert job.seconds_left == pytest.approx(15.0)
    job.status = "done"
    assert job.seconds_left is None
    assert Job().fraction is None
