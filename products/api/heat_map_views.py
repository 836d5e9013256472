"""The endpoint that shows where the model looked on a shopper's photo."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from products.api.finding import find_search
from products.api.problems import PROBLEMS, problem
from products.heat_maps import MEDIA_TYPE, HeatMapUnavailableError, draw_heat_map_of
from products.messages import failure_sentence
from products.models import ImageSearch


class WhateverIsAccepted(BaseContentNegotiation):
    """Answers an `Accept: image/webp` too: the picture passes by the renderers of JSON."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return next(iter(parsers), None)

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class ImageSearchHeatMapView(APIView):
    """Where the model looked."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="image_search_heat_map",
        responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY, **PROBLEMS},
    )
    def get(self, request: Request, pk: str) -> Response | HttpResponse:
        """Return the photo, or what was cropped from it, under the heat of where it looked."""
        search = find_search(pk, request=request)
        if search.status != ImageSearch.Status.DONE:
            return problem(
                HTTPStatus.CONFLICT,
                code="search_failed" if search.is_finished else "search_unfinished",
                detail=_("This search has no results; look at its status first."),
            )
        try:
            picture = draw_heat_map_of(search)
        except HeatMapUnavailableError as error:
            is_unknown = error.code == "heat_map_unknown"
            return problem(
                HTTPStatus.NOT_FOUND if is_unknown else HTTPStatus.GONE,
                code=error.code,
                detail=failure_sentence(error.code),
            )
        # A person's photo: it is for nobody's cache.
        return HttpResponse(
            picture, content_type=MEDIA_TYPE, headers={"Cache-Control": "private, no-store"}
        )
