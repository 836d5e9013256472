"""``manage.py find_duplicates``: products that are offered twice, told by their photos."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from products.duplicates import DuplicateSearch, find_duplicates
from styles.console import ReportingCommand
from styles.models import ModelVersion


class Command(ReportingCommand):
    """List groups of products whose photos are the same, or that the model cannot tell apart."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--photos-only", action="store_true", help="compare photos alone, not vectors"
        )

    def report(self, options: dict[str, Any]) -> DuplicateSearch:
        version = None
        if not options["photos_only"]:
            version = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
        return find_duplicates(version)

    def describe(self, result: DuplicateSearch) -> Iterator[str]:
        for group in result.groups:
            yield f"{' = '.join(group.skus)}  ({', '.join(group.reasons)})"
        yield f"{len(result.groups)} groups among {result.products} products."
        if result.undescribed:
            yield (
                f"{result.undescribed} photos were not compared: `manage.py describe_photos` "
                "makes their fingerprints."
            )
