"""Pages of other sites: those on the list may use the API from a browser, and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

pytestmark = pytest.mark.django_db

PARTNER, STRANGER = "https://app.example.com", "https://evil.example.net"
STYLES = "/api/v1/styles/"


@pytest.fixture(autouse=True)
def allow_list(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [PARTNER]


def test_an_allowed_page_may_read_the_answer_and_its_header_fields(client: Client) -> None:
    response = client.get(STYLES, headers={"Origin": PARTNER})
    assert response["Access-Control-Allow-Origin"] == PARTNER
    exposed = {name.lower() for name in response["Access-Control-Expose-Headers"].split(", ")}
    assert exposed >= {"location", "retry-after", "etag", "ratelimit", "ratelimit-policy"}
    assert "origin" in response["Vary"].lower()
    assert "Access-Control-Allow-Credentials" not in response


def test_a_page_that_is_not_on_the_list_may_not(client: Client) -> None:
    response = client.get(STYLES, headers={"Origin": STRANGER})
    assert "Access-Control-Allow-Origin" not in response


def test_an_answer_that_has_not_changed_may_be_read_too(client: Client) -> None:
    etag = client.get(STYLES)["ETag"]
    response = client.get(STYLES, headers={"Origin": PARTNER, "If-None-Match": etag})
    assert response.status_code == 304
    assert response["Access-Control-Allow-Origin"] == PARTNER


def test_a_problem_may_be_read_too(client: Client) -> None:
    response = client.get("/api/v1/nothing/", headers={"Origin": PARTNER})
    assert response.status_code == 404
    assert response["Access-Control-Allow-Origin"] == PARTNER


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_browser_that_asks_first_is_told_what_it_may_send(client: Client, method: str) -> None:
    response = client.options(
        "/api/v1/image-searches/",
        headers={
            "Origin": PARTNER,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,idempotency-key,x-shopper",
        },
    )
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == PARTNER
    assert method in response["Access-Control-Allow-Methods"]
    allowed = {name.strip().lower() for name in response["Access-Control-Allow-Headers"].split(",")}
    assert allowed >= {
        *("authorization", "content-type", "idempotency-key", "if-none-match", "prefer"),
        "x-shopper",
    }


def test_a_stranger_that_asks_first_is_told_nothing(client: Client) -> None:
    response = client.options(
        STYLES, headers={"Origin": STRANGER, "Access-Control-Request-Method": "GET"}
    )
    assert "Access-Control-Allow-Origin" not in response


def test_pages_of_the_shop_are_for_the_shop_alone(client: Client) -> None:
    for address in (reverse("products:search"), reverse("admin:login")):
        response = client.get(address, headers={"Origin": PARTNER})
        assert "Access-Control-Allow-Origin" not in response
