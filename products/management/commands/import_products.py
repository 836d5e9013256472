"""``manage.py import_products FILE``: a catalogue file and its photos into the shop."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from products.importers import import_catalogue
from styles.console import ReportingCommand, progress_bar

SHOWN_ERRORS = 20
COUNTS = ("created", "updated", "unchanged", "failed")


class Command(ReportingCommand):
    """Import a file of products; a row that fails is listed with its reason and the rest goes on.

    Running it again changes only what has changed. It fails when nothing at all can be imported.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="CSV, .xlsx, .jsonl, .xml or .zip"
        )
        parser.add_argument(
            "--images", type=Path, metavar="DIR", help="folder of the photos; else that of FILE"
        )
        parser.add_argument("--dry-run", action="store_true", help="check all, change nothing")
        parser.add_argument(
            "--demo-prices",
            action="store_true",
            help="make up price and stock of products without a price, and mark them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print; then fail if every row did."""
        self.none_imported = False
        super().handle(*args, **options)
        if self.none_imported:
            raise CommandError("None of the rows could be imported.")

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        try:
            with progress_bar("Importing", unit="row") as on_progress:
                result = import_catalogue(
                    options["file"],
                    images=options["images"],
                    dry_run=options["dry_run"],
                    demo_prices=options["demo_prices"],
                    on_progress=on_progress,
                )
        except OSError as error:  # A full disk, a folder without permission.
            raise CommandError(f"{error}. What was imported until then is kept.") from error
        self.none_imported = not (result.created or result.updated or result.unchanged)
        self.is_dry_run = options["dry_run"]
        return {
            **{count: getattr(result, count) for count in COUNTS},
            "errors": [asdict(error) for error in result.errors],
        }

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        for error in result["errors"][:SHOWN_ERRORS]:
            yield "Row {row}, SKU {sku!r}, {code}: {message}".format(**error)
        hidden = len(result["errors"]) - SHOWN_ERRORS
        if hidden > 0:
            yield f"... and {hidden} more rows; --json lists them all."
        yield ", ".join(f"{result[count]} {count}" for count in COUNTS) + "."
        if self.is_dry_run:
            yield "This was a dry run: nothing has been changed."
