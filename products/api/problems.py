"""Problem details (RFC 9457): the one form in which the API says that something is wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from access.problems import MEDIA_TYPE, problem_document
from products.api import problem_codes  # noqa: F401  # it makes them known
from products.api.serializers import ProblemSerializer

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# What the whole request is wrong in, rather than one of its fields.
REQUEST = "request"

PROBLEMS = {
    ("4XX", MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "What is wrong with the request."),
    ("503", MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "The shop cannot serve this yet."),
}


def problem(status: HTTPStatus, *, code: str, detail: str | StrPromise, **members: Any) -> Response:
    """Return problem details: ``code`` is stable, ``detail`` speaks the caller's language."""
    return Response(
        problem_document(status, code=code, detail=detail, **members),
        status=status.value,
        content_type=MEDIA_TYPE,
    )


def validation_problem(error: ValidationError) -> Response:
    """Return what is wrong with a request, the first fault up front and all of them by field."""
    by_field = (
        error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    )
    return _faulty_request(
        {
            REQUEST if field == NON_FIELD_ERRORS else field: [
                {"code": fault.code or "invalid", "detail": " ".join(fault.messages)}
                for fault in faults
            ]
            for field, faults in by_field.items()
        }
    )


def serializer_problem(error: exceptions.ValidationError) -> Response:
    """Return what a serializer found wrong; a fault deep within is named by its path.

    The third event without a SKU is ``events.2.sku``.
    """
    errors: dict[str, list[dict[str, str]]] = {}
    _collect(error.detail, path=(), into=errors)
    return _faulty_request(errors)


def _faulty_request(errors: dict[str, list[dict[str, str]]]) -> Response:
    first = next(iter(errors.values()))[0]
    return problem(
        HTTPStatus.BAD_REQUEST, code=first["code"], detail=first["detail"], errors=errors
    )


def _collect(detail: Any, *, path: tuple[str, ...], into: dict[str, list[dict[str, str]]]) -> None:
    if isinstance(detail, dict):
        for name, member in detail.items():
            is_whole = name == api_settings.NON_FIELD_ERRORS_KEY
            _collect(member, path=path if is_whole else (*path, str(name)), into=into)
    elif isinstance(detail, list):
        for number, member in enumerate(detail):
            is_fault = isinstance(member, exceptions.ErrorDetail)
            _collect(member, path=path if is_fault else (*path, str(number)), into=into)
    else:
        faults = into.setdefault(".".join(path) or REQUEST, [])
        faults.append({"code": getattr(detail, "code", "invalid"), "detail": str(detail)})
