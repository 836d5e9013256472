"""Makes a key for an app that uses the API, and prints it once."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from access.models import AppKey
from styles.console import ReportingCommand


class Command(ReportingCommand):
    """``create_app_key NAME [--contact WHO] [--days N] [--rate reads=600/minute] [--json]``."""

    help = "Make a key for an app that uses the API. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the app is called, at most 50 characters")
        parser.add_argument("--contact", default="", help="whom to tell before it is revoked")
        parser.add_argument(
            "--days", type=int, help="how long it is good; unless told, until revoked"
        )
        parser.add_argument(
            "--rate",
            action="append",
            default=[],
            type=_rate,
            metavar="SCOPE=RATE",
            help="a rate of its own, such as searches=600/hour; may be given several times",
        )
        super().add_arguments(parser)

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        key = AppKey(
            name=options["name"],
            contact=options["contact"],
            rates=dict(options["rate"]),
            expiry_date=(
                timezone.now() + timedelta(days=options["days"])
                if options["days"] is not None
                else None
            ),
        )
        secret = AppKey.objects.assign_key(key)
        key.full_clean()
        key.save(force_insert=True)
        return {
            "name": key.name,
            "prefix": key.prefix,
            "key": secret,
            "expires": key.expiry_date.isoformat() if key.expiry_date else None,
            "rates": key.rates,
        }

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        yield f"The key of {result['name']}, which is not kept and cannot be shown again:"
        yield result["key"]


def _rate(text: str) -> tuple[str, str]:
    scope, separator, rate = text.partition("=")
    if not separator:
        raise ArgumentTypeError(f"“{text}” is not of the form searches=600/hour")
    return scope, rate
