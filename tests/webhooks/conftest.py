"""Fixtures of the webhooks tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from tests.webhooks.receiver import Receiver
    from webhooks.models import WebhookEndpoint


@pytest.fixture
def local_allowed(settings: Settings) -> None:
    """Let webhooks go to this machine, without TLS."""
    settings.KFASHION = {
        **settings.KFASHION,
        "WEBHOOK_ALLOW_HTTP": True,
        "WEBHOOK_ALLOW_PRIVATE": True,
    }


@pytest.fixture
def receiver(local_allowed: None) -> Iterator[Receiver]:
    """Run another system that takes webhooks."""
    from tests.webhooks.receiver import running_receiver

    with running_receiver() as running:
        yield running


@pytest.fixture
def endpoint(db: None, receiver: Receiver) -> WebhookEndpoint:
    """Return an endpoint at the receiver that has subscribed to everything."""
    from tests.webhooks.rows import make_endpoint

    return make_endpoint(receiver.url())
