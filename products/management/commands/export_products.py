"""``manage.py export_products``: the catalogue as a file that can be imported again."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from products import conf
from products.exporters import KINDS, Export, Format, read_filters
from styles.console import ReportingCommand

FILTERS = ("cluster", "category", "style", "colour", "gender", "brand", "q", "exclude")


class Command(ReportingCommand):
    """Write the published products, with style group, style mix and cluster as custom labels."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=[*map(str, Format)], default=Format.CSV)
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="by default products.csv, .xlsx, ..."
        )
        parser.add_argument(
            "--address",
            metavar="URL",
            help="where the shop is, https://...; by default the setting SHOP_ADDRESS",
        )
        for name in (*FILTERS, "min-price", "max-price"):
            parser.add_argument(f"--{name}")
        parser.add_argument(
            "--in-stock",
            action="store_const",
            const="true",
            help="leave sold-out products out",
        )

    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        kind = Format(options["format"])
        address = options["address"]
        export = Export(
            kind,
            filters=read_filters(options),
            address=conf.get("SHOP_ADDRESS") if address is None else address,
        )
        file = options["output"] or Path(f"products.{KINDS[kind].suffix}")
        # Beside it first: nobody takes half a file for the catalogue.
        unfinished = file.with_name(f"{file.name}.part")
        try:
            with unfinished.open("wb") as target:
                for part in export.parts():
                    target.write(part)
            unfinished.replace(file)
        except OSError as error:
            raise CommandError(f"Cannot write {file}: {error.strerror}.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        return {
            "file": str(file),
            "format": str(kind),
            "products": export.products,
            "left_out": dict(export.left_out),
            "bytes": file.stat().st_size,
        }

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        yield "{products} products in {file}.".format(**result)
        for reason, count in sorted(result["left_out"].items()):
            yield f"Left out, {reason}: {count}."
