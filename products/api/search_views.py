"""Endpoints of the API that search. They parse, call and render; decisions live elsewhere."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api import serializers
from products.api.finding import find_product, find_search
from products.api.match_serializers import FacetsSerializer
from products.api.pagination import PageRequest
from products.api.parameters import (
    EXAMPLES,
    EXPLAIN,
    FACETS,
    FILTERS,
    PAGING,
    SORT,
    WISHES,
    is_asked,
)
from products.api.problems import PROBLEMS, problem
from products.cut_off import calibration_of, has_close_match
from products.explanations import explain_hits
from products.facets import count_facets
from products.filters import ProductFilters
from products.messages import failure_sentence
from products.models import ImageSearch, Product
from products.outcomes import product_hits, search_filters
from products.ownership import owner_of
from products.querysets import ProductQuerySet
from products.search import (
    NOT_EMBEDDED,
    Examples,
    HitCursor,
    ProductNotEmbeddedError,
    QueryVector,
    Wishes,
    look_alikes,
    query_of_examples,
    query_of_product,
    query_of_search,
    see_as_answered,
    version_in_use,
)
from products.sorting import Sort

PARAMETERS = [*EXAMPLES, *WISHES, *FILTERS, *SORT, *FACETS, *EXPLAIN, *PAGING]
RESPONSES: dict[Any, Any] = {200: serializers.HitListSerializer, **PROBLEMS}


class ImageSearchResultsView(APIView):
    """The products found by one image search."""

    @extend_schema(operation_id="image_search_results", parameters=PARAMETERS, responses=RESPONSES)
    def get(self, request: Request, pk: str) -> Response:
        """Return look-alikes, the predicted style group first; filters narrow, or replace."""
        search = find_search(pk, request=request)
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
        query = query_of_search(search, is_grouped=filters.cluster is None)
        return _found(request, query, filters=filters)


class SimilarProductsView(APIView):
    """Look-alikes of one product."""

    @extend_schema(operation_id="product_similar", parameters=PARAMETERS, responses=RESPONSES)
    def get(self, request: Request, sku: str) -> Response:
        """Return the products that look like this one."""
        product = find_product(sku, is_shown=False)
        version = version_in_use(_cursor(request))
        filters = ProductFilters.parse(request.query_params)
        try:
            query = query_of_product(product, model_version=version)
        except ProductNotEmbeddedError as error:
            return problem(HTTPStatus.CONFLICT, code=NOT_EMBEDDED, detail=error.messages[0])
        return _found(request, query, filters=filters)


class LookAlikesView(APIView):
    """Look-alikes of several products and photos."""

    @extend_schema(operation_id="look_alikes", parameters=PARAMETERS, responses=RESPONSES)
    def get(self, request: Request) -> Response:
        """Return what looks like the products and photos in `like`, and not like `unlike`."""
        version = version_in_use(_cursor(request))
        filters = ProductFilters.parse(request.query_params)
        examples = Examples.parse(request.query_params)
        query = query_of_examples(examples, model_version=version, owner=owner_of(request))
        return _list(request, query, filters=filters)


def _found(request: Request, query: QueryVector, *, filters: ProductFilters) -> Response:
    """Return the look-alikes of a photo or product, moved towards and away from examples."""
    examples = Examples.parse(request.query_params)
    if examples:
        query = query_of_examples(
            examples, model_version=query.model_version, base=query, owner=owner_of(request)
        )
    return _list(request, query, filters=filters)


def _list(request: Request, query: QueryVector, *, filters: ProductFilters) -> Response:
    found = look_alikes(
        query,
        filters=filters,
        wishes=Wishes.parse(request.query_params),
        sort=Sort.parse(request.query_params),
        limit=PageRequest.parse(request.query_params).limit,
        cursor=_cursor(request),
    )
    calibration = calibration_of(query.model_version)
    explained = None
    if is_asked(request.query_params, "explain"):
        explained = explain_hits(query, [hit.product_id for hit in found.hits])
    hits: Any = product_hits(
        found,
        calibration=calibration,
        explained=explained,
        products=Product.objects.for_answers(),
    )
    return Response(
        {
            "count": found.count,
            "count_is_exact": found.is_count_exact,
            "next_cursor": found.next.encode() if found.next else None,
            "facets": _facets(request, query, filters=filters),
            "has_close_match": has_close_match(
                found, query, filters=filters, calibration=calibration
            ),
            "results": serializers.HitSerializer(
                hits, many=True, context={"request": request}
            ).data,
        }
    )


def _facets(request: Request, query: QueryVector, *, filters: ProductFilters) -> Any:
    if not is_asked(request.query_params, "facets"):
        return None

    def narrow(products: ProductQuerySet) -> ProductQuerySet:
        return query.narrow(products).embedded_by(query.model_version)

    return FacetsSerializer(count_facets(filters, narrow=narrow)).data


def _cursor(request: Request) -> HitCursor | None:
    return HitCursor.parse(PageRequest.parse(request.query_params).cursor)
