"""The API against its own schema: whatever schemathesis can think of, over the real application.

The long run, against a shop that is open, is ``python -m benchmarks.schema_fuzz``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from pytest_django import Settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig

import benchmarks.schema_hooks  # noqa: F401  # What schemathesis must be told registers itself.
from access.models import AppKey
from kfashion_site.wsgi import application
from tests.products.api.example_shop import open_example_shop

SCHEMA = "/api/v1/schema/"
# Bounded for every run of the suite; the deliberate cases of the coverage phase come on top, once.
BOUNDED = settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WITHOUT_COVERAGE = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})

schema = schemathesis.openapi.from_wsgi(SCHEMA, application)
schema_again = schemathesis.openapi.from_wsgi(SCHEMA, application, config=WITHOUT_COVERAGE)


@pytest.fixture
def shop(db: None, settings: Settings) -> Iterator[None]:
    """Open the shop of the examples, in which nobody waits for a worker."""
    settings.KFASHION = {**settings.KFASHION, "MAX_WAIT_SECONDS": 0}
    open_example_shop()
    # As Django's own test client does: the transaction of the test outlives a request.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def key(shop: None) -> str:
    """Return the key of an app."""
    _, text = AppKey.objects.create_key(name="Fuzz")
    return text


@schema.parametrize()
@BOUNDED
def test_the_api_keeps_to_its_schema(shop: None, case: Case[Any]) -> None:
    case.call_and_validate()


@schema_again.parametrize()
@BOUNDED
def test_the_api_keeps_to_its_schema_with_a_key(key: str, case: Case[Any]) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"})
