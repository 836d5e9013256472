"""``manage.py run_job ID``: do the work of a job here; workers call it for each queued job."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from styles.console import ReportingCommand, progress_bars
from styles.exceptions import JobError
from styles.job_processes import end_with_parent, yield_to_others
from styles.job_runs import run_job
from styles.models import Job


class Command(ReportingCommand):
    """Run one job to its end in this process, whoever was to run it."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("job", type=int, metavar="ID")
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="as workers call it: if it is due, behind others, until standard input ends",
        )

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        is_child = options["with_parent"]
        if is_child:
            end_with_parent()
            yield_to_others()
        with progress_bars() as on_progress:
            job = run_job(options["job"], is_inline=not is_child, on_progress=on_progress)
        if job is None and not is_child:
            known = Job.objects.filter(pk=options["job"]).first()
            raise JobError(
                f"Job {known.pk} is {known.status}: there is nothing to run."
                if known
                else f"There is no job {options['job']}."
            )
        return job.result if job else {}

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        for name, value in result.items():
            yield f"{name}: {value}"
