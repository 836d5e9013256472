"""Endpoints that tell the styles and clusters of the shop. They parse, call and render."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api.problems import PROBLEMS
from products.api.style_serializers import (
    ClusterDetailSerializer,
    ClusterListSerializer,
    ClusterSerializer,
    StyleDetailSerializer,
    StyleListSerializer,
    StyleSerializer,
)
from products.filters import ProductFilters
from products.groups import (
    TypicalProducts,
    common_colours,
    nearest_clusters,
    profile_of,
    typical_of_cluster,
    typical_of_style_group,
)
from products.listing import list_products
from styles.exceptions import NoActiveModelVersionError
from styles.models import Cluster, ModelVersion, Style, StyleGroup
from styles.stories import STORIES

TYPICAL_PRODUCTS = 12


class StyleListView(APIView):
    """The taxonomy."""

    @extend_schema(operation_id="style_list", responses={200: StyleListSerializer, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Return the 23 styles and “other”, with their groups."""
        styles = Style.objects.select_related("group")
        results = StyleSerializer(styles, many=True).data
        return Response({"count": len(results), "results": results})


class StyleView(APIView):
    """One style or style group."""

    @extend_schema(
        operation_id="style_retrieve", responses={200: StyleDetailSerializer, **PROBLEMS}
    )
    def get(self, request: Request, code: str) -> Response:
        """Return a style or style group with its story, its colours and typical products."""
        group = StyleGroup.objects.filter(code=code).first()
        style = None if group else Style.objects.select_related("group").filter(code=code).first()
        named = group or style
        if named is None:
            raise Http404
        told = {
            "code": named.code,
            "name": named.name,
            "name_ko": named.name_ko,
            "name_en": named.name_en,
            "kind": "style_group" if group else "style",
            "group": group or (style and style.group),
            "styles": group.styles.all() if group else [],
            "story": STORIES[group.code if group else style.group.code].text,  # type: ignore[union-attr]
            **_told(_typical_of_group(code) if group else _typical_of_style(code)),
        }
        return Response(StyleDetailSerializer(told, context={"request": request}).data)


class ClusterListView(APIView):
    """The clusters in force."""

    @extend_schema(operation_id="cluster_list", responses={200: ClusterListSerializer, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Return the clusters by number; none before the first clustering."""
        results = ClusterSerializer(Cluster.objects.in_force(), many=True).data
        return Response({"count": len(results), "results": results})


class ClusterView(APIView):
    """One cluster in force."""

    @extend_schema(
        operation_id="cluster_retrieve", responses={200: ClusterDetailSerializer, **PROBLEMS}
    )
    def get(self, request: Request, number: int) -> Response:
        """Return a cluster with what is in it, its typical products and its neighbours."""
        clusters = list(Cluster.objects.in_force().select_related("clustering__model_version"))
        cluster = next((one for one in clusters if one.number == number), None)
        if cluster is None:
            raise Http404
        profile = profile_of(cluster)
        version = cluster.clustering.model_version
        told = {
            "number": cluster.number,
            "name": cluster.name,
            "name_ko": cluster.name_ko,
            "name_en": cluster.name_en,
            "size": cluster.size,
            "styles": profile.styles,
            "product_types": profile.product_types,
            **_told(typical_of_cluster(cluster, model_version=version, count=TYPICAL_PRODUCTS)),
            "nearest": nearest_clusters(cluster, clusters),
        }
        return Response(ClusterDetailSerializer(told, context={"request": request}).data)


def _told(typical: TypicalProducts) -> dict[str, Any]:
    return {
        "count": typical.count,
        "count_is_exact": typical.is_count_exact,
        "colours": typical.colours,
        "typical": typical.products,
    }


def _typical_of_group(code: str) -> TypicalProducts:
    try:
        version: ModelVersion | None = ModelVersion.objects.active()
    except NoActiveModelVersionError:
        version = None
    return typical_of_style_group(code, model_version=version, count=TYPICAL_PRODUCTS)


def _typical_of_style(code: str) -> TypicalProducts:
    """Return the newest products of a single style."""
    found = list_products(ProductFilters(style=code), limit=TYPICAL_PRODUCTS)
    colours = common_colours([product.pk for product in found.products])
    return TypicalProducts(found.products, colours, found.count, found.is_count_exact)
