"""Takes a key back from an app."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from access.models import AppKey
from styles.console import ReportingCommand


class Command(ReportingCommand):
    """``revoke_app_key PREFIX [--json]``."""

    help = "Revoke a key for good: the next request with it is refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("prefix", help="the 8 characters of the key before its point")
        super().add_arguments(parser)

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        prefix = options["prefix"].partition(".")[0]
        key = AppKey.objects.filter(prefix=prefix).first()
        if key is None:
            raise CommandError(f"There is no key that begins with {prefix}.")
        was_revoked = key.revoked
        key.revoked = True
        key.save()
        return {"name": key.name, "prefix": key.prefix, "was_revoked": was_revoked}

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        if result["was_revoked"]:
            yield f"The key {result['prefix']} of {result['name']} had been revoked before."
        else:
            yield f"The key {result['prefix']} of {result['name']} is revoked."
