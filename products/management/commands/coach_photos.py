"""``manage.py coach_photos``: which product photos are worth taking again, and why."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from products.models import CatalogueImport
from products.photo_coach import advise
from styles.console import ReportingCommand, progress_bar


class Command(ReportingCommand):
    """List photos that are small, blurred, cluttered, unlike their category, or there twice."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--import", type=int, metavar="N", help="judge what import N created or changed alone"
        )

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        number = options["import"]
        found = CatalogueImport.objects.filter(pk=number).first() if number is not None else None
        if number is not None and found is None:
            raise CommandError(f"There is no import {number}.")
        with progress_bar("Judging photos", unit="photo") as on_progress:
            advice = list(advise(catalogue_import=found, on_progress=on_progress))
        return {
            "counts": dict(sorted(Counter(each.code for each in advice).items())),
            "advice": [
                {
                    "sku": each.sku,
                    "image": each.image,
                    "code": each.code,
                    "measure": each.measure,
                    "sentence": each.sentence,
                }
                for each in advice
            ],
        }

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        for each in result["advice"]:
            yield "{sku}  {code} ({measure}): {sentence}".format(**each)
        yield f"{len(result['advice'])} things to do."
