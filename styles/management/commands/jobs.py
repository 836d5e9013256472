"""``manage.py jobs``: list long work, cancel it, or have it tried again."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from styles.console import ReportingCommand
from styles.exceptions import JobError
from styles.jobs import cancel_job, try_again
from styles.models import Job

LISTED = 20


class Command(ReportingCommand):
    """List what runs and waits, then what ended last."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        change = parser.add_mutually_exclusive_group()
        change.add_argument("--cancel", type=int, metavar="ID", help="cancel this job")
        change.add_argument(
            "--try-again", type=int, metavar="ID", help="have a worker run it again"
        )
        parser.add_argument("--limit", type=int, default=LISTED, help="finished jobs to list")

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["cancel"] is not None:
            cancel_job(_find(options["cancel"]))
        if options["try_again"] is not None:
            try_again(_find(options["try_again"]))
        finished = Job.objects.exclude(pk__in=Job.objects.unfinished())
        listed = [*Job.objects.unfinished(), *finished[: options["limit"]]]
        return {"jobs": [_as_dictionary(job) for job in listed]}

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        if not result["jobs"]:
            yield "There are no jobs."
        for job in result["jobs"]:
            line = f"{job['id']:>6}  {job['kind']:<10} {job['status']:<10} "
            yield (line + (job["error_message"] or _describe_progress(job))).rstrip()


def _find(job_id: int) -> Job:
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise JobError(f"There is no job {job_id}; `manage.py jobs` lists them.")
    return job


def _as_dictionary(job: Job) -> dict[str, Any]:
    times = ("created_at", "started_at", "finished_at", "leased_until")
    plain = ("kind", "parameters", "status", "stage", "done", "total", "rate", "seconds_left")
    ends = ("attempts", "setbacks", "holder", "error_code", "error_message", "result")
    return {
        "id": job.pk,
        **{name: getattr(job, name) for name in (*plain, *ends)},
        **{name: value.isoformat() if (value := getattr(job, name)) else None for name in times},
    }


def _describe_progress(job: dict[str, Any]) -> str:
    if not job["stage"] or job["status"] != Job.Status.RUNNING:
        return ""
    text = f"{job['stage']} {job['done']}/{job['total']}"
    if job["rate"]:
        text += f", {job['rate']:.3g} a second, {job['seconds_left']:.0f} s left"
    return text
