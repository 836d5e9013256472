"""Fixtures of the shoppers tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from shoppers.models import Shopper


@pytest.fixture
def shopper(db: None) -> Shopper:
    """Return somebody who agreed to be remembered."""
    from tests.shoppers.people import make_shopper

    return make_shopper()


@pytest.fixture
def known(client: Client, db: None) -> Client:
    """Return a browser whose shopper said yes."""
    from tests.shoppers.people import say

    say(client, "yes")
    return client
