"""``manage.py search_image PHOTO``: the search of the shop, in a terminal and without a worker."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.management.base import CommandError

from products.api.pagination import PageRequest
from products.crops import Crop
from products.cut_off import calibration_of, has_close_match
from products.embedding import classify
from products.explanations import Explanation, explain_hits
from products.filters import ProductFilters
from products.models import ImageSearch
from products.outcomes import ProductHit, product_hits, search_outcome
from products.search import Wishes, look_alikes, query_of_search
from products.validators import clean_upload
from styles.console import ReportingCommand
from styles.heat_maps import HEAT_MAP_FORMATS, overlay_heat_map
from styles.serving import one_view

FILTER_OPTIONS = ("cluster", "category", "style", "colour", "gender", "brand", "q", "exclude")
WISH_OPTIONS = ("mix", "prefer-colour", "prefer-words", "diversity")


class Command(ReportingCommand):
    """Classify a photo and list the products that look like it; nothing is stored."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("photo", type=Path, metavar="PHOTO")
        parser.add_argument("--limit", default="10", metavar="N")
        parser.add_argument(
            "--heat-map",
            type=Path,
            metavar="FILE",
            help="save where the model looked, as .webp, .png or .jpg",
        )
        parser.add_argument(
            "--crop", default="", metavar="X,Y,W,H", help="look at this box alone, 0 to 1"
        )
        for name in (*FILTER_OPTIONS, "min-price", "max-price", *WISH_OPTIONS):
            parser.add_argument(f"--{name}")
        parser.add_argument(
            "--in-stock", action="store_true", default=None, help="as it is without this option"
        )

    @one_view()
    def report(self, options: dict[str, Any]) -> dict[str, Any]:
        filters, wishes = ProductFilters.parse(options), Wishes.parse(options)
        crop = Crop.parse(options["crop"])
        page = PageRequest.parse({"limit": options["limit"]})
        try:
            content = options["photo"].read_bytes()
        except OSError as error:
            raise CommandError(f"Cannot read {options['photo']}: {error.strerror}.") from error
        photo = clean_upload(ContentFile(content))
        if crop:
            crop.check(width=photo.width, height=photo.height)
        shown = crop.cut_out_of(photo.content) if crop else photo.content
        search = classify(shown)
        outcome = search_outcome(search)
        query = query_of_search(search, is_grouped=filters.cluster is None)
        found = look_alikes(query, filters=filters, wishes=wishes, limit=page.limit)
        calibration = calibration_of(query.model_version)
        explained = explain_hits(query, [hit.product_id for hit in found.hits])
        if options["heat_map"]:
            _save_heat_map(options["heat_map"], shown, search)
        return {
            "model_version": search.model_version.number if search.model_version else None,
            "cluster": vars(outcome.cluster) if outcome.cluster else None,
            "styles": [vars(share) for share in outcome.styles],
            "style_groups": [vars(share) for share in outcome.style_groups],
            "product_types": [vars(share) for share in outcome.product_types],
            "count": found.count,
            "has_close_match": has_close_match(
                found, query, filters=filters, calibration=calibration
            ),
            "results": [
                {
                    "rank": entry.hit.rank,
                    "sku": entry.product.sku,
                    "name": entry.product.display_name,
                    "distance": entry.hit.distance,
                    "similarity": entry.hit.similarity,
                    "in_group": entry.hit.is_in_group,
                    "match": _match(entry),
                    "shared_styles": _shared(entry.explanation, "styles"),
                    "shared_colours": _shared(entry.explanation, "colours"),
                }
                for entry in product_hits(found, calibration=calibration, explained=explained)
            ],
        }

    def describe(self, result: dict[str, Any]) -> Iterator[str]:
        cluster = result["cluster"]
        if cluster:
            yield f"Style group: {cluster['name']} ({cluster['probability']:.0%})"
        for title, key in (("Styles", "styles"), ("Product types", "product_types")):
            shares = ", ".join(f"{s['name']} {s['probability']:.0%}" for s in result[key][:5])
            if shares:
                yield f"{title}: {shares}"
        if result["has_close_match"] is False:
            yield "No close match: these are the nearest there are."
        for found in result["results"]:
            mark = " " if found["in_group"] else "+"
            yield (
                f"{found['rank']:3}{mark} {found['similarity']:.3f}  "
                f"{found['sku']:<12} {found['name']}{_why(found)}"
            )
        yield f"{result['count']} products match; + marks those beyond the style group."


def _match(entry: ProductHit) -> dict[str, Any] | None:
    found = entry.match
    if found is None:
        return None
    return {"grade": found.grade.value, "name": found.name, "percent": found.percent}


def _shared(explanation: Explanation | None, kind: str) -> list[dict[str, Any]]:
    return [
        {"code": shared.code, "name": shared.name, "share": shared.share}
        for shared in (getattr(explanation, kind) if explanation else ())
    ]


def _why(found: dict[str, Any]) -> str:
    """Return grade, styles and colours in brackets, as far as they are known."""
    words = [found["match"]["name"]] if found["match"] else []
    words += [shared["name"] for shared in found["shared_styles"][:2]]
    words += [shared["name"] for shared in found["shared_colours"][:2]]
    return f"  ({', '.join(words)})" if words else ""


def _save_heat_map(file: Path, photo: bytes, search: ImageSearch) -> None:
    format = HEAT_MAP_FORMATS.get(file.suffix.casefold())
    if format is None:
        raise CommandError(f"Name the heat map .webp, .png or .jpg, not {file.name}.")
    if not search.heat_map:
        raise CommandError("This model version does not tell where it looked: train a newer one.")
    try:
        file.write_bytes(overlay_heat_map(photo, search.heat_map, format=format))
    except OSError as error:
        raise CommandError(f"Cannot write {file}: {error.strerror}.") from error
