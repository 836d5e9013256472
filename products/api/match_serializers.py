"""What a list of the API tells about itself: facets, matches and explanations, as serializers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from products.cut_off import Grade, Match
from products.explanations import Explanation
from products.facets import Facets


class FacetValueSerializer(serializers.Serializer[Any]):
    """A value a filter can take."""

    value = serializers.CharField(help_text="What the filter is set to.")
    name = serializers.CharField(help_text="In the caller's language.")
    count = serializers.IntegerField(help_text="How many would match.")
    is_selected = serializers.BooleanField()


class PriceRangeSerializer(serializers.Serializer[Any]):
    """Prices that occur, as `min_price` and `max_price` take them."""

    min_price = serializers.DecimalField(max_digits=12, decimal_places=2)
    max_price = serializers.DecimalField(max_digits=12, decimal_places=2)
    count = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer[Facets]):
    """What each filter could be set to, the other filters staying as they are."""

    style = FacetValueSerializer(  # type: ignore[assignment]  # A member's name.
        source="values.style", many=True, help_text="Style groups."
    )
    cluster = FacetValueSerializer(source="values.cluster", many=True)
    category = FacetValueSerializer(source="values.category", many=True)
    colour = FacetValueSerializer(source="values.colour", many=True)
    gender = FacetValueSerializer(source="values.gender", many=True)
    brand = FacetValueSerializer(source="values.brand", many=True)
    price_ranges = PriceRangeSerializer(many=True)
    min_price = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    max_price = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    in_stock = serializers.IntegerField(help_text="How many can be bought.")
    sold_out = serializers.IntegerField(help_text="How many `in_stock=false` would add.")
    is_exact = serializers.BooleanField(
        help_text="False where very many match: counts are estimated then."
    )


class MatchSerializer(serializers.Serializer[Match]):
    """How well a hit matches, by what this shop's own catalogue has taught."""

    grade = serializers.ChoiceField(choices=[(grade.value, grade.value) for grade in Grade])
    name = serializers.CharField(help_text="The grade in the caller's language.")
    percent = serializers.IntegerField(help_text="100 for the same photo, 50 at the cut-off.")


class SharedStyleSerializer(serializers.Serializer[Any]):
    """A style that both hold."""

    code = serializers.CharField()
    name = serializers.CharField()
    share = serializers.FloatField(help_text="Of both mixes, 0 to 1.")


class SharedColourSerializer(serializers.Serializer[Any]):
    """A colour that both hold."""

    code = serializers.CharField()
    name = serializers.CharField()
    hex = serializers.CharField(help_text="What it looks like in what was asked with.")
    share = serializers.FloatField(help_text="Of both photos, 0 to 1.")


class ExplanationSerializer(serializers.Serializer[Explanation]):
    """Why a hit was found."""

    shared_styles = SharedStyleSerializer(source="styles", many=True)
    shared_colours = SharedColourSerializer(source="colours", many=True)
