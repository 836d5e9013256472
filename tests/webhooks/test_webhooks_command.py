from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.webhooks.rows import make_delivery, make_endpoint
from webhooks.models import Kind

pytestmark = pytest.mark.django_db


def output(*arguments: str) -> str:
    out = StringIO()
    call_command("webhooks", *arguments, stdout=out)
    return out.getvalue()


def test_endpoints_are_listed_with_what_waits_and_what_failed() -> None:
    endpoint = make_endpoint(kinds=[Kind.PRODUCT_EMBEDDED])
    for status in ("waiting", "waiting", "failed", "delivered"):
        make_delivery(endpoint, status=status)
    make_endpoint("https://gone.example/", is_active=False, disabled_reason="gone")
    text = output()
    assert "https://shop.example/hooks  (product.embedded)" in text
    assert "active; 2 waiting, 1 failed, 1 delivered" in text
    assert "(gone); 0 waiting" in text
    assert endpoint.secret not in text


def test_json_says_the_same() -> None:
    endpoint = make_endpoint()
    make_delivery(endpoint)
    (told,) = json.loads(output("--json"))["endpoints"]
    assert (told["id"], told["waiting"], told["is_active"]) == (endpoint.pk, 1, True)
    assert "secret" not in told


def test_without_endpoints_it_says_so() -> None:
    assert "There are no endpoints" in output()
