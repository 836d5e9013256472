from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from tests.webhooks.rows import make_endpoint
from webhooks.models import Kind, WebhookEndpoint


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://shop.example/hooks", "insecure"),
        ("https://me:secret@shop.example/hooks", "credentials"),
        ("https://10.0.0.1/hooks", "private"),
        ("https://[::ffff:127.0.0.1]/hooks", "private"),
        ("https://169.254.169.254/latest", "private"),
        ("https://shop.example:99999/", "invalid"),
        ("ftp://shop.example/", "insecure"),
        ("nonsense", "invalid"),
    ],
)
def test_addresses_that_will_never_be_called_are_refused(url: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        WebhookEndpoint(url=url, kinds=[Kind.PRODUCT_EMBEDDED]).clean_fields()
    assert code in {error.code for error in caught.value.error_dict["url"]}


def test_on_ones_own_machine_settings_allow_more(settings: Settings) -> None:
    settings.KFASHION = {"WEBHOOK_ALLOW_HTTP": True, "WEBHOOK_ALLOW_PRIVATE": True}
    WebhookEndpoint(url="http://127.0.0.1:9000/", kinds=[Kind.PRODUCT_EMBEDDED]).clean_fields()


@pytest.mark.parametrize("kinds", [[], ["product.sold"]])
def test_events_that_there_are_not_are_refused(kinds: list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        WebhookEndpoint(url="https://shop.example/", kinds=kinds).clean_fields()
    assert list(caught.value.error_dict) == ["kinds"]


@pytest.mark.django_db
def test_a_changed_secret_counts_beside_the_new_one_for_a_day() -> None:
    endpoint = make_endpoint()
    old = endpoint.secret
    endpoint.rotate_secret()
    endpoint.refresh_from_db()
    assert endpoint.secret != old
    assert endpoint.signing_secrets == [endpoint.secret, old]
    endpoint.previous_secret_until = timezone.now() - timedelta(seconds=1)
    assert endpoint.signing_secrets == [endpoint.secret]


@pytest.mark.django_db
def test_each_endpoint_has_a_secret_of_its_own() -> None:
    assert make_endpoint().secret != make_endpoint().secret
