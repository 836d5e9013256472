"""Problem details (RFC 9457): the one form in which the API says that something is wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from drf_spectacular.utils import OpenApiResponse
from rest_framework.response import Response

from products.api.serializers import ProblemSerializer

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MEDIA_TYPE = "application/problem+json"

PROBLEMS = {
    ("4XX", MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "What is wrong with the request."),
    ("503", MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "The shop cannot serve this yet."),
}


def problem(status: HTTPStatus, *, code: str, detail: str | StrPromise, **members: Any) -> Response:
    """Return problem details: ``code`` is stable, ``detail`` speaks the caller's language."""
    return Response(
        {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
            "code": code,
            "detail": str(detail),
            **members,
        },
        status=status.value,
        content_type=MEDIA_TYPE,
    )


def validation_problem(error: ValidationError) -> Response:
    """Return what is wrong with a request, the first fault up front and all of them by field."""
    by_field = (
        error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    )
    errors = {
        ("request" if field == NON_FIELD_ERRORS else field): [
            {"code": fault.code or "invalid", "detail": " ".join(fault.messages)}
            for fault in faults
        ]
        for field, faults in by_field.items()
    }
    first = next(iter(errors.values()))[0]
    return problem(
        HTTPStatus.BAD_REQUEST, code=first["code"], detail=first["detail"], errors=errors
    )
