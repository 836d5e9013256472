"""JSON bodies: what cannot be kept is refused as unreadable, never an error of the server."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView


class Echo(APIView):
    """Answers what it was sent."""

    def post(self, request: Request) -> Response:
        return Response(request.data)


def post(body: bytes, content_type: str = "application/json") -> Any:
    request = APIRequestFactory().generic("POST", "/api/v1/", body, content_type)  # type: ignore[arg-type]  # Bytes too.
    return Echo.as_view()(request)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": "\\u0000"}',
        b'{"\\ud800": 1}',
        b'["\\udfff"]',
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
)
def test_a_body_that_is_no_json_or_cannot_be_kept_is_refused(body: bytes) -> None:
    response = post(body)
    assert (response.status_code, response.data["code"]) == (400, "parse_error")
    assert response.data["detail"]


def test_json_larger_than_any_that_is_meant_is_refused() -> None:
    response = post(b'"' + b"x" * 1024 * 1024 + b'"')
    assert (response.status_code, response.data["code"]) == (413, "body_too_large")


def test_a_body_of_another_type_is_refused() -> None:
    response = post(b"<a/>", "application/xml")
    assert (response.status_code, response.data["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("body", [b'{"a": ["\\ud83d\\udc57", 1, null, true]}', b'"text"', b"3"])
def test_what_is_json_is_read(body: bytes) -> None:
    assert post(body).status_code == 200
