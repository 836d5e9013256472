"""What the commands of both apps share: ``--json``, a progress bar, errors in a sentence."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from tqdm import tqdm

from styles.exceptions import StylesError
from styles.models import Job


@dataclass(frozen=True)
class Queued:
    """A job that is left to a worker."""

    job: int
    status: str


class ReportingCommand(BaseCommand):
    """A command that ends in a result, told as a readable text or as one JSON object.

    Subclasses implement ``report``, which does the work and returns the result as a dataclass or
    dictionary, and ``describe``, which puts it into lines for people.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--json`` to whatever the subclass adds."""
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object on the last line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print; a domain error becomes one sentence and exit code 1."""
        try:
            result = self.report(options)
        except (StylesError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            reason = str(error).splitlines()[0]
            raise CommandError(
                f"The database cannot serve this: {reason}. Is it up, and is `migrate` done?"
            ) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["json"]:
            plain = asdict(result) if is_dataclass(result) else result  # type: ignore[arg-type]
            self.stdout.write(json.dumps(plain, ensure_ascii=False))
        else:
            for line in self.describe(result):
                self.stdout.write(line)

    def report(self, options: dict[str, Any]) -> Any:
        """Do the work and return its result."""
        raise NotImplementedError

    def describe(self, result: Any) -> Iterator[str]:
        """Yield the result as lines for people."""
        raise NotImplementedError


class StartingCommand(ReportingCommand):
    """A command whose work is a job: done here, with a bar a stage, or by a worker on ``--queue``.

    Subclasses implement ``start``, which returns the job where a worker shall do it and the result
    else, and ``describe_outcome``, which puts that result into lines for people.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--queue`` to whatever the subclass adds."""
        super().add_arguments(parser)
        parser.add_argument(
            "--queue", action="store_true", help="have a worker do it and return at once"
        )

    def report(self, options: dict[str, Any]) -> Any:
        """Start the work; tell of the job where it is left to a worker."""
        with progress_bars() as on_progress:
            outcome = self.start(
                options,
                queue=options["queue"],
                on_progress=on_progress,
                on_message=self.stderr.write,
            )
        return Queued(outcome.pk, outcome.status) if isinstance(outcome, Job) else outcome

    def describe(self, result: Any) -> Iterator[str]:
        """Yield how to watch the job, or what came of it."""
        if isinstance(result, Queued):
            yield f"Job {result.job} is {result.status}; watch it with: manage.py jobs"
        else:
            yield from self.describe_outcome(result)

    def start(self, options: dict[str, Any], **how: Any) -> Any:
        """Start the work; ``how`` is ``queue``, ``on_progress`` and ``on_message`` of its start."""
        raise NotImplementedError

    def describe_outcome(self, result: Any) -> Iterator[str]:
        """Yield the result of work done here as lines for people."""
        raise NotImplementedError


@contextmanager
def progress_bar(title: str, *, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Give a callback ``(done, total)`` that moves a bar on a terminal and is silent elsewhere."""
    with tqdm(desc=title, unit=unit, disable=not sys.stderr.isatty(), leave=False) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Give a callback ``(stage, done, total)`` that shows a bar for each stage in turn."""
    bars: dict[str, tqdm[Any]] = {}

    def advance(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            # What an interrupted run has done does not count for the rate of this one.
            bars[stage] = tqdm(
                desc=stage, initial=done, total=total, disable=not sys.stderr.isatty()
            )
        bars[stage].update(done - bars[stage].n)

    try:
        yield advance
    finally:
        for bar in bars.values():
            bar.close()
