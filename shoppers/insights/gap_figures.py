"""Puts demand gaps into words and drawings of the active language; for the page in the admin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from products.models import Product
from products.outcomes import Share
from products.swatches import swatch
from products.thumbnails import thumbnails_of
from products.vocabulary import category_name
from shoppers.insights.drawing import draw_bars
from shoppers.insights.facets import Facet, name_of
from shoppers.insights.reading import Gap, InsightsRead
from shoppers.insights.wording import draw_colours, percent, safe


@dataclass(frozen=True)
class NearFigure:
    """A product of the shop that comes nearest to a gap."""

    name: str
    address: str
    photo: str
    alike: str


@dataclass(frozen=True)
class GapFigure:
    """A gap as a card."""

    title: str
    mix: tuple[Share, ...]
    types: tuple[Share, ...]
    colours: tuple[Share, ...]
    strip: SafeString
    bars: SafeString
    searches: int
    since: date
    products: tuple[NearFigure, ...]


def gap_figures(found: InsightsRead) -> list[GapFigure]:
    """Return a card for each open gap, the most searched first."""
    return [_gap_figure(gap, found.weeks) for gap in found.gaps]


def _gap_figure(gap: Gap, weeks: Sequence[date]) -> GapFigure:
    row = gap.row
    types = _shares(row.product_types, category_name)
    mix = _shares(row.mix, lambda code: name_of(Facet.STYLE_GROUP, code, clusters={}))
    colours = _shares(row.colours, lambda code: name_of(Facet.COLOUR, code, clusters={}))
    seen = [(swatch(each.code), each.probability) for each in colours]
    words = [share.name for share in (*colours[:1], *mix[:1], *types[:1])]
    counted = ", ".join(
        f"{date_format(week, 'SHORT_DATE_FORMAT')}: {count}"
        for week, count in zip(weeks, gap.weeks, strict=True)
        if count
    )
    return GapFigure(
        title=", ".join(words) or _("Something new"),
        mix=mix,
        types=types,
        colours=colours,
        strip=draw_colours([(shades[0], share) for shades, share in seen if shades]),
        bars=safe(draw_bars(gap.weeks, description=counted)),
        searches=gap.searches,
        since=row.first_day,
        products=tuple(_near_figure(near.product, near.distance) for near in gap.products),
    )  # fmt: skip


def _near_figure(product: Product, distance: float) -> NearFigure:
    image = next(iter(product.images.all()), None)
    thumbnails = thumbnails_of(image) if image else []
    photo = thumbnails[0][0] if thumbnails else image.file.url if image else ""
    return NearFigure(
        name=product.display_name,
        address=product.get_absolute_url(),
        photo=photo,
        alike=percent(max(1.0 - distance, 0.0)),
    )


def _shares(mix: Mapping[str, float], name: Callable[[str], str]) -> tuple[Share, ...]:
    """Return a mix with names, the largest share first."""
    ranked = sorted(mix.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(Share(code, name(code), share) for code, share in ranked)
