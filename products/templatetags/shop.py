"""What the pages of the shop need beyond plain variables; loaded by the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.formats import number_format

from products import conf, vocabulary
from products.models import Product, ProductImage
from products.money import money
from products.outcomes import Outcome, Share
from products.swatches import swatch
from products.thumbnails import thumbnails_of
from products.views.chips import style_name
from products.views.refinement import Refinement
from styles import taxonomy
from styles.images import max_upload_bytes

register = template.Library()

register.filter("category_name", vocabulary.category_name)
register.filter("colour_name", vocabulary.colour_name)
register.filter("swatch", swatch)
register.filter("style_name", style_name)

# A photo whose height is at least this many times its width fills the 4:5 frame of a card.
FILLING_RATIO = 1.2
# How wide photos are shown: see the columns of .grid, .row and .product in shop.css.
PHOTO_SIZES = {
    "grid": "(min-width: 100rem) 15vw, (min-width: 60rem) 22vw, (min-width: 40rem) 30vw, 45vw",
    "row": "(min-width: 37rem) 15.5rem, 42vw",
    "page": "(min-width: 76rem) 35rem, (min-width: 48rem) 45vw, 92vw",
    "strip": "(min-width: 60rem) 7vw, (min-width: 40rem) 11vw, 23vw",
    "half": "(min-width: 76rem) 17rem, (min-width: 48rem) 22vw, 45vw",
}
# Shares below this are noise to a reader; they are summed up under "other".
SMALLEST_SHARE_SHOWN = 0.03
LARGEST_MIX_SHOWN = 5


@dataclass(frozen=True)
class MixPart:
    """A style group's share of a photo, with the shares of the styles in it."""

    group: Share
    styles: tuple[Share, ...]


@dataclass(frozen=True)
class Mix:
    """The largest parts of a mix.

    Attributes:
        rest: what the parts left out hold, in whole percent.
        knows_styles: whether single styles have been learnt, not their groups alone.
    """

    parts: tuple[MixPart, ...]
    rest: int
    knows_styles: bool


@dataclass(frozen=True)
class PhotoTerms:
    """What a shopper is told before giving a photo away."""

    megabytes: int
    hours: int
    vector_hours: int


@register.filter
def price(product: Product) -> str:
    """Return the price in the currency's and the language's way, or nothing without a price."""
    if product.price is None:
        return ""
    return money(product.price, product.currency)


@register.filter
def grouped(count: int) -> str:
    """Return a count with its thousands set apart as the language does."""
    return number_format(count, 0, use_l10n=True, force_grouping=True)


@register.filter
def percent(share: float) -> int:
    """Return a share in [0, 1] in whole percent; 100 is kept for what is exactly alike."""
    return int(share * 100 + 1e-6)


@register.filter
def alt_text(product: Product) -> str:
    """Return what a photo shows beyond the name beside it: kind and colour."""
    words = (
        vocabulary.category_name(product.category),
        vocabulary.colour_name(product.colour),
    )
    return ", ".join(word for word in words if word)


@register.inclusion_tag("products/_photo.html")
def photo(
    image: ProductImage | None, alt: str = "", *, is_eager: bool = False, place: str = "grid"
) -> dict[str, Any]:
    """Show a product photo in a frame of 4:5; tall photos fill it, others stand in it whole.

    Args:
        is_eager: whether it is in sight at once, and the page waits for it.
        place: where it stands, a key of PHOTO_SIZES, so that browsers take the width they need.
    """
    context = {"image": image, "alt": alt, "is_eager": is_eager, "sizes": PHOTO_SIZES[place]}
    if image is None:
        return context
    candidates = thumbnails_of(image)
    # For the few browsers that choose no width themselves, the one in the middle.
    address = candidates[len(candidates) // 2][0] if candidates else image.file.url
    return {
        **context,
        "fills": image.height >= image.width * FILLING_RATIO,
        "address": address,
        "srcset": ", ".join(f"{one} {width}w" for one, width in candidates),
    }


@register.simple_tag
def style_mix(outcome: Outcome) -> Mix:
    """Return the style groups of a photo, each with its styles; empty if no style was learnt."""
    shown = _largest(outcome.style_groups)
    rest = sum(share.probability for share in outcome.style_groups[len(shown) :])
    knows_styles = outcome.styles != outcome.style_groups
    parts = tuple(
        MixPart(group, _styles_of(group, outcome) if knows_styles else ()) for group in shown
    )
    return Mix(parts, percent(rest), knows_styles)


@register.simple_tag
def product_type_mix(outcome: Outcome) -> tuple[Share, ...]:
    """Return the kinds of product a photo most likely shows."""
    return _largest(outcome.product_types)


@register.filter
def chosen(refinement: Refinement, name: str) -> str:
    """Return what a filter is set to, or nothing."""
    value = getattr(refinement.filters, name)
    return "" if value is None else str(value)


@register.simple_tag(takes_context=True)
def narrowed(context: template.Context, name: str, value: str = "") -> str:
    """Return the query of this list with one word set, or taken away, from its beginning."""
    refinement: Refinement = context["refinement"]
    return f"?{refinement.query(**{name: value})}"


@register.simple_tag(takes_context=True)
def next_part(context: template.Context, cursor: str, number: int = 0) -> str:
    """Return the query of the part of this list that a cursor leads to.

    Args:
        number: which page it would be, from 1; it still leads somewhere when the cursor does not.
    """
    refinement: Refinement = context["refinement"]
    paging = urlencode(({"page": number} if number else {}) | {"cursor": cursor})
    query = refinement.query()
    return f"?{query}&{paging}" if query else f"?{paging}"


@register.simple_tag(takes_context=True)
def like(context: template.Context, sku: str) -> str:
    """Return the query of this list moved towards a product."""
    return _with_example(context["refinement"], sku, to="like", away_from="unlike")


@register.simple_tag(takes_context=True)
def unlike(context: template.Context, sku: str) -> str:
    """Return the query of this list moved away from a product."""
    return _with_example(context["refinement"], sku, to="unlike", away_from="like")


@register.simple_tag
def photo_terms() -> PhotoTerms:
    """Return how large a photo may be and how long it is kept."""
    return PhotoTerms(
        megabytes=max_upload_bytes() // (1024 * 1024),
        hours=conf.get("IMAGE_SEARCH_LIFETIME_HOURS"),
        vector_hours=conf.get("VECTOR_LIFETIME_HOURS"),
    )


def _with_example(refinement: Refinement, sku: str, *, to: str, away_from: str) -> str:
    examples = {"like": refinement.examples.liked, "unlike": refinement.examples.disliked}
    query = refinement.query(
        **{
            to: ",".join(dict.fromkeys((*examples[to], sku))),
            away_from: ",".join(name for name in examples[away_from] if name != sku),
        }
    )
    return f"?{query}"


def _largest(shares: tuple[Share, ...]) -> tuple[Share, ...]:
    large = [share for share in shares if share.probability >= SMALLEST_SHARE_SHOWN]
    return tuple(large[:LARGEST_MIX_SHOWN]) or shares[:1]


def _styles_of(group: Share, outcome: Outcome) -> tuple[Share, ...]:
    codes = {style.code for style in taxonomy.STYLES if style.group == group.code}
    return tuple(
        share
        for share in outcome.styles
        if share.code in codes and share.probability >= SMALLEST_SHARE_SHOWN
    )
