"""``manage.py check_recall``: hold the vector index against exact scans, now."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from products.recall import SAMPLES, check_recall
from styles.console import ReportingCommand, progress_bar
from styles.models import ModelVersion


class Command(ReportingCommand):
    """Compare searches under filters with exact scans; beat does so every night."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--samples", type=int, default=SAMPLES, metavar="N")

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        version = ModelVersion.objects.active()
        with progress_bar("Searching both ways", unit="search") as on_progress:
            check = check_recall(version, samples=options["samples"], on_progress=on_progress)
        return {
            "model_version": version.number,
            "samples": check.samples,
            "declined": check.declined,
            "recall": check.recall,
            "exact_up_to": check.exact_up_to,
            "index_milliseconds": check.index_milliseconds,
            "exact_milliseconds": check.exact_milliseconds,
            "worst": check.worst,
        }

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        if not result["samples"]:
            yield "Every search of this catalogue is scanned exactly: there is nothing to compare."
            return
        yield (
            f"{result['samples']} searches both ways; the index left {result['declined']} of them "
            "to the exact scan."
        )
        if result["recall"] is not None:
            yield (
                f"Recall {result['recall']:.4f}; p95 {result['index_milliseconds']:.1f} ms through "
                f"the index, {result['exact_milliseconds']:.1f} ms exactly."
            )
        if result["exact_up_to"]:
            yield (
                f"It fell short: up to {result['exact_up_to']} matching products are scanned "
                "exactly from now on."
            )
