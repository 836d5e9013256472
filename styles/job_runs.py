"""One run of a job: its progress and its end; for ``run_job`` and the commands that do the work."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError

from styles import conf
from styles.exceptions import JobCancelledError, JobError, StylesError
from styles.job_leases import DATABASE_ERRORS, end_of_lease, lease_renewed, take_lease
from styles.job_processes import sigterm_raised
from styles.jobs import find_kind, record_setback
from styles.ml.progress import OnStage
from styles.models import Job
from styles.querysets import JobQuerySet

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 1.0
# Database, broker and storage: what is likely to work when it is tried again.
PASSING_ERRORS = (*DATABASE_ERRORS, BrokerError, OSError)


class _StopRun(BaseException):
    """Ends the work from within its progress callback; no ``except Exception`` stops it."""


class _CancelledRun(_StopRun):
    """Somebody asked for the job to be cancelled."""


class _SupersededRun(_StopRun):
    """The lease ran out and somebody else has the job, or its row is gone."""


class JobRun:
    """What the work of a job is given: its parameters, a folder, and ways to report and finish."""

    def __init__(
        self,
        job: Job,
        *,
        on_progress: OnStage | None = None,
        on_message: Callable[[str], None] | None = None,
    ) -> None:
        self.job = job
        self.parameters: Mapping[str, Any] = job.parameters
        self._on_progress = on_progress
        self._on_message = on_message or logger.info
        self._stage = ""
        self._written_at = float("-inf")

    @property
    def folder(self) -> Path:
        """Where the work keeps what it goes on from: the same folder for each of its attempts.

        On this machine, unless ``TRAINING_FOLDER`` is shared: elsewhere the work starts anew. It
        is removed when the job is done or cancelled.
        """
        return job_folder(self.job)

    def tell(self, sentence: str) -> None:
        """Let whoever watches know: on the terminal of a command, in the log of a worker."""
        self._on_message(sentence)

    def report(self, stage: str, done: int, total: int) -> None:
        """Save how far the work is, at most once a second, and renew the lease.

        Call it often, outside of transactions. It ends the work by an exception, which is not an
        ``Exception``, when the job was cancelled or another process has taken it over.

        Args:
            stage: what is being done, in a word.
            done: how many units of the stage.
            total: how many there are.
        """
        if self._on_progress is not None:
            self._on_progress(stage, done, total)
        now = time.monotonic()
        if stage == self._stage and now < self._written_at + PROGRESS_SECONDS:
            return
        try:
            self._write_progress(stage, done=int(done), total=int(total))
        except DATABASE_ERRORS as error:
            if connection.in_atomic_block:
                raise
            # Hours of training are not lost to a restart of the database: the lease decides.
            logger.warning("The progress of job %s was not saved: %s", self.job.pk, error)
            connection.close()
        self._stage, self._written_at = stage, now

    def _write_progress(self, stage: str, *, done: int, total: int) -> None:
        changed: dict[str, Any] = {"stage": stage[:60], "done": done, "total": total}
        if stage != self._stage:
            changed |= {"stage_began_with": done, "stage_started_at": Now()}
        if (
            self.rows()
            .filter(is_cancel_requested=False)
            .update(**changed, progressed_at=Now(), leased_until=end_of_lease())
        ):
            return
        raise _CancelledRun if self.rows().exists() else _SupersededRun

    def finish(self, result: Mapping[str, Any]) -> None:
        """Save the result and the end of the job; the second call for a run changes nothing.

        Called within the transaction that stores what the job made, both are saved or neither is:
        a run that was superseded stores nothing.
        """
        finished = self.rows().update(
            status=Job.Status.DONE,
            result=dict(result),
            done=F("total"),
            leased_until=None,
            is_cancel_requested=False,
            error_code="",
            error_message="",
            finished_at=Now(),
        )
        if not finished and not self._own_rows().filter(status=Job.Status.DONE).exists():
            raise _SupersededRun

    def renew_lease(self) -> None:
        """Hold the job for another ``JOB_LEASE_SECONDS``, if it is still this run's."""
        self.rows().update(leased_until=end_of_lease())

    def rows(self) -> JobQuerySet:
        """Return the job's row while it is this run's: one, or none once it was superseded."""
        return self._own_rows().filter(status=Job.Status.RUNNING)

    def _own_rows(self) -> JobQuerySet:
        return Job.objects.filter(pk=self.job.pk, attempts=self.job.attempts)


