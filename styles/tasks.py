"""Celery tasks of the styles app: they take ids, load, call and save.

The rows are the truth and the broker is a hint: every task may run twice, late, or after its row is
gone, and the sweeper sends again whatever a lost message left behind.
"""

from __future__ import annotations

from celery import shared_task

from styles import job_processes, jobs

# A job renews its lease for as long as its process lives: one that hangs is ended by this.
JOB_TIME_LIMIT_SECONDS = 24 * 3600


@shared_task(time_limit=JOB_TIME_LIMIT_SECONDS)
def run_job(job_id: int) -> None:
    """Run a job in a process of its own and wait for it."""
    job_processes.run_in_child(job_id)


@shared_task
def requeue_abandoned_jobs() -> int:
    """Have jobs run that a dead worker or a lost message left behind. Run by beat."""
    return jobs.requeue_jobs()
