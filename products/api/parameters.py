"""The query parameters of listings and searches, as the OpenAPI schema describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from products.filters import read_truth


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
    parameter("limit", "At most this many, 1 to 100; 24 unless told.", OpenApiTypes.INT),
    parameter("cursor", "The `next_cursor` of the part before."),
]
FILTERS = [
    parameter("cluster", "Cluster number.", OpenApiTypes.INT),
    parameter("style", "Code of a style or style group."),
    parameter("category", "Category, as products carry it."),
    parameter("colour", "Colour, as products carry it."),
    parameter("gender", "women, men, girls, boys or unisex."),
    parameter("brand", "Brand."),
    parameter("min_price", "Lowest price.", OpenApiTypes.DECIMAL),
    parameter("max_price", "Highest price.", OpenApiTypes.DECIMAL),
    parameter("in_stock", "false shows sold-out products too.", OpenApiTypes.BOOL),
    parameter("exclude", "SKUs to leave out, separated by commas."),
    parameter("q", "Words in name or brand, or a SKU."),
]
FACETS = [parameter("facets", "1: count what each filter could be set to.", OpenApiTypes.BOOL)]
EXPLAIN = [parameter("explain", "1: say why each product was found.", OpenApiTypes.BOOL)]
WISHES = [
    parameter("mix", "Style mix to come first: codes with weights, `casual:0.7,street:0.3`."),
    parameter("prefer_colour", "Colours to come first, separated by commas."),
    parameter("same_palette", "true: the colours of the photo come first.", OpenApiTypes.BOOL),
    parameter("prefer_words", "Words in name or brand to come first."),
    parameter("diversity", "0 for the most alike to 1 for the most varied.", OpenApiTypes.NUMBER),
]
EXAMPLES = [
    parameter("like", "More like these: SKUs and ids of searches, separated by commas."),
    parameter("unlike", "Less like those: SKUs and ids of searches, separated by commas."),
]
