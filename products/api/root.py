"""The first address of the API: where everything else is."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import reverse
from drf_spectacular.generators import EndpointEnumerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api.problems import PROBLEMS


class EndpointSerializer(serializers.Serializer[Any]):
    """An address with what can be asked there."""

    path = serializers.CharField()
    methods = serializers.ListField(child=serializers.CharField())


class RootSerializer(serializers.Serializer[Any]):
    """What this API is, and where."""

    name = serializers.CharField()
    version = serializers.CharField()
    schema = serializers.URLField(help_text="OpenAPI 3.1.")
    docs = serializers.URLField(help_text="The same for people.")
    endpoints = EndpointSerializer(many=True)


class RootView(APIView):
    """The list of endpoints."""

    @extend_schema(operation_id="root", tags=["about"], responses={200: RootSerializer, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Return what this API is and all its endpoints."""
        return Response(
            {
                "name": "kfashion",
                "version": "1",
                "schema": request.build_absolute_uri(reverse("api:schema")),
                "docs": request.build_absolute_uri(reverse("api:docs")),
                "endpoints": _endpoints(),
            }
        )


@cache
def _endpoints() -> list[dict[str, Any]]:
    methods: dict[str, list[str]] = {}
    for path, _, method, _ in EndpointEnumerator().get_api_endpoints():  # type: ignore[no-untyped-call]
        methods.setdefault(path, []).append(method)
    return [{"path": path, "methods": sorted(named)} for path, named in sorted(methods.items())]
