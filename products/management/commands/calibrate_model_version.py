"""``manage.py calibrate_model_version [N]``: learn anew from where on there is no close match."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from products.cut_off import MIN_PHOTOS, calibrate
from styles.console import ReportingCommand
from styles.models import ModelVersion


class Command(ReportingCommand):
    """Learn what distances mean, from the catalogue as it is now; activation does so by itself."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "number", nargs="?", type=int, metavar="N", help="number; else the active version"
        )

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        number = options["number"]
        versions = ModelVersion.objects.all()
        model_version = versions.active() if number is None else versions.numbered(number)
        calibration = calibrate(model_version)
        if calibration is None:
            raise CommandError(
                f"There is too little to learn from: model version {model_version.number} needs "
                f"at least {MIN_PHOTOS} embedded photos of products that are published."
            )
        return {
            "model_version": model_version.number,
            "very_close": calibration.very_close,
            "close": calibration.close,
            "cut_off": calibration.cut_off,
            "is_reliable": calibration.is_reliable,
            **calibration.report,
        }

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        yield (
            f"Very close up to {result['very_close']:.3f}, close up to {result['close']:.3f}. "
            f"Cut-off: no close match beyond {result['cut_off']:.3f}."
        )
        yield (
            f"Of {result['photos']} home photos of the shop's own products {result['missed']:.0%} "
            f"lie beyond it, of {result['pictures_of_nothing']} pictures of nothing "
            f"{result['wrongly_found']:.0%} within."
        )
        if not result["is_reliable"]:
            yield "That is too often: searches will not speak of close matches."
