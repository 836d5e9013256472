"""The list of products in the admin over a large catalogue: seconds from request to page.

    python -m benchmarks.admin_list [--products N] [--json]

The catalogue is made of real embeddings (`large_catalogue`), on a PostgreSQL of its own. Each list
is asked for several times through the whole of Django; the slowest counts, the first one too.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from benchmarks import large_catalogue
from benchmarks.figures import tell
from benchmarks.running_shop import STATE
from benchmarks.shop import temporary_shop

PRODUCTS = 1_000_000
ALLOWED_MS = 500.0
ASKED = 5
LISTS = {
    "all": "",
    "page 100": "?p=100",
    "by price": "?o=8",
    "category": "?category=Watches",
    "cluster": "?cluster=3",
    "style group": "?style=casual",
    "hidden": "?is_published__exact=0",
    "failed": "?photos=failed",
    "embedded": "?photos=embedded",
    "waiting": "?photos=waiting",
    "words": "?q=cashmere",
    "sku": "?q=sku-77777",
}


def measure(*, products: int) -> dict[str, Any]:
    """Return milliseconds of each list, and whether the plain one reached its bar."""
    real = large_catalogue.real_embeddings(STATE / "real_embeddings.npz")
    with temporary_shop():
        print(f"making {products:,} products", file=sys.stderr)
        large_catalogue.store(large_catalogue.multiply(real, products=products))
        figures = {name: slowest(query) for name, query in LISTS.items()}
    return {
        "products": products,
        **{f"{name}, slowest of {ASKED} ms": round(value, 1) for name, value in figures.items()},
        "reached": figures["all"] <= ALLOWED_MS,
    }


def slowest(query: str) -> float:
    """Return the longest of several requests, in milliseconds."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    client = Client(headers={"host": "localhost"})
    user, _ = User.objects.get_or_create(
        username="staff", defaults={"is_staff": True, "is_superuser": True}
    )
    client.force_login(user)
    taken = []
    for _asked in range(ASKED):
        began = time.perf_counter()
        response = client.get(reverse("admin:products_product_changelist") + query)
        taken.append(1e3 * (time.perf_counter() - began))
        if response.status_code != 200:
            raise RuntimeError(f"{query} answers {response.status_code}")
    return max(taken)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this benchmark's options."""
    parser.add_argument("--products", type=int, default=PRODUCTS)


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=configure)
