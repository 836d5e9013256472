"""What the commands of both apps share: ``--json``, a progress bar, errors in a sentence."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from tqdm import tqdm

from styles.exceptions import StylesError


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
