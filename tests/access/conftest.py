"""What tests about limits need: rates of their own, and counters that start at nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from pytest_django import Settings

Rates = Mapping[str, Mapping[str, str]]


@pytest.fixture
def limited_to(settings: Settings) -> Callable[[Rates], None]:
    """Switch limits on with these rates."""
    from access import throttling  # not above: Django is set up after this file is loaded

    throttling._storage(settings.REDIS_URL).reset()
    throttling._Outage._until = 0.0

    def limit(rates: Rates) -> None:
        settings.KFASHION = {**settings.KFASHION, "THROTTLE_RATES": rates}

    return limit
