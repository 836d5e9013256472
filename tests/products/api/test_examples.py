"""Every example of the OpenAPI schema is true: it is replayed against the shop it was recorded in.

A new example is a request in ``api/examples.json`` of its app; its answer is recorded with
``RECORD_API_EXAMPLES=1 pytest tests/products/api/test_examples.py``.
"""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator, FormatChecker

from products.api.exchanges import FILE_NAME, Exchange, read_exchanges
from tests.products.api.example_shop import (
    SHOP,
    TEST_SHOP,
    ask,
    comparable,
    open_example_shop,
    operations,
    schema,
)

pytestmark = pytest.mark.django_db

IS_RECORDING = "RECORD_API_EXAMPLES" in os.environ
ROOT = Path(__file__).parents[3]
FILES = sorted(ROOT.glob(f"*/api/{FILE_NAME}"))
EXCHANGES = [exchange for file in FILES for exchange in read_exchanges(file)]
PROBLEM = "application/problem+json"
# Documents rather than answers; and a picture.
WITHOUT_EXAMPLE = {"image_search_heat_map"}


def _name(exchange: Exchange) -> str:
    return f"{exchange.operation}: {exchange.name}"


def _app(file: Path) -> str:
    return file.parts[-3]


def _replay(client: Client, exchange: Exchange) -> tuple[int, Any]:
    """Ask the shop, and leave it as it was."""
    with transaction.atomic():
        status, answer = ask(client, exchange)
        transaction.set_rollback(True)
    return status, answer


@pytest.fixture
def shop(db: None) -> None:
    open_example_shop()


@pytest.mark.skipif(not IS_RECORDING, reason="examples are recorded on demand")
@pytest.mark.parametrize("file", FILES, ids=_app)
def test_examples_are_recorded(client: Client, shop: None, file: Path) -> None:
    rows = []
    for exchange in read_exchanges(file):
        status, answer = _replay(client, exchange)
        kept = {**dataclasses.asdict(exchange), "status": status, "answer": answer}
        rows.append({name: value for name, value in kept.items() if value not in (None, {})})
    text = json.dumps(rows, ensure_ascii=False, indent=1).replace(TEST_SHOP, SHOP)
    file.write_text(f"{text}\n", encoding="utf-8")


@pytest.mark.skipif(IS_RECORDING, reason="examples are being recorded")
@pytest.mark.parametrize("file", FILES, ids=_app)
def test_every_example_is_what_the_shop_answers(client: Client, shop: None, file: Path) -> None:
    untrue = {}
    for exchange in read_exchanges(file):
        status, answer = _replay(client, exchange)
        if (status, comparable(answer)) != (exchange.status, comparable(exchange.answer)):
            untrue[_name(exchange)] = (status, answer)
    assert untrue == {}


@pytest.mark.parametrize("exchange", EXCHANGES, ids=_name)
def test_an_example_is_described_by_its_schema(exchange: Exchange) -> None:
    *_, operation = operations()[exchange.operation]
    response = operation["responses"][str(exchange.status)]
    if exchange.answer is None:
        return
    media_type = "application/json" if exchange.status < 400 else PROBLEM
    shape = {**response["content"][media_type]["schema"], "components": schema()["components"]}
    Draft202012Validator(shape, format_checker=FormatChecker()).validate(exchange.answer)
    shown = response["content"][media_type]["examples"][exchange.name]["value"]
    assert shown == exchange.answer


def test_every_endpoint_is_described_with_examples() -> None:
    poor: dict[str, list[str]] = {}
    for name, (_, _, operation) in operations().items():
        lacking = [
            member for member in ("summary", "description", "tags") if not operation.get(member)
        ]
        statuses = {exchange.status for exchange in EXCHANGES if exchange.operation == name}
        if not any(200 <= status < 300 for status in statuses) and name not in WITHOUT_EXAMPLE:
            lacking.append("an example that succeeds")
        if lacking:
            poor[name] = lacking
    assert poor == {}


def test_every_parameter_is_described() -> None:
    poor = [
        (name, parameter["name"])
        for name, (_, _, operation) in operations().items()
        for parameter in operation["parameters"]
        if not parameter.get("description")
    ]
    assert poor == []


def test_the_schema_is_valid_openapi_3_1() -> None:
    assert schema()["openapi"].startswith("3.1")
    validate_schema(schema())  # type: ignore[no-untyped-call]


def test_every_app_is_found_that_has_examples() -> None:
    assert {Path(app.path, "api", FILE_NAME) for app in apps.get_app_configs()} >= set(FILES)


def test_refusals_tell_their_header_fields() -> None:
    for _, _, operation in operations().values():
        refused: dict[str, Any] = operation["responses"]["429"]
        assert "Retry-After" in refused["headers"]
