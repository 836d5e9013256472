"""``manage.py activate_model_version N``: put a trained model version into service."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from styles.activation import Activation, activate_model_version
from styles.console import ReportingCommand, progress_bar
from styles.models import ModelVersion


class Command(ReportingCommand):
    """Embed the catalogue through the workers, cluster it, and flip to the version at the end."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", type=int, metavar="N", help="number of the model version")

    def report(self, options: dict[str, Any]) -> Activation:
        version = ModelVersion.objects.numbered(options["number"])
        with progress_bar("Embedding the catalogue", unit="photo") as on_progress:
            return activate_model_version(version, on_progress=on_progress)

    def describe(self, result: Activation) -> Iterator[str]:
        counts = result.embedding
        yield (
            f"Photos: {counts.embedded} embedded, {counts.skipped} already were, "
            f"{counts.failed} failed; {counts.photos_per_second} a second."
        )
        if result.clusters:
            for cluster in result.clusters.clusters:
                yield (
                    f"Cluster {cluster.number}: {cluster.size} products, "
                    f"{cluster.name_en} / {cluster.name_ko}"
                )
        yield f"Model version {result.model_version} is active."
