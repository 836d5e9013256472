"""``manage.py train_model_version DATASET ...``: learn styles and product types from photos."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from styles.console import ReportingCommand, progress_bars
from styles.datasets import FORMATS, count_labels, read_dataset
from styles.training import Trained, train_model_version

DEFAULT_BACKBONE = "efficientnet-lite0"


class Command(ReportingCommand):
    """Train one embedding on all the data sets named and store it as a new model version."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "datasets",
            nargs="+",
            metavar="DATASET",
            help="'catalogue' for the shop's products, a folder with a folder a class, a CSV file",
        )
        parser.add_argument("--format", choices=FORMATS, help="told by the name if left out")
        parser.add_argument(
            "--labels",
            metavar="NAME[,NAME...]",
            help="label columns of a CSV file, or what folders are named after; 'label', 'garment'",
        )
        parser.add_argument("--backbone", default=DEFAULT_BACKBONE)
        parser.add_argument("--epochs", type=int, help="of the head")

    def report(self, options: dict[str, Any]) -> Trained:
        examples = [
            example
            for name in options["datasets"]
            for example in read_dataset(name, format=options["format"], labels=options["labels"])
        ]
        labelled = ", ".join(f"{n} with {name}" for name, n in count_labels(examples).items())
        self.stderr.write(f"Learning from {len(examples)} photos: {labelled}.")
        with progress_bars() as on_progress:
            return train_model_version(
                examples,
                backbone=options["backbone"],
                epochs=options["epochs"],
                on_progress=on_progress,
            )

    def describe(self, result: Trained) -> Iterator[str]:
        yield f"Model version {result.model_version}, trained on {result.trained} photos."
        for name, scores in result.metrics.items():
            figures = ", ".join(
                f"{figure} {value:.3f}"
                for figure, value in scores.items()
                if isinstance(value, float)
            )
            yield f"{name}, on {result.held_out} photos held out: {figures}"
        cosine = result.parity["mean_cosine"]
        yield f"Exported to int8: mean cosine {cosine:.4f} to the trained model's embeddings."
        for photo in result.skipped[:20]:
            yield f"Skipped {photo['key']}: {photo['code']}"
        if len(result.skipped) > 20:
            yield f"... and {len(result.skipped) - 20} more."
        yield f"Put it into service with: manage.py activate_model_version {result.model_version}"
