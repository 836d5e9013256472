"""Limits: counted by key or address, exact under parallel requests, and never in the way."""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import Settings
from rest_framework.settings import api_settings

from access import throttling
from access.checks import check_proxies, check_throttle_rates
from access.models import AppKey
from access.throttling import TooManyUploadsError, address_hash, check_upload, parse_rate
from tests.shop import jpeg

pytestmark = pytest.mark.django_db

STYLES = "/api/v1/styles/"
SEARCHES = "/api/v1/image-searches/"
Limit = Callable[[dict[str, dict[str, str]]], None]


def photo() -> dict[str, Any]:
    return {"image": SimpleUploadedFile("outfit.jpg", jpeg(), "image/jpeg")}


def test_the_request_after_the_last_is_refused_with_the_time_to_wait(
    client: Client, limited_to: Limit
) -> None:
    limited_to({"anonymous": {"reads": "3/minute"}})
    remaining = []
    for _ in range(3):
        response = client.get(STYLES)
        assert response.status_code == 200
        assert response["RateLimit-Policy"] == '"reads";q=3;w=60'
        remaining.append(response["RateLimit"].split(";")[1])
    assert remaining == ["r=2", "r=1", "r=0"]
    response = client.get(STYLES)
    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "throttled"
    assert 1 <= int(response["Retry-After"]) <= 60
    assert response["RateLimit"] == f'"reads";r=0;t={response["Retry-After"]}'


def test_without_rates_nothing_is_limited_or_told(client: Client, limited_to: Limit) -> None:
    limited_to({})
    assert "RateLimit" not in client.get(STYLES)


def test_each_kind_of_request_has_its_own_counter(client: Client, limited_to: Limit) -> None:
    limited_to({"anonymous": {"reads": "1/minute", "searches": "2/hour"}})
    assert client.get(STYLES).status_code == 200
    response = client.post(SEARCHES, photo())
    assert response.status_code == 202
    assert response["RateLimit-Policy"] == '"searches";q=2;w=3600'
    assert client.get(response["Location"]).status_code == 429
    assert client.post(SEARCHES, photo()).status_code == 202
    assert client.post(SEARCHES, photo()).status_code == 429


def test_a_key_has_its_own_counter_and_rates(client: Client, limited_to: Limit) -> None:
    limited_to({"anonymous": {"reads": "1/minute"}, "keys": {"reads": "2/minute"}})
    _, usual = AppKey.objects.create_key(name="usual")
    _, larger = AppKey.objects.create_key(name="larger", rates={"reads": "3/minute"})
    passed = {}
    for name, secret in (("nobody", ""), ("usual", usual), ("larger", larger)):
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        answers = [client.get(STYLES, headers=headers).status_code for _ in range(5)]
        passed[name] = Counter(answers)[200]
    assert passed == {"nobody": 1, "usual": 2, "larger": 3}


def test_who_guesses_keys_is_limited_too(client: Client, limited_to: Limit) -> None:
    limited_to({"anonymous": {"reads": "2/minute"}})
    headers = {"Authorization": "Bearer abcdefgh.guess"}
    answers = [client.get(STYLES, headers=headers) for _ in range(3)]
    assert [answer.json()["code"] for answer in answers] == ["key_unknown"] * 2 + ["throttled"]
    assert answers[0]["RateLimit"].startswith('"reads";r=1;')
    assert int(answers[2]["Retry-After"]) >= 1


def test_addresses_are_told_apart_behind_our_own_proxies_only(
    client: Client, limited_to: Limit, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited_to({"anonymous": {"reads": "1/minute"}})

    def status(forwarded: str) -> int:
        return client.get(STYLES, headers={"X-Forwarded-For": forwarded}).status_code

    monkeypatch.setattr(api_settings, "NUM_PROXIES", 0)
    assert [status("203.0.113.1"), status("203.0.113.2")] == [200, 429]
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
    assert [status("203.0.113.1"), status("203.0.113.2")] == [200, 200]
    # What a client claims itself stands before what the proxy saw.
    assert status("198.51.100.7, 203.0.113.2") == 429


def test_a_home_has_one_address_whatever_its_devices_are_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 0)

    def named(address: str) -> str:
        return address_hash(RequestFactory().get("/", REMOTE_ADDR=address))

    assert named("2001:db8:1:2::1") == named("2001:db8:1:2:aaaa::9")
    assert named("2001:db8:1:2::1") != named("2001:db8:1:3::1")
    assert named("::ffff:203.0.113.9") == named("203.0.113.9")
    assert len({named(""), named("unix:socket"), named("203.0.113.9")}) == 3


