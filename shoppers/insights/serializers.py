"""What the endpoint of insights says, as serializers; also the source of the OpenAPI schema."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from products.models import RecallCheck
from shoppers.insights.models import SearchDay
from shoppers.insights.popularity import Direction
from shoppers.insights.reading import GapState

SHARE = "0 to 1."
SHARES = "Share in each week, 0 to 1; null where too few people did anything to tell of it."


def _shares() -> Any:
    return serializers.ListField(child=serializers.FloatField(allow_null=True), help_text=SHARES)


def _mix() -> Any:
    return serializers.DictField(child=serializers.FloatField(), help_text="Code or word -> share.")


class StyleCurveSerializer(serializers.Serializer[Any]):
    """A style group week by week."""

    code = serializers.CharField()
    name = serializers.CharField()
    searches = _shares()
    seen = _shares()
    liked = _shares()
    catalogue = serializers.FloatField(help_text="Its share of the products, 0 to 1.")
    lift = serializers.FloatField(
        help_text="The last two whole weeks beside those before, smoothed; 1 is as before."
    )
    votes = serializers.IntegerField(help_text="Searches, views and likes of these two weeks.")
    direction = serializers.ChoiceField(choices=[each.value for each in Direction])


class NearestSerializer(serializers.Serializer[Any]):
    """A product that comes nearest to a gap."""

    sku = serializers.CharField()
    distance = serializers.FloatField()


class DemandGapSerializer(serializers.Serializer[Any]):
    """Something that many people photographed and the shop does not sell."""

    since = serializers.DateField()
    searches = serializers.IntegerField(help_text="In all weeks listed.")
    weeks = serializers.ListField(child=serializers.IntegerField(), help_text="Searches a week.")
    style_groups = _mix()
    product_types = _mix()
    colours = _mix()
    nearest = NearestSerializer(many=True)


class ConvertingGroupSerializer(serializers.Serializer[Any]):
    """How often what was seen of a group was taken up."""

    key = serializers.CharField()
    name = serializers.CharField()
    seen = serializers.IntegerField(help_text="Pairs of a shopper and a product, a week each.")
    liked = serializers.IntegerField()
    clicked = serializers.IntegerField()
    bought = serializers.IntegerField()
    taken_up = serializers.IntegerField(help_text="Liked, clicked or bought.")
    share = serializers.FloatField(help_text="Taken up of what was seen, 0 to 1.")
    low = serializers.FloatField(help_text="Lower bound of the 95 % interval (Wilson).")
    high = serializers.FloatField(help_text="Upper bound of it.")
    is_sure = serializers.BooleanField(help_text="Whether the interval leaves out the average.")


class ConversionSerializer(serializers.Serializer[Any]):
    """Groups compared, the best first."""

    average = serializers.FloatField(allow_null=True, help_text="Of all groups together.")
    groups = ConvertingGroupSerializer(many=True)


class ConversionsSerializer(serializers.Serializer[Any]):
    """Groups compared by style group and by cluster."""

    style_group = ConversionSerializer()
    cluster = ConversionSerializer()


class BalanceSerializer(serializers.Serializer[Any]):
    """Supply of and demand for one style, colour or band of prices."""

    key = serializers.CharField()
    name = serializers.CharField()
    products = serializers.IntegerField()
    demand = serializers.IntegerField(help_text="Searches and views of the last four weeks.")
    supply_share = serializers.FloatField(help_text=SHARE)
    demand_share = serializers.FloatField(help_text=SHARE)
    ratio = serializers.FloatField(
        allow_null=True, help_text="Demand beside supply, smoothed; null where nothing is stocked."
    )


class BalancesSerializer(serializers.Serializer[Any]):
    """Supply and demand by style group, colour and price, the most sought after first."""

    style_group = BalanceSerializer(many=True)
    colour = BalanceSerializer(many=True)
    price = BalanceSerializer(many=True)


class SearchDaySerializer(serializers.ModelSerializer[SearchDay]):
    """How the searches of one day went."""

    failed = serializers.IntegerField()

    class Meta:
        model = SearchDay
        fields = (
            *("day", "answered", "failed", "judged", "unmatched"),
            *("median_milliseconds", "p95_milliseconds"),
        )


class RecallCheckSerializer(serializers.ModelSerializer[RecallCheck]):
    """What the vector index found of an exact scan's answers."""

    class Meta:
        model = RecallCheck
        fields = ("checked_at", "samples", "recall")


class SearchHealthSerializer(serializers.Serializer[Any]):
    """How well searches were answered in the last 30 days."""

    answered = serializers.IntegerField()
    failed = serializers.IntegerField()
    failures = serializers.DictField(
        child=serializers.IntegerField(), help_text="Code -> how many."
    )
    judged = serializers.IntegerField(help_text="Answered while distances were calibrated.")
    unmatched = serializers.IntegerField(help_text="Of these, without a close match.")
    unmatched_share = serializers.FloatField(allow_null=True, help_text=SHARE)
    median_milliseconds = serializers.FloatField(allow_null=True)
    p95_milliseconds = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(
        allow_null=True, help_text="Of the vector index at its last check, 0 to 1."
    )
    recall_checks = RecallCheckSerializer(many=True, help_text="Of the version in use.")
    days = SearchDaySerializer(many=True)


class InsightsSerializer(serializers.Serializer[Any]):
    """What the photos say."""

    weeks = serializers.ListField(
        child=serializers.DateField(), help_text="Their Mondays; the last one is running."
    )
    min_shoppers = serializers.IntegerField(help_text="Nothing is told of fewer people.")
    min_seen = serializers.IntegerField(help_text="Groups seen less often are not compared.")
    style_groups = StyleCurveSerializer(many=True, help_text="The steepest rise first.")
    gap_state = serializers.ChoiceField(
        choices=[each.value for each in GapState],
        help_text="`known`: gaps can be told; otherwise why not.",
    )
    gaps = DemandGapSerializer(many=True, help_text="Those that are open.")
    gaps_filled = serializers.IntegerField(help_text="Gaps of these weeks that were filled since.")
    conversion = ConversionsSerializer()
    balance = BalancesSerializer()
    search_health = SearchHealthSerializer()
