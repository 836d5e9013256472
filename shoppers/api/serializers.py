"""What the endpoints about shoppers say, as serializers; also the source of the OpenAPI schema."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from products.api.image_search_serializers import ShareSerializer
from products.api.match_serializers import ExplanationSerializer
from products.api.serializers import ProductSerializer
from products.models import Product
from shoppers.models import ShopperEvent, Trend
from shoppers.recommendations import Because, Recommendation, Recommended


class EventVerdictSerializer(serializers.Serializer[Any]):
    """What became of one event."""

    index = serializers.IntegerField(help_text="Its place in the batch, from 0.")
    id = serializers.CharField(allow_null=True, help_text="What the app calls it.")
    status = serializers.ChoiceField(
        choices=["accepted", "duplicate", "refused"],
        help_text="`duplicate`: an event of this id, or this search, had been taken before.",
    )
    code = serializers.CharField(allow_null=True, help_text="Why it was refused.")
    detail = serializers.CharField(allow_null=True, help_text="The same in a sentence.")


class EventBatchSerializer(serializers.Serializer[Any]):
    """What became of a batch of events."""

    accepted = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = EventVerdictSerializer(many=True)


class ProductReferenceSerializer(serializers.ModelSerializer[Product]):
    """A product, as short as can be."""

    name = serializers.CharField(source="display_name")

    class Meta:
        model = Product
        fields = ("sku", "name")


class BecauseSerializer(serializers.Serializer[Because]):
    """Why a product is recommended."""

    kind = serializers.ChoiceField(choices=ShopperEvent.Kind.values)
    product = ProductReferenceSerializer(
        allow_null=True, help_text="What they liked or viewed; null for a photo."
    )
    similarity = serializers.FloatField(help_text="How alike the two are, 0 to 1.")
    sentence = serializers.CharField(help_text="The reason in the caller's language.")


class RecommendationSerializer(serializers.Serializer[Recommendation]):
    """A product that a shopper may like."""

    rank = serializers.IntegerField(help_text="From 1.")
    distance = serializers.FloatField(
        allow_null=True, help_text="To the interest it belongs to; null without a taste."
    )
    similarity = serializers.FloatField(allow_null=True, help_text="1 - distance.")
    scores = serializers.DictField(
        child=serializers.FloatField(), help_text="What the order went by; 0 to 1."
    )
    because = BecauseSerializer(allow_null=True)
    explanation = ExplanationSerializer(allow_null=True, help_text="Null unless `explain=1`.")
    product = ProductSerializer()


class RecommendationListSerializer(serializers.Serializer[Recommended]):
    """A part of the recommendations."""

    basis = serializers.ChoiceField(
        choices=["taste", "trending", "newest"],
        help_text="What they rest on: the last two where nothing is known of the shopper.",
    )
    count = serializers.IntegerField(help_text="How many could be recommended in all.")
    count_is_exact = serializers.BooleanField()
    next_cursor = serializers.CharField(
        allow_null=True, help_text="Pass as `cursor` for the next part; null at the end."
    )
    results = RecommendationSerializer(many=True)


class TasteSerializer(serializers.Serializer[Any]):
    """What the shop knows of a shopper."""

    is_known = serializers.BooleanField(help_text="Whether anything was sent of them.")
    since = serializers.DateTimeField(allow_null=True, help_text="When they agreed to it.")
    events = serializers.DictField(
        child=serializers.IntegerField(min_value=0),
        help_text="Kind -> of how many products or photos it is known.",
    )
    style_groups = ShareSerializer(many=True, help_text="Their style mix.")
    liked = serializers.ListField(child=serializers.CharField(), help_text="SKUs, latest first.")
    viewed = serializers.ListField(child=serializers.CharField(), help_text="SKUs, latest first.")
    retention_days = serializers.IntegerField(help_text="After so long each event is deleted.")


class ForgottenSerializer(serializers.Serializer[Any]):
    """What was deleted of a shopper."""

    deleted = serializers.DictField(
        child=serializers.IntegerField(min_value=0), help_text="Kind -> how many events."
    )
    deleted_at = serializers.DateTimeField()


class StyleTrendSerializer(serializers.ModelSerializer[Trend]):
    """A style group that is rising."""

    code = serializers.CharField(source="style_group")
    name = serializers.CharField()

    class Meta:
        model = Trend
        fields = ("rank", "code", "name", "lift", "votes", "votes_before", "shoppers")


class ProductTrendSerializer(serializers.ModelSerializer[Trend]):
    """A product that is rising."""

    product = ProductSerializer()

    class Meta:
        model = Trend
        fields = ("rank", "lift", "votes", "votes_before", "shoppers", "product")


class TrendsSerializer(serializers.Serializer[Any]):
    """What is rising this week against the weeks before."""

    computed_at = serializers.DateTimeField(allow_null=True)
    min_shoppers = serializers.IntegerField(
        help_text="Nothing is listed that fewer different shoppers cared for."
    )
    style_groups = StyleTrendSerializer(many=True)
    products = ProductTrendSerializer(many=True)
