"""How the OpenAPI schema describes the keys of apps; loaded when the app is ready."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class AppKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """``Authorization: Bearer KEY``; every endpoint works without one too."""

    target_class = "access.authentication.AppKeyAuthentication"
    name = "appKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The key of your app. `Authorization: Api-Key KEY` says the same. "
            "Requests without a key are answered too, at smaller limits.",
        }
