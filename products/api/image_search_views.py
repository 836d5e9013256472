"""Endpoints that start, show and delete an image search. They parse, call and render."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

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

from access.idempotency import idempotent
from access.schema import IDEMPOTENCY_KEY
from access.throttling import SEARCHES
from products.api.finding import find_own_search, find_search
from products.api.image_search_serializers import IMAGE_SEARCH_REQUEST, ImageSearchSerializer
from products.api.problems import PROBLEMS
from products.crops import Crop
from products.deletion import erase_with_receipt
from products.filters import ProductFilters
from products.models import ImageSearch
from products.outcomes import search_filters
from products.ownership import owner_of
from products.submission import search_again, start_image_search, wait_until_finished

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])", re.IGNORECASE)


class ImageSearchListView(APIView):
    """Start an image search."""

    parser_classes = (MultiPartParser, FormParser)
    throttle_scope = SEARCHES

    @extend_schema(
        operation_id="image_search_create",
        request={"multipart/form-data": IMAGE_SEARCH_REQUEST},
        parameters=[
            IDEMPOTENCY_KEY,
            OpenApiParameter(
                "Prefer",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                description="`wait=N`: answer with the finished search if done in N seconds (10).",
            ),
        ],
        responses={
            200: OpenApiResponse(ImageSearchSerializer, "Finished while waiting."),
            202: OpenApiResponse(ImageSearchSerializer, "Accepted; see Location."),
            **PROBLEMS,
        },
    )
    def post(self, request: Request) -> Response:
        """Take a photo in; 202 with its address, or 200 when asked to wait and it is done."""
        response = self._accept(request)
        if wait := WAIT.search(request.headers.get("Prefer", "")):
            _wait(response, request, timeout_seconds=int(wait[1]))
            response["Preference-Applied"] = f"wait={int(wait[1])}"
        return response

    @idempotent
    def _accept(self, request: Request) -> Response:
        search = _start(request)
        address = request.build_absolute_uri(reverse("api:image-search", args=[search.pk]))
        return Response(
            ImageSearchSerializer(search, context={"request": request}).data,
            status=HTTPStatus.ACCEPTED,
            headers={"Location": address},
        )


def _start(request: Request) -> ImageSearch:
    """Start a search for the photo that was sent, or for one that was sent before."""
    photo, photo_of = request.FILES.get("image"), request.POST.get("photo_of", "").strip()
    crop = Crop.parse(request.POST.get("crop", ""))
    if photo is not None and photo_of:
        raise _fault("photo_of", "photo_given_twice", _("Send a photo or name a search, not both."))
    if photo is not None:
        filters = ProductFilters.parse(request.POST)
        return start_image_search(photo, filters=filters, crop=crop, owner=owner_of(request))
    if not photo_of:
        raise _fault("image", "image_required", _("Send a photo as multipart form field “image”."))
    try:
        before = find_own_search(str(UUID(photo_of)), request=request)
        filters = search_filters(before).overridden_by(request.POST)
        return search_again(before, crop=crop, filters=filters)
    except (ValueError, Http404, ImageSearch.DoesNotExist, FileNotFoundError) as error:
        raise _fault(
            "photo_of",
            "unknown_search",
            _("There is no photo of a search “%(value)s” of yours. Send the photo again."),
            value=photo_of[:64],
        ) from error


def _fault(field: str, code: str, sentence: StrPromise, **params: str) -> ValidationError:
    return ValidationError({field: ValidationError(sentence, code=code, params=params)})


def _wait(response: Response, request: Request, *, timeout_seconds: int) -> None:
    """Wait for the search that was accepted; where it gets done, the answer becomes that."""
    search = ImageSearch.objects.alive().filter(pk=response.data["id"]).first()
    if search is None:  # Accepted before, and deleted since.
        return
    try:
        wait_until_finished(search, timeout_seconds=timeout_seconds)
    except ImageSearch.DoesNotExist:  # Deleted while it was waited for.
        return
    if search.is_finished:
        response.data = ImageSearchSerializer(search, context={"request": request}).data
        response.status_code = HTTPStatus.OK


class ImageSearchView(APIView):
    """One image search."""

    @extend_schema(
        operation_id="image_search_retrieve",
        responses={200: ImageSearchSerializer, **PROBLEMS},
    )
    def get(self, request: Request, pk: str) -> Response:
        """Return how far a search is and what was found in the photo."""
        search = find_search(pk, request=request)
        return Response(ImageSearchSerializer(search, context={"request": request}).data)

    @extend_schema(operation_id="image_search_destroy", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, pk: str) -> Response:
        """Delete photo, vector and search at once; `Receipt` is the address of what proves it."""
        receipt = erase_with_receipt(find_own_search(pk, request=request))
        address = reverse("api:deletion-receipt", args=[receipt.pk])
        return Response(
            status=HTTPStatus.NO_CONTENT, headers={"Receipt": request.build_absolute_uri(address)}
        )
