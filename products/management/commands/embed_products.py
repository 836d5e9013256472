"""``manage.py embed_products``: embed, through the workers, what a model version has not yet."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from products.catalogue import ProductCatalogue
from products.models import ProductImage
from styles.catalogue import EmbeddingCounts
from styles.console import ReportingCommand, progress_bar
from styles.models import ModelVersion


class Command(ReportingCommand):
    """Embed the photos that have no embedding; interrupted, it goes on where it stopped."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--model-version", type=int, metavar="N", help="number; else the active version"
        )
        parser.add_argument(
            "--retry-failed", action="store_true", help="also photos that could not be embedded"
        )

    def report(self, options: dict[str, Any]) -> EmbeddingCounts:
        number = options["model_version"]
        versions = ModelVersion.objects.all()
        model_version = versions.active() if number is None else versions.numbered(number)
        if options["retry_failed"]:
            ProductImage.objects.exclude(error_code="").update(error_code="")
        with progress_bar("Embedding the catalogue", unit="photo") as on_progress:
            return ProductCatalogue().embed(model_version, on_progress=on_progress)

    def describe(self, result: EmbeddingCounts) -> Iterator[str]:
        yield (
            f"Photos: {result.embedded} embedded, {result.skipped} already were, "
            f"{result.failed} failed; {result.photos_per_second} a second."
        )
