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

import benchmarks.schema_hooks  # noqa: F401  # What schemathesis must be told registers itself.
from kfashion_site.wsgi import application
from tests.products.api.example_shop import open_example_shop

EXAMPLES = 15
SCHEMA = "/api/v1/schema/"

schema = schemathesis.openapi.from_wsgi(SCHEMA, application)


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


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_keeps_to_its_schema(shop: None, case: Case[Any]) -> None:
    case.call_and_validate()
