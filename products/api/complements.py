"""The endpoint that completes a look, with what it says; the search behind is another module's."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api.finding import find_product
from products.api.parameters import FILTERS, parameter
from products.api.problems import PROBLEMS, problem
from products.api.serializers import HitSerializer
from products.category_families import family_name
from products.cut_off import calibration_of
from products.filters import ProductFilters
from products.models import Product
from products.outcomes import product_hits
from products.search import NOT_EMBEDDED, ProductNotEmbeddedError, complements, version_in_use

PER_FAMILY = 2
MAX_PER_FAMILY = 10


class FamilySerializer(serializers.Serializer[Any]):
    """The products of one family of categories that go best with a product."""

    family = serializers.CharField(help_text="tops, bottoms, dresses, outerwear, shoes, ...")
    name = serializers.CharField()
    count = serializers.IntegerField(help_text="How many of the family match the filters.")
    count_is_exact = serializers.BooleanField()
    results = HitSerializer(many=True)


class ComplementsSerializer(serializers.Serializer[Any]):
    """What completes a look, family by family in the order people dress in."""

    results = FamilySerializer(many=True)


class ComplementsView(APIView):
    """What completes the look with one product."""

    @extend_schema(
        operation_id="product_complements",
        parameters=[
            parameter("per_family", "Products of each family, 1 to 10 (2).", OpenApiTypes.INT),
            *FILTERS,
        ],
        responses={200: ComplementsSerializer, **PROBLEMS},
    )
    def get(self, request: Request, sku: str) -> Response:
        """Return products of other categories with the same style mix and palette."""
        product = find_product(sku, is_shown=False)
        version = version_in_use()
        try:
            families = complements(
                product,
                model_version=version,
                filters=ProductFilters.parse(request.query_params),
                per_family=_per_family(request.query_params.get("per_family") or str(PER_FAMILY)),
            )
        except ProductNotEmbeddedError as error:
            return problem(HTTPStatus.CONFLICT, code=NOT_EMBEDDED, detail=error.messages[0])
        calibration = calibration_of(version)
        results: Any = [
            {
                "family": found.family,
                "name": family_name(found.family),
                "count": found.page.count,
                "count_is_exact": found.page.is_count_exact,
                "results": product_hits(
                    found.page, calibration=calibration, products=Product.objects.for_answers()
                ),
            }
            for found in families
        ]
        return Response(
            ComplementsSerializer({"results": results}, context={"request": request}).data
        )


def _per_family(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MAX_PER_FAMILY:
        return int(text)
    error = ValidationError(
        _("Ask for 1 to %(largest)s products of each family."),
        code="invalid_per_family",
        params={"largest": MAX_PER_FAMILY},
    )
    raise ValidationError({"per_family": error})
