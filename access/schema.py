"""How the OpenAPI schema describes keys of apps and of requests; views take their words here."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="A random text, such as a UUID, made for this request. Sent again with the same "
    "one within 24 hours, it is not carried out twice: the first answer comes again.",
)


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
