"""Endpoints of the API, version 1. They parse, call and render; decisions live elsewhere."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api import serializers
from products.api.finding import find_product, find_search
from products.api.match_serializers import FacetsSerializer
from products.api.pagination import PageRequest
from products.api.parameters import FACETS, FILTERS, PAGING, is_asked
from products.api.problems import PROBLEMS
from products.crops import Crop
from products.facets import count_facets
from products.filters import ProductFilters
from products.listing import list_products
from products.search import CatalogueCursor
from products.submission import start_image_search, wait_until_finished
from styles.models import Cluster, Style

WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])", re.IGNORECASE)


class ImageSearchListView(APIView):
    """Start an image search."""

    parser_classes = (MultiPartParser, FormParser)

    @extend_schema(
        operation_id="image_search_create",
        request={"multipart/form-data": serializers.ImageSearchRequestSerializer},
        parameters=[
            OpenApiParameter(
                "Prefer",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                description="`wait=N`: answer with the finished search if done in N seconds (10).",
            )
        ],
        responses={
            200: OpenApiResponse(serializers.ImageSearchSerializer, "Finished while waiting."),
            202: OpenApiResponse(serializers.ImageSearchSerializer, "Accepted; see Location."),
            **PROBLEMS,
        },
    )
    def post(self, request: Request) -> Response:
        """Take a photo in; 202 with its address, or 200 when asked to wait and it is done."""
        photo = request.FILES.get("image")
        if photo is None:
            raise ValidationError(
                {
                    "image": ValidationError(
                        _("Send a photo as multipart form field “image”."), code="image_required"
                    )
                }
            )
        search = start_image_search(
            photo,
            filters=ProductFilters.parse(request.POST),
            crop=Crop.parse(request.POST.get("crop", "")),
        )
        wait = WAIT.search(request.headers.get("Prefer", ""))
        if wait:
            wait_until_finished(search, timeout_seconds=int(wait[1]))
        address = request.build_absolute_uri(reverse("api:image-search", args=[search.pk]))
        response = Response(
            serializers.ImageSearchSerializer(search, context={"request": request}).data,
            status=HTTPStatus.OK if search.is_finished else HTTPStatus.ACCEPTED,
            headers={"Location": address},
        )
        if wait:
            response["Preference-Applied"] = f"wait={int(wait[1])}"
        return response


class ImageSearchView(APIView):
    """One image search."""

    @extend_schema(
        operation_id="image_search_retrieve",
        responses={200: serializers.ImageSearchSerializer, **PROBLEMS},
    )
    def get(self, request: Request, pk: str) -> Response:
        """Return how far a search is and what was found in the photo."""
        return Response(
            serializers.ImageSearchSerializer(find_search(pk), context={"request": request}).data
        )

    @extend_schema(operation_id="image_search_destroy", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, pk: str) -> Response:
        """Delete photo, vector and search at once."""
        find_search(pk).erase()
        return Response(status=HTTPStatus.NO_CONTENT)


class ProductListView(APIView):
    """The catalogue."""

    @extend_schema(
        operation_id="product_list",
        parameters=[*FILTERS, *FACETS, *PAGING],
        responses={200: serializers.ProductListSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return products: those that words match best first, then the newest."""
        page = PageRequest.parse(request.query_params)
        filters = ProductFilters.parse(request.query_params)
        listing = list_products(
            filters, limit=page.limit, cursor=CatalogueCursor.parse(page.cursor)
        )
        facets = count_facets(filters) if is_asked(request.query_params, "facets") else None
        return Response(
            {
                "count": listing.count,
                "count_is_exact": listing.is_count_exact,
                "next_cursor": listing.next.encode() if listing.next else None,
                "facets": FacetsSerializer(facets).data if facets else None,
                "results": serializers.ProductSerializer(
                    listing.products, many=True, context={"request": request}
                ).data,
            }
        )


class ProductView(APIView):
    """One product."""

    @extend_schema(
        operation_id="product_retrieve",
        responses={200: serializers.ProductSerializer, **PROBLEMS},
    )
    def get(self, request: Request, sku: str) -> Response:
        """Return a product by its SKU, sold out or not, unless it is hidden."""
        return Response(
            serializers.ProductSerializer(find_product(sku), context={"request": request}).data
        )


class StyleListView(APIView):
    """The taxonomy."""

    @extend_schema(operation_id="style_list", responses={200: serializers.StyleListSerializer})
    def get(self, request: Request) -> Response:
        """Return the 23 styles and “other”, with their groups."""
        styles = Style.objects.select_related("group")
        results = serializers.StyleSerializer(styles, many=True).data
        return Response({"count": len(results), "results": results})


class ClusterListView(APIView):
    """The clusters in force."""

    @extend_schema(operation_id="cluster_list", responses={200: serializers.ClusterListSerializer})
    def get(self, request: Request) -> Response:
        """Return the clusters by number; none before the first clustering."""
        results = serializers.ClusterSerializer(Cluster.objects.in_force(), many=True).data
        return Response({"count": len(results), "results": results})


class NotFoundView(APIView):
    """Whatever lies beside the endpoints: an app deserves problem details there too."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer every method alike."""
        raise Http404
