"""Endpoints of the catalogue, and what answers beside all of them: parse, call and render."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api import serializers
from products.api.finding import find_product
from products.api.match_serializers import FacetsSerializer
from products.api.pagination import PageRequest
from products.api.parameters import FACETS, FILTERS, PAGING, SORT, is_asked
from products.api.problems import PROBLEMS
from products.facets import count_facets
from products.filters import ProductFilters
from products.listing import list_products
from products.search import CatalogueCursor
from products.sorting import Sort


class ProductListView(APIView):
    """The catalogue."""

    @extend_schema(
        operation_id="product_list",
        parameters=[*FILTERS, *SORT, *FACETS, *PAGING],
        responses={200: serializers.ProductListSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return products: those that words match best first, then the newest, or by `sort`."""
        page = PageRequest.parse(request.query_params)
        filters = ProductFilters.parse(request.query_params)
        listing = list_products(
            filters,
            limit=page.limit,
            sort=Sort.parse(request.query_params),
            cursor=CatalogueCursor.parse(page.cursor),
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


class NotFoundView(APIView):
    """Whatever lies beside the endpoints: an app deserves problem details there too."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer every method alike."""
        raise Http404
