"""The shop that the examples of the API were recorded in, and how its answers are compared."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from products.api.exchanges import Exchange
from products.models import Calibration, DeletionReceipt, PhotoTraits, Product
from products.models.receipt import digest_of_search
from shoppers.trends import compute_trends
from styles.models import ModelVersion, Style
from tests.shop import direction, jpeg, make_clustering, make_product, make_search, make_version
from tests.shop import place as place_product
from tests.shoppers.insights.example_rows import allow_key, note_insights

# Where the tests find the shop, and how the examples call it.
TEST_SHOP, SHOP = "http://testserver", "https://shop.example"
SEARCH = "6f9d4c1e-8f0b-4b57-9d49-5b7a1c2f3e4d"
PENDING = "0b2d6c58-3a4e-4f1b-8c57-d1f0a9b8c7e6"
RECEIPT = "9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b6a"
SHOPPER = "shopper-6f9d4c1e-"
FAILED = "c4a1e0f7-52d3-4b6a-9e88-7f6e5d4c3b2a"
HEAT = [[0, 40, 0], [30, 100, 30], [0, 60, 0]]
RED, BLUE, BLACK = "#c41f2d", "#2e62b6", "#1c1c1e"
PRODUCTS: tuple[tuple[str, str, str, str, str, str, int, str, dict[str, float]], ...] = (
    # sku, names, category, colour, shade, price, style, direction, cluster
    ("KF-100", "Red wool coat", "빨간 울 코트", "Coats", "Red", RED, 129_000, "classic", {"a": 1}),
    ("KF-101", "Long coat", "롱 코트", "Coats", "Red", RED, 89_000, "classic", {"a": 1, "b": 0.2}),
    ("KF-200", "Denim shirt", "데님 셔츠", "Shirts", "Blue", BLUE, 49_000, "punk", {"b": 1}),
    ("KF-300", "Jeans", "청바지", "Jeans", "Black", BLACK, 59_000, "punk", {"b": 1, "a": 0.9}),
)  # fmt: skip
# What differs from one recording to the next.
VOLATILE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "<day>"),
    (re.compile(r"(products/..|searches)/[0-9a-f]{32}"), r"\1/<name>"),
    (re.compile(r"products/../<name>"), "products/<name>"),
    (re.compile(r'("next_cursor": )"[^"]+"'), r'\1"<cursor>"'),
    (re.compile(r'("url": "[^"]+-)\d+(/")'), r"\1<key>\2"),
    (re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}"), "<number>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
)


def open_example_shop() -> ModelVersion:
    """Open a shop of four products that can be told by heart, with three searches."""
    version = make_version(number=3)
    clustering = make_clustering(
        version, {"Quiet tailoring": direction(a=1), "Loud denim": direction(b=1)}
    )
    quiet, loud = clustering.clusters.all()
    for sku, name, name_ko, category, colour, shade, price, style, weights in PRODUCTS:
        product = make_product(
            sku,
            name=name,
            name_ko=name_ko,
            brand="Haneul",
            category=category,
            colour=colour,
            price=price,
            stock=7,
            gender="women",
        )
        product.styles.add(Style.objects.get(code=style))
        cluster = quiet if style == "classic" else loud
        place_product(product, direction(**weights), version=version, cluster=cluster)
        PhotoTraits.objects.create(
            image=product.images.get(), palette=[(shade, 1.0)], fingerprint=bytes(32)
        )
    make_product("KF-900", name="Belt that was just added", category="Belts")
    Calibration.objects.create(
        model_version=version, very_close=0.05, close=0.15, cut_off=0.4, is_reliable=True
    )
    make_search(
        version,
        direction(a=1, b=0.05),
        pk=SEARCH,
        cluster=quiet,
        cluster_probabilities={"0": 0.94, "1": 0.06},
        probabilities={
            "style": {"classic": 0.7, "punk": 0.3},
            "product_type": {"Coats": 0.9, "Shirts": 0.1},
        },
        palette=[(RED, 0.8), (BLACK, 0.2)],
        heat_map=HEAT,
    )
    make_search(version, direction(a=1), pk=PENDING, status="pending", embedding=None)
    make_search(
        version,
        direction(a=1),
        pk=FAILED,
        status="failed",
        error_code="image_truncated",
        embedding=None,
    )
    DeletionReceipt.objects.create(
        pk=RECEIPT, search_sha256=digest_of_search(RECEIPT), photos=1, vectors=1
    )
    _remember_shoppers()
    allow_key()
    note_insights(version, nearest=Product.objects.get(sku="KF-300"))
    return version


def _remember_shoppers() -> None:
    """Have four shoppers of an app like the jeans, and one of them more than that."""
    told = [{"kind": "like", "sku": "KF-300"}]
    for number, events in enumerate([[*told, {"kind": "view", "sku": "KF-100"}], told, told, told]):
        response = Client().post(
            "/api/v1/events/",
            {"events": events},
            "application/json",
            headers={"X-Shopper": f"{SHOPPER}{number}"},
        )
        assert response.status_code == 200, response.content
    compute_trends()


@cache
def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return the operations of the schema: ``operationId`` -> method, path, description."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
    }


@cache
def schema() -> dict[str, Any]:
    """Return the schema as it is served."""
    generated: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return generated


def ask(client: Client, exchange: Exchange) -> tuple[int, Any]:
    """Send the request of an exchange; return status and body, None where it is no JSON."""
    method, path, _ = operations()[exchange.operation]
    for name, value in exchange.path.items():
        path = path.replace(f"{{{name}}}", quote(value))
    headers = {"Accept-Language": "en", **exchange.headers}
    if exchange.form is not None:
        fields: dict[str, Any] = dict(exchange.form)
        if "image" in fields:
            fields["image"] = SimpleUploadedFile("photo.jpg", jpeg(size=(120, 160)), "image/jpeg")
        response = client.post(path, fields, headers=headers)
    elif exchange.json is not None:
        content, kind = json.dumps(exchange.json), "application/json"
        response = client.generic(method.upper(), path, content, kind, headers=headers)
    else:
        asked = client.get if method == "get" else client.delete
        response = asked(path, query_params=dict(exchange.query), headers=headers)
    is_json = "json" in response.get("Content-Type", "")
    return response.status_code, response.json() if is_json else None


def comparable(answer: Any) -> Any:
    """Return an answer without what differs from one recording to the next."""
    text = json.dumps(answer, ensure_ascii=False).replace(TEST_SHOP, SHOP)
    for pattern, word in VOLATILE:
        text = pattern.sub(word, text)
    # A taste fades with every second that passes.
    return json.loads(text, parse_float=lambda digits: round(float(digits), 3))