def run_job(
    job_id: int,
    *,
    is_inline: bool = False,
    on_progress: OnStage | None = None,
    on_message: Callable[[str], None] | None = None,
) -> Job | None:
    """Run a job to its end in this process; return it, or None where there is nothing to run.

    Two processes that try at once: exactly one runs it. Whatever ends the run is saved in the row
    before it is raised: passing errors have the job tried again, others fail it. SIGTERM and
    Ctrl-C leave it to be continued.

    Args:
        job_id: of any job, also of one that is gone.
        is_inline: the caller is a command that waits for it: paused jobs run too, and without
            waiting for what a setback imposed.
        on_progress: called with each report of the work.
        on_message: called with the sentences that the work has for people.

    Raises:
        JobCancelledError: somebody cancelled it.
        JobError: it was taken over by another process.
        StylesError: what the work refused.
    """
    job = take_lease(job_id, is_inline=is_inline)
    if job is None:
        return None
    run = JobRun(job, on_progress=on_progress, on_message=on_message)
    was_told_to_leave = threading.Event()
    try:
        with lease_renewed(run.renew_lease), sigterm_raised() as was_told_to_leave:
            run.finish(find_kind(job.kind).work(run))
    except _CancelledRun:
        run.rows().update(status=Job.Status.CANCELLED, leased_until=None, finished_at=Now())
        remove_folder(job)
        raise JobCancelledError(f"Job {job.pk} was cancelled.") from None
    except _SupersededRun:
        raise JobError(f"Job {job.pk} was taken over by another process.") from None
    except BaseException as error:
        _save_end(run, SystemExit() if was_told_to_leave.is_set() else error)
        raise
    remove_folder(job)
    job.refresh_from_db()
    return job


def job_folder(job: Job) -> Path:
    """Return the folder for what a job goes on from; it may not exist."""
    return conf.training_folder() / f"{job.pk}-{job.fingerprint[:12]}"


def remove_folder(job: Job) -> None:
    """Remove what a job would have gone on from, if this machine has any."""
    shutil.rmtree(job_folder(job), ignore_errors=True)


def _save_end(run: JobRun, error: BaseException) -> None:
    """Save why a run ended without a result; should that fail too, its lease runs out."""
    try:
        if not connection.in_atomic_block:
            connection.close()  # an interrupted query leaves it unusable
        with transaction.atomic():
            job = run.rows().select_for_update().first()
            if job is not None:
                _settle(job, error)
    except DATABASE_ERRORS as second:
        logger.warning("The end of job %s was not saved: %s", run.job.pk, second)


def _settle(job: Job, error: BaseException) -> None:
    if isinstance(error, PASSING_ERRORS):
        code = "storage_error" if isinstance(error, OSError) else "connection_error"
        record_setback(job, code=code, message=f"{type(error).__name__}: {error}")
        return
    job.leased_until = None
    if isinstance(error, Exception):
        is_foreseen = isinstance(error, StylesError)
        job.status = Job.Status.FAILED
        job.error_code = error.code if isinstance(error, StylesError) else "unexpected_error"
        job.error_message = str(error) if is_foreseen else f"{type(error).__name__}: {error}"
        job.finished_at = Now()
        if not is_foreseen:
            logger.error("Job %s failed unexpectedly", job.pk, exc_info=error)
    else:  # SIGTERM or Ctrl-C: no fault of the job
        job.status = Job.Status.WAITING if job.is_queued else Job.Status.PAUSED
        job.due_at = Now()
        job.told_at = None
    job.save()
