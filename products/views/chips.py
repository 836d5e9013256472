"""What narrows and reorders a list, each in a few words with the address that takes it away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from products import conf, vocabulary
from products.facets import Facets
from products.models import Product
from products.money import money
from products.views.refinement import Refinement
from styles import taxonomy
from styles.languages import is_korean


@dataclass(frozen=True)
class Chip:
    """Something in force; ``query`` is that of the address without it."""

    label: str
    query: str


def chips_in_force(refinement: Refinement, facets: Facets | None) -> list[Chip]:
    """Return a chip for each filter, wish and example, in the order of the form."""
    return [
        *_of_filters(refinement, facets),
        *_of_wishes(refinement),
        *_of_examples(refinement, "like", refinement.examples.liked),
        *_of_examples(refinement, "unlike", refinement.examples.disliked),
    ]


def style_name(code: str) -> str:
    """Return the name of a style or style group in the active language."""
    named = taxonomy.resolve_group(code) or taxonomy.resolve_style(code)
    if named is None:
        return code
    return named.name_ko if is_korean() else named.name_en


def _of_filters(refinement: Refinement, facets: Facets | None) -> Iterator[Chip]:
    filters = refinement.filters
    clusters = {value.value: value.name for value in facets.values["cluster"]} if facets else {}
    number = str(filters.cluster)
    labels = {
        "q": f"“{filters.q}”" if filters.q else "",
        "category": vocabulary.category_name(filters.category or ""),
        "colour": vocabulary.colour_name(filters.colour or ""),
        "style": style_name(filters.style) if filters.style else "",
        "cluster": clusters.get(number, number) if filters.cluster is not None else "",
        "gender": str(Product.Gender(filters.gender).label) if filters.gender else "",
        "brand": filters.brand or "",
        "min_price": _price(_("from %(price)s"), filters.min_price),
        "max_price": _price(_("up to %(price)s"), filters.max_price),
        "in_stock": _("Sold-out products too") if filters.in_stock is False else "",
        "exclude": _excluded(len(filters.exclude)),
    }
    for name, label in labels.items():
        if label:
            yield Chip(label, refinement.query(**{name: ""}))


def _of_wishes(refinement: Refinement) -> Iterator[Chip]:
    wishes = refinement.wishes
    parts = sorted(wishes.mix, key=lambda part: -part[1])
    mix = ", ".join(f"{style_name(code)} {round(share * 100)}%" for code, share in parts)
    colours = ", ".join(vocabulary.colour_name(colour) for colour in wishes.colours)
    words = " ".join(wishes.words)
    variety = round(wishes.diversity * 100)
    labels = {
        "mix": _("Style mix: %(mix)s") % {"mix": mix} if mix else "",
        "prefer_colour": _("%(colours)s first") % {"colours": colours} if colours else "",
        "same_palette": _("Colours of the photo first") if wishes.has_same_palette else "",
        "prefer_words": _("“%(words)s” first") % {"words": words} if words else "",
        "diversity": _("Variety %(percent)s%%") % {"percent": variety} if variety else "",
    }
    for name, label in labels.items():
        if label:
            yield Chip(label, refinement.query(**{name: ""}))


def _of_examples(refinement: Refinement, parameter: str, names: Sequence[str]) -> Iterator[Chip]:
    if not names:
        return
    products = Product.objects.filter(sku__in=names).only("sku", "name", "name_ko")
    shown = {product.sku: product.display_name for product in products}
    for name in names:
        named = {"name": shown.get(name) or _("another photo")}
        label = _("More like %(name)s") if parameter == "like" else _("Less like %(name)s")
        left = ",".join(other for other in names if other != name)
        yield Chip(label % named, refinement.query(**{parameter: left}))


def _price(sentence: str, price: Decimal | None) -> str:
    if price is None:
        return ""
    return sentence % {"price": money(price, conf.get("DEFAULT_CURRENCY"))}


def _excluded(count: int) -> str:
    if not count:
        return ""
    sentence = ngettext("%(count)s product left out", "%(count)s products left out", count)
    return sentence % {"count": count}
