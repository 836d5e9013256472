"""Endpoints that tell the styles and clusters of the shop. They parse, call and render."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api.style_serializers import (
    ClusterListSerializer,
    ClusterSerializer,
    StyleListSerializer,
    StyleSerializer,
)
from styles.models import Cluster, Style


class StyleListView(APIView):
    """The taxonomy."""

    @extend_schema(operation_id="style_list", responses={200: StyleListSerializer})
    def get(self, request: Request) -> Response:
        """Return the 23 styles and “other”, with their groups."""
        styles = Style.objects.select_related("group")
        results = StyleSerializer(styles, many=True).data
        return Response({"count": len(results), "results": results})


class ClusterListView(APIView):
    """The clusters in force."""

    @extend_schema(operation_id="cluster_list", responses={200: ClusterListSerializer})
    def get(self, request: Request) -> Response:
        """Return the clusters by number; none before the first clustering."""
        results = ClusterSerializer(Cluster.objects.in_force(), many=True).data
        return Response({"count": len(results), "results": results})
