from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.webhooks.rows import make_delivery, make_endpoint
from webhooks.admin import deliveries
from webhooks.models import TEST_KIND, Kind, WebhookDelivery, WebhookEndpoint, WebhookEvent

pytestmark = pytest.mark.django_db

ENDPOINTS = "admin:webhooks_webhookendpoint"
DELIVERIES = "admin:webhooks_webhookdelivery"


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the endpoints that workers are woken for, in place of a broker."""
    endpoint_ids: list[int] = []
    monkeypatch.setattr(deliveries, "wake", endpoint_ids.append)
    return endpoint_ids


@pytest.fixture
def staff_client(client: Client) -> Callable[..., Client]:
    """Give a function that signs in somebody with these permissions and no others."""

    def sign_in(*codenames: str) -> Client:
        user = User.objects.create_user("staff", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return sign_in


def filled_in(**fields: Any) -> dict[str, Any]:
    return {
        "url": "https://shop.example/hooks",
        "description": "the stock system",
        "kinds": [Kind.PRODUCT_EMBEDDED, Kind.IMAGE_SEARCH_NO_MATCH],
        "is_active": "on",
        **fields,
    }


def test_a_new_endpoint_shows_its_secret_once(admin_client: Client) -> None:
    response = admin_client.post(reverse(f"{ENDPOINTS}_add"), filled_in(), follow=True)
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.kinds == ["product.embedded", "image_search.no_match"]
    assert endpoint.secret in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    address = response.redirect_chain[-1][0]
    assert endpoint.secret not in admin_client.get(address).content.decode()
    for name, arguments in (("change", [endpoint.pk]), ("changelist", [])):
        page = admin_client.get(reverse(f"{ENDPOINTS}_{name}", args=arguments))
        assert page.status_code == 200
        assert endpoint.secret not in page.content.decode()


def test_whoever_may_only_add_endpoints_sees_their_secret_too(
    staff_client: Callable[..., Client],
) -> None:
    client = staff_client("add_webhookendpoint")
    response = client.post(reverse(f"{ENDPOINTS}_add"), filled_in(), follow=True)
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in response.content.decode()
    assert client.get(reverse(f"{ENDPOINTS}_secret", args=[endpoint.pk])).status_code == 403


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"url": "http://shop.example/"}, "begins with https://"),
        ({"url": "https://127.0.0.1/"}, "not on the public internet"),
        ({"url": "https://a:b@shop.example/"}, "Leave name and password out"),
        ({"kinds": []}, "This field is required"),
        ({"kinds": ["product.sold"]}, "Select a valid choice"),
    ],
)
def test_an_endpoint_that_cannot_work_is_refused_with_a_reason(
    admin_client: Client, fields: dict[str, Any], sentence: str
) -> None:
    response = admin_client.post(reverse(f"{ENDPOINTS}_add"), filled_in(**fields))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_changed_secret_is_shown_once_and_the_old_one_counts_for_a_day(
    admin_client: Client,
) -> None:
    endpoint = make_endpoint()
    old = endpoint.secret
    address = reverse(f"{ENDPOINTS}_rotate", args=[endpoint.pk])
    assert admin_client.get(address).status_code == 405
    text = admin_client.post(address, follow=True).content.decode()
    endpoint.refresh_from_db()
    assert endpoint.signing_secrets == [endpoint.secret, old]
    assert endpoint.secret in text
    assert old not in text
    assert "24 more hours" in text


def test_a_test_event_goes_to_its_endpoint_alone(admin_client: Client) -> None:
    endpoint, _other = make_endpoint(kinds=[Kind.PRODUCT_EMBEDDED]), make_endpoint()
    address = reverse(f"{ENDPOINTS}_test", args=[endpoint.pk])
    assert admin_client.get(address).status_code == 405
    response = admin_client.post(address, follow=True)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.endpoint, delivery.event.kind) == (endpoint, TEST_KIND)
    text = response.content.decode()
    assert "A test event is on its way." in text
    assert str(delivery.event_id) in text


def test_a_test_event_of_an_endpoint_that_is_off_waits(admin_client: Client) -> None:
    endpoint = make_endpoint(is_active=False)
    address = reverse(f"{ENDPOINTS}_test", args=[endpoint.pk])
    text = admin_client.post(address, follow=True).content.decode()
    assert "waits until the endpoint is switched on" in text


def test_switched_on_again_an_endpoint_begins_anew(admin_client: Client) -> None:
    now = timezone.now()
    endpoint = make_endpoint(
        is_active=False, disabled_at=now, disabled_reason="failing", failing_since=now, silences=9
    )
    address = reverse(f"{ENDPOINTS}_change", args=[endpoint.pk])
    assert "it took nothing for days" in admin_client.get(address).content.decode()
    admin_client.post(address, filled_in())
    endpoint.refresh_from_db()
    assert endpoint.is_active
    assert endpoint.failing_since is endpoint.disabled_at is None
    assert (endpoint.disabled_reason, endpoint.silences) == ("", 0)
    assert endpoint.description == "the stock system"


def test_endpoints_are_deleted_with_what_was_sent_to_them(admin_client: Client) -> None:
    endpoints = [make_endpoint(), make_endpoint()]
    make_delivery(endpoints[0])
    chosen = {"action": "delete_selected", "_selected_action": [e.pk for e in endpoints]}
    admin_client.post(reverse(f"{ENDPOINTS}_changelist"), {**chosen, "post": "yes"})
    assert not WebhookEndpoint.objects.exists()
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize("name", ["rotate", "test"])
def test_whoever_may_only_look_changes_nothing(
    staff_client: Callable[..., Client], name: str
) -> None:
    endpoint = make_endpoint()
    client = staff_client("view_webhookendpoint", "view_webhookdelivery")
    page = client.get(reverse(f"{ENDPOINTS}_change", args=[endpoint.pk])).content.decode()
    assert reverse(f"{ENDPOINTS}_{name}", args=[endpoint.pk]) not in page
    response = client.post(reverse(f"{ENDPOINTS}_{name}", args=[endpoint.pk]))
    assert response.status_code == 403
    assert not WebhookEvent.objects.exists()
    assert WebhookEndpoint.objects.get().secret == endpoint.secret


def test_the_log_tells_what_came_back(admin_client: Client) -> None:
    delivery = make_delivery(
        make_endpoint(),
        status="failed",
        attempts=9,
        response_status=500,
        response_excerpt="<b>out of order</b>",
        error="answered",
    )
    listed = admin_client.get(reverse(f"{DELIVERIES}_changelist"), {"status__exact": "failed"})
    assert "it answered with an error" in listed.content.decode()
    shown = admin_client.get(reverse(f"{DELIVERIES}_change", args=[delivery.pk])).content.decode()
    assert "&lt;b&gt;out of order&lt;/b&gt;" in shown
    assert "셔츠" in shown
    assert str(delivery.event_id) in shown


def test_the_log_takes_as_many_queries_however_long_it_is(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        make_delivery(make_endpoint())
    with django_assert_max_num_queries(13):
        assert admin_client.get(reverse(f"{DELIVERIES}_changelist")).status_code == 200


def test_chosen_deliveries_are_sent_again(admin_client: Client, woken: list[int]) -> None:
    endpoint = make_endpoint(resting_until=timezone.now() + timedelta(hours=1))
    chosen = [make_delivery(endpoint, status="failed", attempts=9) for _ in range(2)]
    response = admin_client.post(
        reverse(f"{DELIVERIES}_changelist"),
        {"action": "send_again", "_selected_action": [delivery.pk for delivery in chosen]},
        follow=True,
    )
    assert "2 deliveries are sent again." in response.content.decode()
    assert woken == [endpoint.pk]
    endpoint.refresh_from_db()
    assert endpoint.resting_until is None
    assert set(WebhookDelivery.objects.values_list("status", "attempts")) == {("waiting", 0)}


def test_the_button_of_a_delivery_sends_it_again(admin_client: Client, woken: list[int]) -> None:
    delivery = make_delivery(make_endpoint(), status="delivered", attempts=1)
    address = reverse(f"{DELIVERIES}_send_again", args=[delivery.pk])
    page = admin_client.get(reverse(f"{DELIVERIES}_change", args=[delivery.pk])).content.decode()
    assert address in page
    assert admin_client.get(address).status_code == 405
    assert "1 delivery is sent again." in admin_client.post(address, follow=True).content.decode()
    assert woken == [delivery.endpoint_id]
    missing = reverse(f"{DELIVERIES}_send_again", args=[delivery.pk + 1])
    assert admin_client.post(missing).status_code == 404


def test_whoever_may_only_look_sends_nothing_again(staff_client: Callable[..., Client]) -> None:
    delivery = make_delivery(make_endpoint(), status="delivered")
    client = staff_client("view_webhookdelivery")
    address = reverse(f"{DELIVERIES}_send_again", args=[delivery.pk])
    page = client.get(reverse(f"{DELIVERIES}_change", args=[delivery.pk])).content.decode()
    assert address not in page
    assert client.post(address).status_code == 403
    delivery.refresh_from_db()
    assert delivery.status == "delivered"


def test_the_hours_of_an_old_secret_are_those_of_the_settings(
    admin_client: Client, settings: Settings
) -> None:
    settings.KFASHION = {**settings.KFASHION, "WEBHOOK_OLD_SECRET_HOURS": 1}
    address = reverse(f"{ENDPOINTS}_rotate", args=[make_endpoint().pk])
    assert "1 more hour:" in admin_client.post(address, follow=True).content.decode()
