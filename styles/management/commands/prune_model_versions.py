"""``manage.py prune_model_versions``: give back the space of versions that no longer serve."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from styles.console import ReportingCommand
from styles.pruning import Pruning, prune_model_versions


def whole_number(text: str) -> int:
    """Read a number of 0 or more."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"expected a whole number, received {text!r}")
    return int(text)


class Command(ReportingCommand):
    """Drop embeddings, index, classifications, clusterings and files of retired model versions.

    The version that serves stays; a staged one, and the one that `activate_model_version --undo`
    leads back to, go only if they are named.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("numbers", type=int, nargs="*", metavar="N", help="of versions; else all retired ones")
        add("--keep", type=whole_number, metavar="N", help="but the newest N retired ones")
        add("--dry-run", action="store_true", help="report, change nothing")

    def report(self, options: dict[str, Any]) -> Pruning:
        if options["numbers"] and options["keep"] is not None:
            raise CommandError("Name versions, or how many to --keep, not both.", returncode=2)
        return prune_model_versions(
            options["numbers"], keep=options["keep"] or 0, dry_run=options["dry_run"]
        )

    def describe(self, result: Pruning) -> Iterator[str]:
        for version in result.pruned:
            rows = version.rows
            yield (
                f"Model version {version.model_version}, {version.status}: {rows.embeddings} "
                f"embeddings in {rows.bytes / 2**20:.1f} MB, {rows.classifications} "
                f"classifications, {rows.assignments} products in clusters."
            )
        if result.left_behind:
            yield f"Artifacts that belonged to nothing: {len(result.left_behind)}."
        if not result.pruned and not result.left_behind:
            yield "There is nothing to prune."
        elif result.is_dry_run:
            yield "Dry run: all of it is still there."