def test_of_many_requests_at_once_exactly_as_many_pass_as_may(limited_to: Limit) -> None:
    limited_to({"anonymous": {"searches": "17/hour"}})
    request = RequestFactory().post("/search/")

    def passes(_: int) -> bool:
        try:
            check_upload(request)
        except TooManyUploadsError:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(passes, range(50))) == 17


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_to_the_api_at_once_exactly_as_many_pass_as_may(
    limited_to: Limit,
) -> None:
    limited_to({"anonymous": {"reads": "17/hour"}})

    def status(_: int) -> int:
        try:
            return Client().get(STYLES).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert Counter(pool.map(status, range(50))) == {200: 17, 429: 33}


def test_a_redis_that_is_down_limits_nobody_and_the_log_says_so(
    client: Client, limited_to: Limit, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    limited_to({"anonymous": {"reads": "1/minute", "searches": "1/minute"}})
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with caplog.at_level(logging.WARNING, "access.throttling"):
        answers = [client.get(STYLES) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "RateLimit" not in answers[0]
    # Asked once; the requests that follow do not wait for it.
    assert len(caplog.records) == 1
    assert "nobody is limited" in caplog.text
    check_upload(RequestFactory().post("/search/"))


def test_after_a_pause_redis_is_asked_again(
    client: Client, limited_to: Limit, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited_to({"anonymous": {"reads": "5/minute"}})
    monkeypatch.setattr(throttling._Outage, "_until", time.monotonic() + 60)
    assert "RateLimit" not in client.get(STYLES)
    monkeypatch.setattr(throttling._Outage, "_until", time.monotonic() - 1)
    assert "RateLimit" in client.get(STYLES)


def test_a_page_says_in_words_how_long_to_wait(limited_to: Limit) -> None:
    limited_to({"anonymous": {"searches": "1/hour"}})
    request = RequestFactory().post("/search/")
    check_upload(request)
    with pytest.raises(TooManyUploadsError) as refused:
        check_upload(request)
    assert refused.value.code == "throttled"
    assert 1 <= refused.value.wait_seconds <= 3600
    with translation.override("en"):
        [message] = refused.value.messages
    # Counters move on with the clock of Redis: a test that starts as an hour ends waits less.
    wanted = r"Many photos have come from your network\. Please try again in \d+ minutes?\."
    assert re.fullmatch(wanted, message)


@pytest.mark.parametrize("text", ["often", "", "0/minute", "5/fortnight", "-1/hour"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse_rate(text)
    assert refused.value.code == "invalid_rate"


@pytest.mark.parametrize(
    "rates",
    [{"anonymous": {"reads": "often"}}, {"keys": {"dreams": "1/hour"}}, {"robots": {}}],
)
def test_a_check_finds_rates_that_cannot_be_meant(limited_to: Limit, rates: Any) -> None:
    limited_to(rates)
    (found,) = check_throttle_rates()
    assert found.id == "access.E001"
    assert next(iter(rates)) in found.msg


def test_the_rates_of_the_shop_are_rates(settings: Settings) -> None:
    from access.conf import DEFAULTS

    settings.KFASHION = {**settings.KFASHION, "THROTTLE_RATES": DEFAULTS["THROTTLE_RATES"]}
    assert check_throttle_rates() == []


@pytest.mark.parametrize(
    ("proxies", "is_behind_tls", "is_warned"),
    [(0, False, False), (1, True, False), (0, True, True), (None, False, True)],
)
def test_a_check_warns_where_addresses_say_nothing(
    limited_to: Limit, settings: Settings, proxies: int | None, is_behind_tls: bool, is_warned: bool
) -> None:
    limited_to({"anonymous": {"reads": "1/minute"}})
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") * is_behind_tls
    assert [found.id for found in check_proxies()] == ["access.W001"] * is_warned
    limited_to({})
    assert check_proxies() == []
