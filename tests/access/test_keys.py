"""Keys of apps: what they open, and what becomes of those that open nothing."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import AppKey

pytestmark = pytest.mark.django_db

STYLES = "/api/v1/styles/"


def made_key(**fields: Any) -> tuple[AppKey, str]:
    key, secret = AppKey.objects.create_key(**{"name": "Lookbook", **fields})
    assert isinstance(key, AppKey)
    return key, secret


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Api-Key", "API-KEY"])
def test_a_key_is_accepted_under_both_names(client: Client, scheme: str) -> None:
    key, secret = made_key()
    response = client.get(STYLES, headers={"Authorization": f"{scheme} {secret}"})
    assert response.status_code == 200
    key.refresh_from_db()
    assert key.last_used_at is not None


@pytest.mark.parametrize(
    "authorization", ["", "Basic dXNlcjpwYXNz", "Digest x", "nonsense", "Token abc"]
)
def test_without_a_key_the_api_answers_too(client: Client, authorization: str) -> None:
    assert client.get(STYLES, headers={"Authorization": authorization}).status_code == 200


@pytest.mark.parametrize(
    "text", ["", "abc", "abcdefgh.wrong", "no point", ".", "ключ.ключ", "x" * 5000, "a b.c"]
)
def test_a_key_that_nobody_was_given_is_refused(client: Client, text: str) -> None:
    response = client.get(STYLES, headers={"Authorization": f"Bearer {text}"})
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "key_unknown"
    assert response["WWW-Authenticate"] == 'Bearer realm="kfashion", error="invalid_token"'


def test_the_prefix_of_a_key_alone_tells_nothing(client: Client) -> None:
    key, _ = made_key(revoked=True)
    response = client.get(STYLES, headers={"Authorization": f"Bearer {key.prefix}.guessed"})
    assert response.json()["code"] == "key_unknown"


def test_a_key_revoked_in_mid_flight_opens_nothing_more(client: Client) -> None:
    key, secret = made_key()
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get(STYLES, headers=headers).status_code == 200
    call_command("revoke_app_key", key.prefix)
    response = client.get(STYLES, headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "key_revoked")
    assert "WWW-Authenticate" in response


def test_an_expired_key_says_so(client: Client) -> None:
    _, secret = made_key(expiry_date=timezone.now() - timedelta(seconds=1))
    response = client.get(STYLES, headers={"Authorization": f"Bearer {secret}"})
    assert (response.status_code, response.json()["code"]) == (401, "key_expired")


def test_refusals_speak_the_language_of_the_caller(client: Client) -> None:
    sentences = {
        client.get(
            STYLES, headers={"Authorization": "Bearer x.y", "Accept-Language": language}
        ).json()["detail"]
        for language in ("en", "tlh", "*;q=x,,", "en-GB")
    }
    assert sentences == {"This key is not known. Check that it was copied as a whole."}


def test_the_last_use_is_written_once_a_minute() -> None:
    key, _ = made_key()
    key.note_use()
    key.refresh_from_db()
    first = key.last_used_at
    key.note_use()
    key.refresh_from_db()
    assert key.last_used_at == first is not None
    AppKey.objects.update(last_used_at=first - timedelta(seconds=61))
    key.refresh_from_db()
    key.note_use()
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert key.last_used_at >= first


def test_the_secret_is_nowhere_in_the_row() -> None:
    _, secret = made_key()
    (row,) = AppKey.objects.values()
    assert secret.partition(".")[2] not in str(row)


def test_a_command_makes_a_key_and_another_revokes_it(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_app_key", "Lookbook", "--days", "30", "--rate", "reads=9/minute", "--json")
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert made["name"] == "Lookbook"
    assert made["rates"] == {"reads": "9/minute"}
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert client.get(STYLES, headers=headers).status_code == 200
    call_command("revoke_app_key", made["prefix"], "--json")
    assert json.loads(capsys.readouterr().out)["was_revoked"] is False
    call_command("revoke_app_key", made["prefix"])
    assert "before" in capsys.readouterr().out


def test_commands_refuse_what_cannot_be_meant() -> None:
    with pytest.raises(CommandError, match="no rate"):
        call_command("create_app_key", "Lookbook", "--rate", "reads=often")
    with pytest.raises(CommandError, match="searches"):
        call_command("create_app_key", "Lookbook", "--rate", "sleeps=1/hour")
    with pytest.raises(CommandError, match="50"):
        call_command("create_app_key", "x" * 51)
    with pytest.raises(CommandError, match="no key"):
        call_command("revoke_app_key", "nobodys")
    assert not AppKey.objects.exists()


@pytest.mark.parametrize("rates", [["reads"], {"reads": "0/minute"}, {"reads": 5}, {"x": "1/hour"}])
def test_rates_of_a_key_have_to_be_rates(rates: Any) -> None:
    key = AppKey(name="Lookbook", rates=rates)
    AppKey.objects.assign_key(key)
    with pytest.raises(ValidationError):
        key.full_clean()


def test_the_admin_shows_a_new_key_once(admin_client: Client, client: Client) -> None:
    response = admin_client.post(
        reverse("admin:access_appkey_add"),
        {"name": "<b>Lookbook</b>", "contact": "", "rates": "{}"},
        follow=True,
    )
    page = response.content.decode()
    assert "&lt;b&gt;Lookbook" in page
    secret = re.findall(r"<code>([^<]+)</code>", page)[0]
    assert client.get(STYLES, headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    key = AppKey.objects.get()
    row = admin_client.get(reverse("admin:access_appkey_change", args=[key.pk])).content.decode()
    assert secret not in row
    assert key.prefix in row


def test_the_admin_revokes_a_key_and_keeps_the_fact(admin_client: Client) -> None:
    key, _ = made_key()
    address = reverse("admin:access_appkey_change", args=[key.pk])
    form = {"name": key.name, "contact": "who@example.com", "rates": "{}", "revoked": "on"}
    assert admin_client.post(address, form).status_code == 302
    key.refresh_from_db()
    assert key.revoked
    del form["revoked"]
    admin_client.post(address, form)
    key.refresh_from_db()
    assert key.revoked


def test_the_admin_knows_no_other_kind_of_key(admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:index")).content.decode()
    assert "/admin/access/appkey/" in page
    assert "rest_framework_api_key" not in page


def test_the_schema_says_how_a_key_is_sent(client: Client) -> None:
    schema = client.get("/api/v1/schema/?format=json").json()
    assert schema["components"]["securitySchemes"]["appKey"]["scheme"] == "bearer"
    assert {"appKey": []} in schema["paths"]["/api/v1/products/"]["get"]["security"]
    assert {} in schema["paths"]["/api/v1/products/"]["get"]["security"]
