"""What every answer of the shop tells browsers about safety."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

PAGES = ["products:home", "products:list", "products:search", "admin:login", "api:docs"]


def directives(client: Client, address: str) -> dict[str, list[str]]:
    policy = client.get(address).headers["Content-Security-Policy"]
    return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_allows_inline_scripts_or_styles_or_strangers(client: Client, name: str) -> None:
    policy = directives(client, reverse(name))
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["img-src"] == ["'self'", "blob:", "data:"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_scripts_or_styles_in_its_markup(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", page) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []


def test_answers_say_who_may_use_and_refer_to_them(client: Client) -> None:
    headers = client.get(reverse("products:home")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "microphone=()" in headers["Permissions-Policy"]


def test_errors_and_the_api_carry_the_policy_too(client: Client) -> None:
    for address in ("/nowhere/", reverse("api:products")):
        assert directives(client, address)["script-src"] == ["'self'"]
