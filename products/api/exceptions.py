"""One handler that turns every error of the API into problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from products.api.problems import problem, validation_problem
from styles.exceptions import StylesError


def problem_details_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an exception with problem details; None leaves a bug to Django's own 500."""
    set_rollback()
    headers = {}
    if isinstance(error, DjangoValidationError):
        response = validation_problem(error)
    elif isinstance(error, StylesError):
        # Nothing is wrong with the request: the shop cannot serve it yet.
        response = problem(HTTPStatus.SERVICE_UNAVAILABLE, code=error.code, detail=str(error))
    elif isinstance(error, Http404):
        response = problem(
            HTTPStatus.NOT_FOUND, code="not_found", detail=_("There is nothing at this address.")
        )
    elif isinstance(error, PermissionDenied):
        response = problem(
            HTTPStatus.FORBIDDEN, code="permission_denied", detail=_("You may not do this.")
        )
    elif isinstance(error, exceptions.APIException):
        detail = error.detail
        code = getattr(detail, "code", error.default_code)
        text = str(detail) if isinstance(detail, str) else str(error.default_detail)
        response = problem(HTTPStatus(error.status_code), code=code, detail=text)
        headers = {
            "WWW-Authenticate": getattr(error, "auth_header", None),
            "Retry-After": getattr(error, "wait", None) and f"{error.wait:.0f}",  # type: ignore[attr-defined]
        }
    else:
        return None
    for name, value in headers.items():
        if value:
            response[name] = value
    return response
