"""Endpoints of the API, version 1. They parse, call and render; decisions live elsewhere."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api import serializers
from products.api.pagination import PageRequest
from products.api.problems import PROBLEMS, problem
from products.filters import ProductFilters
from products.messages import failure_sentence
from products.models import ImageSearch, Product
from products.outcomes import product_hits, search_filters
from products.search import (
    NOT_EMBEDDED,
    CatalogueCursor,
    HitCursor,
    Page,
    ProductNotEmbeddedError,
    look_alikes,
    query_of_product,
    query_of_search,
    see_as_answered,
    version_in_use,
)
from products.submission import start_image_search, wait_until_finished
from styles.models import Cluster, Style

WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])", re.IGNORECASE)


def _parameter(name: str, description: str, kind: Any = OpenApiTypes.STR) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description)


PAGING = [
    _parameter("limit", "At most this many, 1 to 100; 24 unless told.", OpenApiTypes.INT),
    _parameter("cursor", "The `next_cursor` of the part before."),
]
FILTERS = [
    _parameter("cluster", "Cluster number.", OpenApiTypes.INT),
    _parameter("style", "Code of a style or style group."),
    _parameter("category", "Category, as products carry it."),
    _parameter("colour", "Colour, as products carry it."),
    _parameter("gender", "women, men, girls, boys or unisex."),
    _parameter("brand", "Brand."),
    _parameter("min_price", "Lowest price.", OpenApiTypes.DECIMAL),
    _parameter("max_price", "Highest price.", OpenApiTypes.DECIMAL),
    _parameter("in_stock", "false shows sold-out products too.", OpenApiTypes.BOOL),
    _parameter("exclude", "SKUs to leave out, separated by commas."),
    _parameter("q", "Words in name or brand, or a SKU."),
]


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
        search = start_image_search(photo, filters=ProductFilters.parse(request.POST))
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
            serializers.ImageSearchSerializer(_search(pk), context={"request": request}).data
        )

    @extend_schema(operation_id="image_search_destroy", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, pk: str) -> Response:
        """Delete photo, vector and search at once."""
        _search(pk).erase()
        return Response(status=HTTPStatus.NO_CONTENT)


class ImageSearchResultsView(APIView):
    """The products found by one image search."""

    @extend_schema(
        operation_id="image_search_results",
        parameters=[*FILTERS, *PAGING],
        responses={200: serializers.HitListSerializer, **PROBLEMS},
    )
    def get(self, request: Request, pk: str) -> Response:
        """Return look-alikes, the predicted style group first; filters narrow, or replace."""
        search = _search(pk)
        page = PageRequest.parse(request.query_params)
        if search.status != ImageSearch.Status.DONE:
            code = "search_failed" if search.is_finished else "search_unfinished"
            return problem(
                HTTPStatus.CONFLICT,
                code=code,
                detail=_("This search has no results; look at its status first."),
            )
        if search.model_version is None:
            code = "model_version_gone"
            return problem(HTTPStatus.GONE, code=code, detail=failure_sentence(code))
        see_as_answered(search)
        filters = search_filters(search).overridden_by(request.query_params)
        found = look_alikes(
            query_of_search(search, is_grouped=filters.cluster is None),
            filters=filters,
            limit=page.limit,
            cursor=HitCursor.parse(page.cursor),
        )
        return _hit_list(request, found)


class ProductListView(APIView):
    """The catalogue."""

    @extend_schema(
        operation_id="product_list",
        parameters=[*FILTERS, *PAGING],
        responses={200: serializers.ProductListSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return products, newest first."""
        page = PageRequest.parse(request.query_params)
        products = ProductFilters.parse(request.query_params).apply(Product.objects.all())
        part = products.order_by("-pk")
        cursor = CatalogueCursor.parse(page.cursor)
        if cursor:
            part = part.filter(pk__lt=cursor.product_id)
        rows = list(part.for_cards()[: page.limit + 1])
        shown = rows[: page.limit]
        more = CatalogueCursor(0, shown[-1].pk).encode() if len(rows) > page.limit else None
        return Response(
            {
                "count": products.count(),
                "count_is_exact": True,
                "next_cursor": more,
                "results": serializers.ProductSerializer(
                    shown, many=True, context={"request": request}
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
            serializers.ProductSerializer(_product(sku), context={"request": request}).data
        )


class SimilarProductsView(APIView):
    """Look-alikes of one product."""

    @extend_schema(
        operation_id="product_similar",
        parameters=[*FILTERS, *PAGING],
        responses={200: serializers.HitListSerializer, **PROBLEMS},
    )
    def get(self, request: Request, sku: str) -> Response:
        """Return the products that look like this one."""
        page = PageRequest.parse(request.query_params)
        cursor = HitCursor.parse(page.cursor)
        filters = ProductFilters.parse(request.query_params)
        product = _product(sku)
        try:
            query = query_of_product(product, model_version=version_in_use(cursor))
        except ProductNotEmbeddedError as error:
            return problem(HTTPStatus.CONFLICT, code=NOT_EMBEDDED, detail=error.messages[0])
        return _hit_list(
            request, look_alikes(query, filters=filters, limit=page.limit, cursor=cursor)
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


def _search(pk: str) -> ImageSearch:
    searches = ImageSearch.objects.alive().select_related("cluster", "model_version")
    search: ImageSearch = get_object_or_404(searches, pk=pk)
    return search


def _product(sku: str) -> Product:
    if "\x00" in sku:  # PostgreSQL takes no such text, not even to find nothing.
        raise Http404
    product: Product = get_object_or_404(Product.objects.published().for_cards(), sku=sku)
    return product


def _hit_list(request: Request, page: Page) -> Response:
    return Response(
        {
            "count": page.count,
            "count_is_exact": page.is_count_exact,
            "next_cursor": page.next.encode() if page.next else None,
            "results": serializers.HitSerializer(
                product_hits(page),  # type: ignore[arg-type]  # The stubs know no many=True.
                many=True,
                context={"request": request},
            ).data,
        }
    )
