"""Shoppers for tests: rows, and browsers that said yes or no."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from products.models import Product
from shoppers.models import Shopper, ShopperEvent
from shoppers.recording import Deed, record

_numbers = count(1)


def make_shopper(**fields: Any) -> Shopper:
    """Create somebody who agreed to the terms as they stand."""
    return Shopper.objects.create(
        **{"key_hash": f"{next(_numbers):064x}", "terms_version": 1, **fields}
    )


def do(shopper: Shopper, kind: str, *products: Product, days_ago: float = 0) -> None:
    """Have a shopper do something about products, so many days ago."""
    at = timezone.now() - timedelta(days=days_ago)
    record(shopper, [Deed(kind, product.pk, at=at) for product in products])


def say(client: Client, answer: str, **fields: Any) -> Any:
    """Answer the question for consent."""
    return client.post(reverse("shoppers:answer"), {"answer": answer, **fields})


def like(client: Client, product: Product, **fields: Any) -> Any:
    """Press the heart of a product, without scripts unless headers are given."""
    return client.post(reverse("shoppers:like", args=[product.pk]), fields)


def kinds() -> list[str]:
    """Return what is written down, in the order of writing."""
    return list(ShopperEvent.objects.order_by("pk").values_list("kind", flat=True))
