"""Jobs that are run by the process that asks for them; for the modules of the kinds of jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from styles.exceptions import JobError, JobInterruptedError
from styles.job_leases import take_over
from styles.job_runs import run_job
from styles.jobs import cancel_job, start_job
from styles.ml.progress import OnStage
from styles.models import Job


def run_inline(
    kind: str,
    parameters: Mapping[str, Any],
    *,
    when_interrupted: str,
    on_progress: OnStage | None = None,
    on_message: Callable[[str], None] | None = None,
) -> Any:
    """Run a job here, or go on with one like it that was interrupted; return its result.

    Args:
        kind: of the job.
        parameters: what it is given.
        when_interrupted: what to tell people after Ctrl-C, beside how a worker can go on with it.
        on_progress: called with a stage's name, how many are done and how many there are.
        on_message: called with sentences for people.

    Raises:
        JobError: another process is at this very job.
        JobCancelledError: somebody cancelled it.
        JobInterruptedError: Ctrl-C; it can be continued.
        StylesError: what the work refused.
    """
    job = start_job(kind, parameters, is_queued=False)
    take_over(job)
    try:
        done = run_job(job.pk, is_inline=True, on_progress=on_progress, on_message=on_message)
    except KeyboardInterrupt:
        raise JobInterruptedError(
            f"Interrupted{when_interrupted}, or a worker after "
            f"`manage.py jobs --try-again {job.pk}`."
        ) from None
    if done is None:
        raise JobError(f"Job {job.pk} has just been taken up by another process.")
    return done.result


def clear_the_way(kind: str, parameters: Mapping[str, Any]) -> None:
    """Cancel what is left of doing the same to a model version otherwise: the last wish counts.

    Args:
        kind: of the jobs.
        parameters: what is wished for now, with the number of the ``model_version``. Jobs of other
            parameters that only try it out, as ``dry_run`` says, stand in nobody's way.

    Raises:
        JobError: one is under way.
    """
    others = (
        Job.objects.unfinished()
        .filter(kind=kind, parameters__model_version=parameters["model_version"])
        .exclude(parameters=dict(parameters))
        .exclude(parameters__has_key="dry_run")
    )
    for job in others:
        take_over(job)
        cancel_job(job)
