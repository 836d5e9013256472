"""The query parameters of listings and searches, as the OpenAPI schema describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from products.filters import MAX_EXCLUDED, read_truth
from products.models import Product
from products.search.examples import MAX_EXAMPLES
from products.search.sorted_lists import SORTED_MOST
from products.sorting import Sort
from styles.taxonomy import STYLE_GROUPS, STYLES

# As `products.filters` and its like refuse what is longer, or holds what PostgreSQL cannot store.
TEXT = {"type": "string", "maxLength": 200, "pattern": r"^[^\x00]*$"}
TRUTH = {"type": "boolean"}
PRICE = {"type": "number", "minimum": 0, "exclusiveMaximum": 10**10}
WORDS = {"type": "string", "pattern": r"^[^\x00]*$"}
STYLE_CODES = list(
    dict.fromkeys([*(group.code for group in STYLE_GROUPS), *(style.code for style in STYLES)])
)
_CODE = f"({'|'.join(STYLE_CODES)})"
_SHARE = r"(:(1|0\.[0-9]*[1-9]))?"
_MIX = f"^({_CODE}{_SHARE}(,{_CODE}{_SHARE})*)?$"


def parameter(name: str, description: str, kind: Any = OpenApiTypes.STR) -> OpenApiParameter:
    """Return a query parameter."""
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description)


def is_asked(parameters: Mapping[str, str], name: str) -> bool:
    """Tell whether a parameter asks for something more.

    Raises:
        ValidationError: it is neither true nor false; code ``invalid_boolean``.
    """
    text = parameters.get(name, "").strip()
    if not text:
        return False
    try:
        return read_truth(text)
    except ValidationError as error:
        raise ValidationError({name: error}) from error


PAGING = [
    parameter(
        "limit",
        "At most this many.",
        {"type": "integer", "minimum": 1, "maximum": 100, "default": 24},
    ),
    parameter(
        "cursor",
        "The `next_cursor` of the part before.",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]*$"},
    ),
]
FILTERS = [
    parameter("cluster", "Number of a cluster in force.", {"type": "integer", "minimum": 0}),
    parameter("style", "Code of a style or style group.", {"type": "string", "enum": STYLE_CODES}),
    parameter("category", "Category, as products carry it.", TEXT),
    parameter("colour", "Colour, as products carry it.", TEXT),
    parameter(
        "gender", "Whom it is made for.", {"type": "string", "enum": list(Product.Gender.values)}
    ),
    parameter("brand", "Brand, as products carry it.", TEXT),
    parameter("min_price", "Lowest price.", PRICE),
    parameter("max_price", "Highest price.", PRICE),
    parameter("in_stock", "`false` shows sold-out products too.", TRUTH),
    parameter(
        "exclude", f"SKUs to leave out, separated by commas, at most {MAX_EXCLUDED:,}.", WORDS
    ),
    parameter("q", "Words in name or brand, or a SKU.", TEXT),
]
SORT = [
    parameter(
        "sort",
        "`best`: the most alike, or what words match best, else the newest. Look-alikes sort the "
        f"nearest {SORTED_MOST}.",
        {"type": "string", "enum": list(Sort.values), "default": Sort.BEST.value},
    )
]
FACETS = [parameter("facets", "`true`: count what each filter could be set to.", TRUTH)]
EXPLAIN = [parameter("explain", "`true`: say why each product was found.", TRUTH)]
WISHES = [
    parameter(
        "mix",
        "Style mix to come first: codes of styles or style groups with weights, "
        "`casual:0.7,subculture:0.3`.",
        {"type": "string", "pattern": _MIX},
    ),
    parameter("prefer_colour", "Colours to come first, at most 20, separated by commas.", WORDS),
    parameter("same_palette", "`true`: the colours of the photo come first.", TRUTH),
    parameter("prefer_words", "Words in name or brand to come first, at most 20.", WORDS),
    parameter(
        "diversity",
        "0 for the most alike to 1 for the most varied.",
        {"type": "number", "minimum": 0, "maximum": 1},
    ),
]
EXAMPLES = [
    parameter(
        "like",
        f"More like these: SKUs and ids of searches, separated by commas, at most {MAX_EXAMPLES}.",
        WORDS,
    ),
    parameter(
        "unlike",
        f"Less like those: SKUs and ids of searches, separated by commas, at most {MAX_EXAMPLES}.",
        WORDS,
    ),
]
