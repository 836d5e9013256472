"""``manage.py evaluate_model_version N DATASET ...``: how good a version is on labelled photos."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from styles.console import ReportingCommand, progress_bars
from styles.datasets import FORMATS, read_dataset
from styles.evaluation import Evaluation, evaluate_model_version
from styles.models import ModelVersion
from styles.retrieval import read_answers

SHOWN_SKIPPED = 20


class Command(ReportingCommand):
    """Measure the served model, not the trained one: what shoppers get."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", type=int, metavar="N", help="number of the model version")
        parser.add_argument(
            "datasets", nargs="+", metavar="DATASET", help="as for train_model_version"
        )
        parser.add_argument("--format", choices=FORMATS, help="told by the name if left out")
        parser.add_argument("--labels", metavar="NAME[,NAME...]")
        parser.add_argument(
            "--answers",
            type=Path,
            metavar="FILE",
            help='JSON: which labels answer which photos, {"t-shirt": ["Tshirts"], ...}',
        )
        parser.add_argument(
            "--compare-float",
            action="store_true",
            help="measure the model before its export too; needs the training extra",
        )

    def report(self, options: dict[str, Any]) -> Evaluation:
        version = ModelVersion.objects.numbered(options["number"])
        answers = read_answers(options["answers"]) if options["answers"] else None
        datasets = [
            read_dataset(name, format=options["format"], labels=options["labels"])
            for name in options["datasets"]
        ]
        left_out: Counter[str] = Counter()
        for dataset in datasets:
            left_out.update({reason: few.count for reason, few in dataset.left_out.items()})
        with progress_bars() as on_progress:
            return evaluate_model_version(
                version,
                [example for dataset in datasets for example in dataset],
                datasets=options["datasets"],
                left_out=left_out,
                answers=answers,
                compare_float=options["compare_float"],
                on_progress=on_progress,
            )

    def describe(self, result: Evaluation) -> Iterator[str]:
        for name, card in result.label_sets.items():
            yield f"{name}, on {card.count} photos:"
            for figure in ("accuracy", "top_3", "macro_f1", "majority_baseline"):
                yield f"  {figure:20} {getattr(card, figure):.4f}"
            yield f"  {'calibration_error':20} {card.calibration.expected_error:.4f}"
        for photo in result.skipped[:SHOWN_SKIPPED]:
            yield f"Skipped {photo['key']}: {photo['code']}"
        if len(result.skipped) > SHOWN_SKIPPED:
            yield f"... and {len(result.skipped) - SHOWN_SKIPPED} more."
