"""``manage.py evaluate_model_version N DATASET ...``: how good a version is on labelled photos."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from styles.console import ReportingCommand, progress_bars
from styles.datasets import FORMATS, read_dataset
from styles.evaluation import Evaluation, evaluate_model_version
from styles.models import ModelVersion
from styles.reports import LANGUAGES, StoredReport, default_language, store_report
from styles.retrieval import read_answers

SHOWN_SKIPPED = 20


@dataclass(frozen=True, kw_only=True)
class Reported(Evaluation):
    """An evaluation and where its report is."""

    report: StoredReport


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
        parser.add_argument(
            "--output", type=Path, metavar="FOLDER", help="write the report there too"
        )
        parser.add_argument("--language", choices=LANGUAGES, help="of the report's page")

    def report(self, options: dict[str, Any]) -> Reported:
        version = ModelVersion.objects.numbered(options["number"])
        answers = read_answers(options["answers"]) if options["answers"] else None
        datasets = [
            read_dataset(name, format=options["format"], labels=options["labels"])
            for name in options["datasets"]
        ]
        examples = [example for dataset in datasets for example in dataset]
        left_out: Counter[str] = Counter()
        for dataset in datasets:
            left_out.update({reason: few.count for reason, few in dataset.left_out.items()})
        with progress_bars() as on_progress:
            evaluation = evaluate_model_version(
                version,
                examples,
                datasets=options["datasets"],
                left_out=left_out,
                answers=answers,
                compare_float=options["compare_float"],
                on_progress=on_progress,
            )
        report = store_report(
            evaluation,
            examples,
            language=options["language"] or default_language(),
            output=options["output"],
        )
        return Reported(**vars(evaluation), report=report)

    def describe(self, result: Reported) -> Iterator[str]:
        for name, card in result.label_sets.items():
            yield f"{name}, on {card.count} photos:"
            for figure in ("accuracy", "top_3", "macro_f1", "majority_baseline"):
                yield f"  {figure:20} {getattr(card, figure):.4f}"
            yield f"  {'calibration_error':20} {card.calibration.expected_error:.4f}"
        for found in result.retrieval:
            yield (
                f"look-alikes, {_about(found.asking, found.answering)}: "
                f"P@1 {found.figures.precision_at_1:.4f}, "
                f"P@10 {found.figures.precision_at_10:.4f}, "
                f"mAP {found.figures.mean_average_precision:.4f}"
            )
        for one in result.comparison:
            yield (
                f"int8 {one.served:.4f}, float {one.trained:.4f}, {one.points:+.2f} points: "
                f"{_about(one.asking, one.answering)} {one.figure}"
            )
        for label_set, codes in result.unlearnt.items():
            yield f"Not learnt, so not counted: {sum(codes.values())} labels of {label_set}."
        for photo in result.skipped[:SHOWN_SKIPPED]:
            yield f"Skipped {photo['key']}: {photo['code']}"
        if len(result.skipped) > SHOWN_SKIPPED:
            yield f"... and {len(result.skipped) - SHOWN_SKIPPED} more."
        yield f"The report: {result.report.page}"
        yield f"Its numbers: {result.report.numbers}"


def _about(asking: str, answering: str) -> str:
    return asking if answering in ("", asking) else f"{asking} > {answering}"
