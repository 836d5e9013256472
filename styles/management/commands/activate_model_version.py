"""``manage.py activate_model_version N``: put a trained model version into service, or undo it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from styles.activation import undo_activation
from styles.activation_jobs import start_activation
from styles.console import StartingCommand
from styles.models import Job, ModelVersion


def share(text: str) -> float:
    """Read a share from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"expected a number from 0 to 1, received {text!r}")
    return value


def describe_comparison(comparison: Mapping[str, Any]) -> Iterator[str]:
    """Yield how two versions' answers compare, as ``styles.exam`` reports it."""
    yield (
        f"Against model version {comparison['model_version']}, over {comparison['questions']} "
        f"example queries ({comparison['photos']} of them photos of shoppers): "
        f"{comparison['mean_overlap']:.1%} of the nearest ten products are the same, "
        f"{comparison['same_first']:.1%} of the first places."
    )
    if comparison["same_type_before"] is not None:
        yield (
            f"Products found are of the query's type: {comparison['same_type_before']:.1%} before, "
            f"{comparison['same_type_after']:.1%} now."
        )
    for change in comparison["changed"]:
        kind, name = next(iter(change["question"].items()))
        yield f"  {kind} {name}: {change['overlap']:.0%} the same"
        yield f"    before  {' '.join(change['before'])}"
        yield f"    now     {' '.join(change['after'])}"


class Command(StartingCommand):
    """Embed the catalogue through the workers, cluster and index it, compare, and flip at the end.

    The version that served before serves until then. Killed or interrupted, the same command goes
    on where it stopped; --undo goes back in a moment.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("number", type=int, nargs="?", metavar="N", help="number of the model version")
        add("--undo", action="store_true", help="go back to the version that served before")
        add(
            "--min-overlap",
            type=share,
            metavar="X",
            help="do not flip where less of the nearest ten products stays the same, 0 to 1",
        )

    def start(self, options: dict[str, Any], **how: Any) -> dict[str, Any] | Job:
        if (options["number"] is None) != options["undo"]:
            raise CommandError("Name one model version, or --undo.", returncode=2)
        if options["undo"]:
            return asdict(undo_activation())
        return start_activation(
            ModelVersion.objects.numbered(options["number"]),
            min_overlap=options["min_overlap"],
            **how,
        )

    def describe_outcome(self, result: dict[str, Any]) -> Iterator[str]:
        if "undone" in result:
            yield (
                f"Model version {result['model_version']} is active again in place of "
                f"{result['undone']}; {result['queued']} photos are being embedded for it."
            )
            return
        yield (
            "Photos: {embedded} embedded, {skipped} already were, {failed} failed; "
            "{photos_per_second} a second.".format(**result["embedding"])
        )
        for cluster in (result["clusters"] or {}).get("clusters", ()):
            yield (
                f"Cluster {cluster['number']}: {cluster['size']} products, "
                f"{cluster['name_en']} / {cluster['name_ko']}"
            )
        if result["comparison"]:
            yield from describe_comparison(result["comparison"])
        yield f"Model version {result['model_version']} is active."
        if result["previous"] is not None:
            yield f"Back to {result['previous']} with: manage.py activate_model_version --undo"
