"""``manage.py train_model_version DATASET ...``: learn styles and product types from photos."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from styles.console import StartingCommand
from styles.datasets import FORMATS
from styles.models import Job
from styles.training import PRESETS, Trained
from styles.training_jobs import DEFAULT_BACKBONE, start_training

PARAMETERS = (
    "datasets",
    "format",
    "labels",
    "backbone",
    "preset",
    "weights",
    "epochs",
    "batch_size",
    "per_class",
    "crop_to_garment",
    "seed",
)


class Command(StartingCommand):
    """Train one embedding on all the data sets named and store it as a new model version.

    Killed or interrupted, the same command goes on where it was.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add(
            "datasets",
            nargs="+",
            metavar="DATASET",
            help="'catalogue' for the shop's products, a folder with a folder a class, a K-Fashion "
            "download, a CSV file",
        )
        add("--format", choices=FORMATS, help="told by the name and what is there if left out")
        add(
            "--labels",
            metavar="NAME[,NAME...]",
            help="label columns of a CSV file, or what folders are named after; 'label', 'garment'",
        )
        add("--backbone", default=DEFAULT_BACKBONE)
        add(
            "--preset",
            choices=PRESETS,
            default=PRESETS[0],
            help="quick (default): a head on the frozen backbone; full: its last blocks as well; "
            "study: the original study's recipe",
        )
        add("--weights", metavar="FILE", help="take the backbone's weights from here")
        add("--epochs", type=int, help="of the preset's last stage")
        add("--batch-size", type=int, help="of the same stage")
        add("--per-class", type=int, metavar="N", help="learn from at most N photos a class")
        add("--crop-to-garment", action="store_true", help="where the data set has boxes")
        add("--seed", type=int, help="of everything that is drawn; the setting SEED if left out")

    def start(self, options: dict[str, Any], **how: Any) -> Trained | Job:
        parameters = {
            name: options[name]
            for name in PARAMETERS
            if options[name] is not None and options[name] is not False
        }
        return start_training(parameters, **how)

    def describe_outcome(self, result: Trained) -> Iterator[str]:
        yield f"Model version {result.model_version}, trained on {result.trained} photos."
        yield (
            "Kept on one side of the split: {duplicates} copies, {near_duplicates} near copies, "
            "{shoots} shoots.".format(**result.relatives)
        )
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
