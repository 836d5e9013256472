"""``manage.py compare_backbones DATASET ...``: the study's tables, on any labelled photos."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from styles.comparison import StoredComparison, compare_backbones
from styles.comparison_tables import describe_comparison
from styles.console import ReportingCommand, progress_bars
from styles.datasets import FORMATS, count_labels, read_dataset


class Command(ReportingCommand):
    """Fit the study's head on each backbone; what is cached of an earlier run is used again."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("datasets", nargs="+", metavar="DATASET", help="as for train_model_version")
        add("--format", choices=FORMATS, help="told by the name if left out")
        add("--labels", metavar="COLUMN,...", help="label columns or label sets of the data set")
        add("--label-set", metavar="NAME", help="what to tell apart, where photos say several")
        add("--backbones", type=_names, metavar="NAME,...", help="all if left out")
        add("--batch-sizes", type=_counts, default=[16, 32, 64], metavar="N,...")
        add("--epochs", type=_counts, default=[5, 10, 20], metavar="N,...")
        add("--sweep", metavar="NAME", help="sweep this backbone; the best if left out")
        add(
            "--weights",
            type=_weights,
            action="append",
            default=[],
            metavar="NAME=FILE",
            help="take a backbone's weights from a file; may be repeated",
        )
        add("--output", type=Path, metavar="FOLDER", help="instead of the artifact storage")

    def report(self, options: dict[str, Any]) -> StoredComparison:
        with progress_bars() as on_progress:
            examples = [
                example
                for name in options["datasets"]
                for example in read_dataset(
                    name,
                    format=options["format"],
                    labels=options["labels"],
                    on_progress=on_progress,
                ).examples
            ]
            labelled = ", ".join(f"{n} with {name}" for name, n in count_labels(examples).items())
            self.stderr.write(f"Comparing on {len(examples)} photos: {labelled}.")
            return compare_backbones(
                examples,
                backbones=options["backbones"],
                label_set=options["label_set"],
                weights=dict(options["weights"]),
                sweep=options["sweep"],
                batch_sizes=options["batch_sizes"],
                epochs=options["epochs"],
                output=options["output"],
                on_progress=on_progress,
            )

    def describe(self, result: StoredComparison) -> Iterator[str]:
        yield from describe_comparison(result.comparison)
        yield ""
        yield f"Stored as JSON, CSV and Markdown in {result.stored}"


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _counts(text: str) -> list[int]:
    counts = [int(part) if part.isdecimal() else 0 for part in _names(text)]
    if not counts or min(counts) < 1:
        raise ArgumentTypeError(f"expected whole numbers from 1, received {text!r}")
    return counts


def _weights(text: str) -> tuple[str, Path]:
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise ArgumentTypeError(f"expected NAME=FILE, received {text!r}")
    return name, Path(file)
