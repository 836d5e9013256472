"""Completes the OpenAPI schema with what holds for every endpoint, and with recorded examples.

``SPECTACULAR_SETTINGS`` names ``complete`` among its hooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from access.problems import MEDIA_TYPE
from products.api.exchanges import Exchange, exchanges_by_operation

METHODS: Final = ("get", "post", "put", "patch", "delete")
JSON: Final = "application/json"

LANGUAGE: Final = {
    "in": "header",
    "name": "Accept-Language",
    "description": "The language of names and sentences: Korean or English. English if neither.",
    "schema": {"type": "string"},
    "examples": {"Korean": {"value": "ko"}, "English": {"value": "en"}},
}
# Names of resources in addresses: name -> what it is, and what it looks like.
NAMES: Final = {
    "id": ("The id of it, as the answer that made it says.", {}),
    "sku": ("The SKU of a product.", {"minLength": 1, "maxLength": 64, "pattern": "^[^/]+$"}),
    "code": ("The code of a style or style group.", {"pattern": "^[a-z]+$"}),
    "number": ("The number of a cluster in force.", {"minimum": 0}),
}
# Header fields of answers: name -> what it says, and what a value looks like.
QUOTA: Final = {
    "RateLimit-Policy": ("How many requests of this kind a caller has.", '"reads";q=1200;w=60'),
    "RateLimit": ("How many are left, and for how many seconds.", '"reads";r=1199;t=60'),
}
RETRY: Final = {"Retry-After": ("Seconds until it is worth trying again.", "20")}
CHALLENGE: Final = {"WWW-Authenticate": ("How to authenticate.", 'Bearer realm="kfashion"')}
ADDRESS: Final = {"Location": ("Where the search is.", None)}

ETAG: Final = {
    "ETag": ("Send it as `If-None-Match` to ask whether this still holds.", '"5d41402a"')
}
RECEIPT: Final = {"Receipt": ("Where the receipt for what was deleted is.", None)}
KNOWN: Final = {
    "in": "header",
    "name": "If-None-Match",
    "description": "The `ETag` of an answer you keep: 304 without a body if it still holds.",
    "schema": {"type": "string"},
}

# What any endpoint may answer whatever it is for: status -> description, header fields.
REFUSALS: Final = {
    HTTPStatus.UNAUTHORIZED: ("The key that came with the request opens nothing.", CHALLENGE),
    HTTPStatus.TOO_MANY_REQUESTS: ("Too many requests; wait.", RETRY),
}


def complete(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Return the schema with common parameters, header fields, refusals and examples."""
    recorded = exchanges_by_operation()
    for method, operation in _operations(result):
        operation.setdefault("parameters", []).append(LANGUAGE)
        for parameter in operation["parameters"]:
            if parameter["in"] == "path" and parameter["name"] in NAMES:
                description, shape = NAMES[parameter["name"]]
                parameter["description"] = description
                parameter["schema"] |= shape
        operation.setdefault("summary", _summary(operation))
        if method == "get":
            operation["parameters"].append(KNOWN)
            unchanged = {"description": "What you keep still holds."}
            operation["responses"].setdefault("304", unchanged)
        if "requestBody" in operation:
            operation["requestBody"]["required"] = True
        _add_refusals(operation)
        for exchange in recorded.get(operation["operationId"], []):
            if exchange.status:
                _add_example(operation, exchange)
        for status, response in operation["responses"].items():
            _describe_headers(response, method=method, status=status)
        operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for methods in result["paths"].values():
        for method in METHODS:
            if method in methods:
                yield method, methods[method]


def _summary(operation: dict[str, Any]) -> str:
    """Return the first clause of the description."""
    return re.split("[\n;:]", operation["description"], maxsplit=1)[0].rstrip(".")


def _refusal(description: str) -> dict[str, Any]:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": description, "content": {MEDIA_TYPE: problem}}


def _add_refusals(operation: dict[str, Any]) -> None:
    for status, (description, _) in REFUSALS.items():
        operation["responses"].setdefault(str(status.value), _refusal(description))


def _add_example(operation: dict[str, Any], exchange: Exchange) -> None:
    for place, values in (("path", exchange.path), ("query", exchange.query)):
        for name, value in values.items():
            _add_value(operation, place, name, value, exchange)
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        sent = exchange.json if media_type == JSON else exchange.form
        # A photo cannot be written down; what goes with it is described field by field.
        if sent is not None and "image" not in sent:
            body.setdefault("examples", {})[exchange.name] = {"value": sent}
    if exchange.answer is None:
        return
    status = str(exchange.status)
    answer = operation["responses"].setdefault(status, _refusal(HTTPStatus(exchange.status).phrase))
    media_type = JSON if exchange.status < HTTPStatus.BAD_REQUEST else MEDIA_TYPE
    shown = answer["content"][media_type].setdefault("examples", {})
    shown[exchange.name] = {"value": exchange.answer}


def _add_value(
    operation: dict[str, Any], place: str, name: str, value: str, exchange: Exchange
) -> None:
    if exchange.status >= HTTPStatus.BAD_REQUEST:
        return  # Nobody should copy a request that is refused.
    for parameter in operation["parameters"]:
        if (parameter["in"], parameter["name"]) == (place, name):
            read: Any = value
            if parameter["schema"].get("type") in {"integer", "number", "boolean"}:
                read = _literal(value)
            parameter.setdefault("examples", {})[exchange.name] = {"value": read}


def _literal(text: str) -> float | int | bool:
    if text in {"true", "false"}:
        return text == "true"
    return float(text) if "." in text else int(text)


def _describe_headers(response: dict[str, Any], *, method: str, status: str) -> None:
    fields: dict[str, tuple[str, str | None]] = dict(QUOTA)
    if status.isdecimal() and int(status) in REFUSALS:
        fields |= REFUSALS[HTTPStatus(int(status))][1]
    if method == "post" and status in {"200", "201", "202"}:
        fields |= ADDRESS
    if method == "get" and status in {"200", "304"}:
        fields |= ETAG
    if method == "delete" and status == "204":
        fields |= RECEIPT
    headers = response.setdefault("headers", {})
    for name, (description, example) in fields.items():
        described: dict[str, Any] = {"description": description, "schema": {"type": "string"}}
        if example is not None:
            described["example"] = example
        headers.setdefault(name, described)
