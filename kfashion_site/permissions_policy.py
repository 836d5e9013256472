"""Tells browsers which abilities no page of the shop asks for; a middleware of the settings."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Photos are taken by the phone's own camera app, which a file field opens: no page needs a camera.
UNUSED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
POLICY = ", ".join(f"{ability}=()" for ability in UNUSED)


class PermissionsPolicyMiddleware:
    """Adds the header Permissions-Policy, which Django has no setting for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request; a view that has set the header itself is left alone."""
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response
