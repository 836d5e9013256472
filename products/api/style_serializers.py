"""What the API says of styles and clusters, as serializers; for its views."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from products.api.serializers import ProductSerializer, StyleReferenceSerializer
from styles.models import Cluster, Style


class StyleSerializer(serializers.ModelSerializer[Style]):
    """A style of the taxonomy."""

    name = serializers.CharField()
    group = StyleReferenceSerializer()

    class Meta:
        model = Style
        fields = ("code", "name", "name_ko", "name_en", "group")


class WornColourSerializer(serializers.Serializer[Any]):
    """A colour that typical products wear."""

    code = serializers.CharField()
    hex = serializers.CharField()
    share = serializers.FloatField(help_text="0 to 1.")


class StyleDetailSerializer(serializers.Serializer[Any]):
    """A style or a style group, with what is typical of it."""

    code = serializers.CharField()
    name = serializers.CharField()
    name_ko = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.ChoiceField(
        choices=[("style", "style"), ("style_group", "style group")],
        help_text="A code that names both is the style group.",
    )
    group = StyleReferenceSerializer(help_text="The style group it belongs to, or is.")
    styles = StyleReferenceSerializer(many=True, help_text="The styles of a style group.")
    story = serializers.CharField(help_text="What the style group is about, in a few sentences.")
    count = serializers.IntegerField(help_text="How many products are of it.")
    count_is_exact = serializers.BooleanField()
    colours = WornColourSerializer(many=True, help_text="What its typical products wear most.")
    typical = ProductSerializer(many=True, help_text="The most typical products first.")


class StyleListSerializer(serializers.Serializer[Any]):
    """The taxonomy; it is short, so it comes whole."""

    count = serializers.IntegerField()
    results = StyleSerializer(many=True)


class ClusterSerializer(serializers.ModelSerializer[Cluster]):
    """A cluster in force."""

    name = serializers.CharField()

    class Meta:
        model = Cluster
        fields = ("number", "name", "name_ko", "name_en", "size", "profile")


class NamedShareSerializer(serializers.Serializer[Any]):
    """A part of a cluster."""

    code = serializers.CharField()
    name = serializers.CharField()
    probability = serializers.FloatField(help_text="0 to 1.")


class NeighbourSerializer(serializers.Serializer[Cluster]):
    """A cluster that lies near."""

    number = serializers.IntegerField()
    name = serializers.CharField()


class ClusterDetailSerializer(serializers.Serializer[Any]):
    """A cluster in force, with what is in it."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    name_ko = serializers.CharField()
    name_en = serializers.CharField()
    size = serializers.IntegerField(help_text="How many products it had when it was made.")
    styles = NamedShareSerializer(many=True)
    product_types = NamedShareSerializer(many=True)
    count = serializers.IntegerField(help_text="How many products are in it now.")
    count_is_exact = serializers.BooleanField()
    colours = WornColourSerializer(many=True, help_text="What its typical products wear most.")
    typical = ProductSerializer(many=True, help_text="The products nearest to its middle.")
    nearest = NeighbourSerializer(many=True, help_text="The clusters that lie nearest to it.")


class ClusterListSerializer(serializers.Serializer[Any]):
    """The clusters in force; there are few, so they come whole."""

    count = serializers.IntegerField()
    results = ClusterSerializer(many=True)
