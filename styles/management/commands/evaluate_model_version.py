"""``manage.py evaluate_model_version N DATASET``: how good a version is on labelled photos."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from styles.console import ReportingCommand
from styles.datasets import FORMATS, read_dataset
from styles.models import ModelVersion
from styles.training import Evaluation, evaluate_model_version


class Command(ReportingCommand):
    """Measure the served model, not the trained one: what shoppers get."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", type=int, metavar="N", help="number of the model version")
        parser.add_argument("dataset", metavar="DATASET", help="as for train_model_version")
        parser.add_argument("--format", choices=FORMATS, help="told by the name if left out")
        parser.add_argument("--labels", metavar="NAME[,NAME...]")

    def report(self, options: dict[str, Any]) -> Evaluation:
        version = ModelVersion.objects.numbered(options["number"])
        examples = read_dataset(
            options["dataset"], format=options["format"], labels=options["labels"]
        )
        return evaluate_model_version(version, examples)

    def describe(self, result: Evaluation) -> Iterator[str]:
        for name, scores in result.label_sets.items():
            yield f"{name}:"
            for figure, value in scores.items():
                if isinstance(value, int | float):
                    yield f"  {figure:20} {value:.4f}"
        for photo in result.skipped[:20]:
            yield f"Skipped {photo['key']}: {photo['code']}"
        if len(result.skipped) > 20:
            yield f"... and {len(result.skipped) - 20} more."
