"""Leases on jobs: taking one, which one process of many can, and renewing it; for ``job_runs``."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from styles import conf
from styles.exceptions import JobError
from styles.job_processes import has_gone, name_process
from styles.jobs import release_lost
from styles.models import Job

logger = logging.getLogger(__name__)

RENEWALS_PER_LEASE = 3
DATABASE_ERRORS = (OperationalError, InterfaceError)


def take_lease(job_id: int, *, is_inline: bool) -> Job | None:
    """Take a job that is to be run; return it, or None where there is none or another was quicker.

    Args:
        job_id: of any job, also of one that is gone.
        is_inline: take paused jobs as well, and those that a setback lets wait.
    """
    release_lost(Job.objects.abandoned().filter(pk=job_id))
    if is_inline:
        open_jobs = Job.objects.filter(status__in=(Job.Status.WAITING, Job.Status.PAUSED))
    else:
        open_jobs = Job.objects.due()
    with transaction.atomic():
        job = open_jobs.filter(pk=job_id).select_for_update(skip_locked=True).first()
        if job is None:
            return None
        Job.objects.filter(pk=job_id).update(
            status=Job.Status.RUNNING,
            is_queued=not is_inline,
            attempts=F("attempts") + 1,
            holder=name_process(),
            leased_until=end_of_lease(),
            started_at=job.started_at or Now(),
            stage="",
            done=0,
            total=0,
            stage_started_at=None,
            progressed_at=None,
        )
    job.refresh_from_db()
    return job


def take_over(job: Job) -> None:
    """Free a job whose process is known to be gone before its lease has run out.

    Raises:
        JobError: a process that lives, or that only its lease tells of, is at it.
    """
    job.refresh_from_db()
    if job.status == Job.Status.RUNNING and has_gone(job.holder):
        release_lost(Job.objects.held_by(job.holder).filter(pk=job.pk))
        job.refresh_from_db()
    is_abandoned = Job.objects.abandoned().filter(pk=job.pk).exists()
    if job.status == Job.Status.RUNNING and not is_abandoned:
        raise JobError(
            f"Job {job.pk} is at this already, run by {job.holder}. Wait for it, or cancel it with "
            f"`manage.py jobs --cancel {job.pk}`."
        )


def end_of_lease() -> CombinedExpression:
    """Return when a lease runs out that is taken now, by the clock of the database."""
    return Now() + timedelta(seconds=conf.get("JOB_LEASE_SECONDS"))


@contextmanager
def lease_renewed(renew: Callable[[], None]) -> Iterator[None]:
    """Call `renew` from a thread again and again, for stages that report nothing for long."""
    is_over = threading.Event()

    def beat() -> None:
        try:
            while not is_over.wait(conf.get("JOB_LEASE_SECONDS") / RENEWALS_PER_LEASE):
                try:
                    renew()
                except DATABASE_ERRORS as error:
                    logger.warning("A lease was not renewed: %s", error)
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
