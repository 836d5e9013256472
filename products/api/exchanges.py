"""Requests to the API with their answers, as recorded; the OpenAPI schema shows them as examples.

They stand in ``api/examples.json`` of each app. The tests replay them against a shop that is made
for it, so that none can become untrue; ``tests/products/api/test_examples.py`` says how to record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps

FILE_NAME = "examples.json"


@dataclass(frozen=True)
class Exchange:
    """A request and its answer.

    Attributes:
        operation: the ``operationId`` of the schema.
        name: one line that says what the example shows.
        path: path parameters by name.
        query: query parameters by name.
        headers: header fields of the request.
        json: the body, where it is JSON.
        form: the fields of a form; ``image`` is a photo that the tests draw.
        status: of the answer; 0 until it has been recorded.
        answer: its body; None where it has none, or none that is JSON.
    """

    operation: str
    name: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    status: int = 0
    answer: Any = None


def example_files() -> Iterator[Path]:
    """Yield the files of the installed apps that have one."""
    for app in apps.get_app_configs():
        file = Path(app.path, "api", FILE_NAME)
        if file.exists():
            yield file


def read_exchanges(file: Path) -> list[Exchange]:
    """Return the exchanges of a file, in its order."""
    return [Exchange(**row) for row in json.loads(file.read_text(encoding="utf-8"))]


def exchanges_by_operation() -> dict[str, list[Exchange]]:
    """Return all recorded exchanges: ``operationId`` -> those of it."""
    found: dict[str, list[Exchange]] = {}
    for file in example_files():
        for exchange in read_exchanges(file):
            found.setdefault(exchange.operation, []).append(exchange)
    return found
