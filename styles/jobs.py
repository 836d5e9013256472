"""Long work as rows: kinds of jobs, and starting, cancelling and trying them again.

Called by commands, the admin and tasks; ``styles.job_runs`` runs what is started here. The row is
the truth and the broker a hint: a message only wakes a worker up, and the sweeper sends it again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from styles import conf
from styles.exceptions import JobError
from styles.models import Job
from styles.querysets import JobQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import _StrPromise

    from styles.job_runs import JobRun

logger = logging.getLogger(__name__)

Work = Callable[["JobRun"], Mapping[str, Any]]
DEATHS = "worker_died"


@dataclass(frozen=True)
class JobKind:
    """A kind of long work.

    ``work(run)`` does it and returns the result as JSON-able values. It may be started again after
    any line of it, so it either goes on from what it finds or does the same once more; what must
    happen once belongs into one transaction with ``run.finish(result)``.
    """

    name: str
    title: str | _StrPromise
    queue: str
    max_setbacks: int
    work: Work


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str, *, title: str | _StrPromise, queue: str, max_setbacks: int
) -> Callable[[Work], Work]:
    """Register the decorated function as the work of a kind of jobs.

    Args:
        name: what rows call it.
        title: what people read.
        queue: the Celery queue whose workers run it.
        max_setbacks: how often it may die or meet a passing error before it counts as failed.
    """

    def register(work: Work) -> Work:
        _kinds[name] = JobKind(name, title, queue, max_setbacks, work)
        return work

    return register


def find_kind(name: str) -> JobKind:
    """Return a kind by name.

    Raises:
        JobError: this process knows no such kind.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise JobError(
            f"Expected a job of one of the kinds {sorted(_kinds)}, received {name!r}."
        ) from None


def fingerprint_job(kind: str, parameters: Mapping[str, Any]) -> str:
    """Return the SHA-256 by which the same work is found again, as hexadecimal digits."""
    canonical = json.dumps([kind, parameters], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def start_job(
    kind: str,
    parameters: Mapping[str, Any],
    *,
    is_queued: bool = True,
    requested_by: User | None = None,
) -> Job:
    """Return the unfinished job for this work, or a new one.

    Args:
        kind: a registered kind.
        parameters: JSON-able; the same ones mean the same work.
        is_queued: whether workers shall run it. Else it is paused until the caller runs it.
        requested_by: who asked for it.

    Raises:
        JobError: the kind is unknown.
    """
    find_kind(kind)
    fingerprint = fingerprint_job(kind, parameters)
    status = Job.Status.WAITING if is_queued else Job.Status.PAUSED
    while (job := Job.objects.unfinished().filter(fingerprint=fingerprint).first()) is None:
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=kind,
                    parameters=dict(parameters),
                    fingerprint=fingerprint,
                    status=status,
                    is_queued=is_queued,
                    requested_by=requested_by,
                )
            break
        except IntegrityError:
            logger.info("Another process has just started the same %s job.", kind)
    if is_queued:
        _queue(job)
    return job


def try_again(job: Job) -> None:
    """Have the workers run a paused, failed or cancelled job; it goes on where it can.

    Raises:
        JobError: it waits, runs or is done, or the same work is under way as another job.
    """
    if not _queue(job):
        raise JobError(f"Job {job.pk} is {job.status}: there is nothing to try again.")


def _queue(job: Job) -> bool:
    """Make a job that nobody works on wait for a worker; tell whether there was one to make."""
    at_rest = Job.objects.filter(
        pk=job.pk, status__in=(Job.Status.PAUSED, Job.Status.FAILED, Job.Status.CANCELLED)
    )
    try:
        with transaction.atomic():
            was_at_rest = at_rest.update(
                status=Job.Status.WAITING,
                is_queued=True,
                is_cancel_requested=False,
                due_at=Now(),
                setbacks=0,
                error_code="",
                error_message="",
                finished_at=None,
            )
    except IntegrityError as error:
        raise JobError(
            f"The same work as that of job {job.pk} is under way as another job."
        ) from error
    job.refresh_from_db()
    if job.status == Job.Status.WAITING:
        transaction.on_commit(partial(tell_workers, job))
    return bool(was_at_rest)


def cancel_job(job: Job) -> None:
    """Cancel a job: at once where nobody works on it, else when its runner next reports.

    Raises:
        JobError: it has come to its end already.
    """
    unfinished = Job.objects.unfinished().filter(pk=job.pk)
    running = unfinished.filter(status=Job.Status.RUNNING, leased_until__gte=Now())
    if not running.update(is_cancel_requested=True):
        cancelled = unfinished.filter(
            ~Q(status=Job.Status.RUNNING) | Q(leased_until__lt=Now())
        ).update(status=Job.Status.CANCELLED, leased_until=None, finished_at=Now())
        if not cancelled:
            raise JobError(f"Job {job.pk} is {job.status}: it is too late to cancel it.")
    job.refresh_from_db()


def tell_workers(job: Job) -> None:
    """Send a job's message. Call after commit; a broker that is down is told by the sweeper."""
    from styles.tasks import run_job

    try:
        run_job.apply_async((job.pk,), queue=find_kind(job.kind).queue)
    except OperationalError as error:
        logger.warning("The broker did not take job %s: %s", job.pk, error)
        return
    Job.objects.filter(pk=job.pk).update(told_at=Now())


def release_lost(jobs: JobQuerySet) -> int:
    """Settle running jobs whose runner is known to be gone; return how many there were.

    Each waits for its next attempt, is paused where a command ran it, is cancelled where that was
    asked for, and fails where it has died too often.
    """
    with transaction.atomic():
        lost = list(jobs.filter(status=Job.Status.RUNNING).select_for_update(skip_locked=True))
        for job in lost:
            record_setback(
                job,
                code=DEATHS,
                message="The process that ran it ended without a word: killed, out of memory, or "
                "its machine went down.",
            )
    return len(lost)


def record_setback(job: Job, *, code: str, message: str) -> None:
    """Save that an attempt came to nothing. The caller holds the row locked, or its lease."""
    job.setbacks += 1
    job.error_code, job.error_message = code, message
    job.leased_until = None
    if job.is_cancel_requested:
        job.status = Job.Status.CANCELLED
    elif not job.is_queued:
        job.status = Job.Status.PAUSED
    elif job.setbacks >= find_kind(job.kind).max_setbacks:
        job.status = Job.Status.FAILED
        job.error_message = f"Given up after {job.setbacks} setbacks. {message}"
    else:
        job.status = Job.Status.WAITING
        pause_seconds = conf.get("JOB_RETRY_SECONDS") * 2 ** (job.setbacks - 1)
        job.due_at = Now() + timedelta(seconds=pause_seconds)
        job.told_at = None
    if job.is_finished:
        job.finished_at = Now()
    job.save()


def requeue_jobs() -> int:
    """Find jobs that a dead worker or a lost message left behind and tell the workers of them.

    Returns:
        How many messages were sent.
    """
    # Whoever knows a kind looks after it: an app may be installed in some processes only.
    known = Job.objects.filter(kind__in=_kinds)
    release_lost(known.abandoned())
    told_before = Now() - timedelta(seconds=conf.get("JOB_RESEND_SECONDS"))
    forgotten = known.due().filter(Q(told_at__isnull=True) | Q(told_at__lt=told_before))
    jobs = list(forgotten.order_by("pk"))
    for job in jobs:
        tell_workers(job)
    return len(jobs)
