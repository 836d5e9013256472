"""What the API says of styles and clusters, as serializers; for its views."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from products.api.serializers import StyleReferenceSerializer
from styles.models import Cluster, Style


class StyleSerializer(serializers.ModelSerializer[Style]):
    """A style of the taxonomy."""

    name = serializers.CharField()
    group = StyleReferenceSerializer()

    class Meta:
        model = Style
        fields = ("code", "name", "name_ko", "name_en", "group")


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


class ClusterListSerializer(serializers.Serializer[Any]):
    """The clusters in force; there are few, so they come whole."""

    count = serializers.IntegerField()
    results = ClusterSerializer(many=True)
