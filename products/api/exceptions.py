"""One handler that turns every error of the API into problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from access import problems
from products.api.problems import problem, serializer_problem, validation_problem
from styles.exceptions import StylesError

# Errors of the framework that say all by their kind; their sentences are the registered ones.
KINDS: tuple[tuple[type[Exception], HTTPStatus, str], ...] = (
    (Http404, HTTPStatus.NOT_FOUND, "not_found"),
    (PermissionDenied, HTTPStatus.FORBIDDEN, "permission_denied"),
    (RequestDataTooBig, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large"),
    (TooManyFieldsSent, HTTPStatus.BAD_REQUEST, "too_many_fields"),
    (TooManyFilesSent, HTTPStatus.BAD_REQUEST, "too_many_fields"),
    (UnreadablePostError, HTTPStatus.BAD_REQUEST, "upload_interrupted"),
)


def problem_details_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an exception with problem details; None leaves a bug to Django's own 500."""
    set_rollback()
    if isinstance(error, DjangoValidationError):
        return validation_problem(error)
    if isinstance(error, StylesError):
        # Nothing is wrong with the request: the shop cannot serve it yet. What the error says
        # itself is for the operator.
        code = error.code if problems.find(error.code) else StylesError.code
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, code=code, detail=_sentence(code))
    if isinstance(error, exceptions.APIException):
        return _framework_problem(error)
    for kind, status, code in KINDS:
        if isinstance(error, kind):
            return problem(status, code=code, detail=_sentence(code))
    return None


def _framework_problem(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        return serializer_problem(error)
    code = getattr(error.detail, "code", error.default_code)
    # Said by whoever raised it, or else in the words of its code.
    is_own = not isinstance(error.detail, str) or error.detail == error.default_detail
    detail = str(error.detail)
    if is_own or code in {"method_not_allowed", "throttled", "unsupported_media_type"}:
        detail = _sentence(code) or detail
    response = problem(HTTPStatus(error.status_code), code=code, detail=detail)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait_seconds := getattr(error, "wait", None):
        response["Retry-After"] = str(ceil(wait_seconds))
    return response


def _sentence(code: str) -> str:
    known = problems.find(code)
    return str(known.sentence) if known else ""
