"""A real worker, a real broker and a real receiver."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from django.db import transaction

from kfashion_site.celery import app
from kfashion_site.state import BASE_DIR
from products.embedding import embed_images
from styles.models import ModelVersion
from tests.shop import add_photo, make_product
from tests.styles.ml.tiny import photo
from tests.webhooks.receiver import Received, Receiver, Told
from tests.webhooks.rows import make_due
from webhooks.models import TEST_KIND, WebhookDelivery, WebhookEndpoint
from webhooks.outbox import record
from webhooks.tasks import send_due_deliveries

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 30.0


@pytest.fixture(autouse=True)
def worker_at_rest(transactional_db: None, worker: Path) -> Iterator[None]:
    """Let the worker end what it does before the tables are emptied under it."""
    yield
    app.control.purge()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _is_worker_busy():
        assert time.monotonic() < deadline, "the worker does not come to rest"
        time.sleep(0.05)


def documented() -> SimpleNamespace:
    """Return what the example of the documentation defines."""
    text = (BASE_DIR / "docs" / "webhooks.md").read_text()
    example = text.partition("```python\n")[2].partition("```")[0]
    defined: dict[str, object] = {}
    exec(compile(example, "docs/webhooks.md", "exec"), defined)  # noqa: S102 - it is ours
    return SimpleNamespace(**defined)


def sweep_until(status: str, delivery: WebhookDelivery) -> None:
    """Sweep as beat does, until a delivery has come so far."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        delivery.refresh_from_db()
        if delivery.status == status:
            return
        assert time.monotonic() < deadline, delivery.error
        send_due_deliveries()
        time.sleep(0.1)


def wait_for_attempt(delivery: WebhookDelivery, number: int) -> None:
    """Wait until so many attempts are over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while delivery.attempts < number or delivery.leased_until is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
        delivery.refresh_from_db()


def message_ids(received: list[Received]) -> set[str]:
    return {request.headers["webhook-id"] for request in received}


def test_embedding_a_product_reaches_the_receiver_who_verifies_it_as_documented(
    worker: Path, learnt: ModelVersion, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    product = make_product("linen-shirt")
    embed_images([add_photo(product, photo("red", number=1)).pk], model_version=learnt)
    request = receiver.wait_for(1)[0]
    verify = documented().verify
    event = verify(endpoint.secret, request.headers, request.body)
    assert event["type"] == "product.embedded"
    assert event["data"]["skus"] == ["linen-shirt"]
    for secret, headers, body in (
        ("whsec_" + "A" * 44, request.headers, request.body),
        (endpoint.secret, request.headers, request.body.replace(b"linen", b"silks")),
        (endpoint.secret, {**request.headers, "webhook-id": "1"}, request.body),
        (endpoint.secret, {**request.headers, "webhook-timestamp": "1"}, request.body),
        (endpoint.secret, {**request.headers, "webhook-signature": "v1,"}, request.body),
    ):
        with pytest.raises(ValueError, match="webhook"):
            verify(secret, headers, body)
    sweep_until("delivered", WebhookDelivery.objects.get())


def test_while_a_secret_is_changed_either_verifies(
    worker: Path, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    old = endpoint.secret
    endpoint.rotate_secret()
    record(TEST_KIND, {"number": 1}, endpoint_ids=[endpoint.pk])
    request = receiver.wait_for(1)[0]
    for secret in (old, endpoint.secret):
        assert documented().verify(secret, request.headers, request.body)["data"] == {"number": 1}


def test_nothing_is_sent_before_the_commit(
    worker: Path, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    with transaction.atomic():
        record(TEST_KIND, {"number": 1}, endpoint_ids=[endpoint.pk])
        transaction.set_rollback(True)
    record(TEST_KIND, {"number": 2}, endpoint_ids=[endpoint.pk])
    (request,) = receiver.wait_for(1)
    assert json.loads(request.body)["data"] == {"number": 2}


def test_an_error_and_then_an_arrival(
    worker: Path, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.answers.append(Told(500))
    event = record(TEST_KIND, {}, endpoint_ids=[endpoint.pk])
    receiver.wait_for(1)
    delivery = event.deliveries.get()
    wait_for_attempt(delivery, 1)
    assert (delivery.status, delivery.response_status) == ("waiting", 500)
    make_due(delivery)
    sweep_until("delivered", delivery)
    assert message_ids(receiver.received) == {str(event.pk)}
    assert len(receiver.received) == 2


def test_what_a_killed_worker_was_sending_is_sent_again_as_the_same_event(
    worker: Path, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    is_over = threading.Event()
    receiver.answers.append(Told(waits_for=is_over))
    event = record(TEST_KIND, {}, endpoint_ids=[endpoint.pk])
    receiver.wait_for(1)
    for child in _worker_children():
        child.kill()
    is_over.set()
    sweep_until("delivered", event.deliveries.get())
    assert message_ids(receiver.received) == {str(event.pk)}
    assert len(receiver.received) == 2


def test_an_endpoint_deleted_in_mid_delivery_is_forgotten(
    worker: Path, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    is_over = threading.Event()
    receiver.answers.append(Told(waits_for=is_over))
    record(TEST_KIND, {}, endpoint_ids=[endpoint.pk])
    receiver.wait_for(1)
    WebhookEndpoint.objects.get().delete()
    is_over.set()
    assert not WebhookDelivery.objects.exists()
    other = WebhookEndpoint.objects.create(url=receiver.url(), kinds=[])
    sweep_until("delivered", record(TEST_KIND, {}, endpoint_ids=[other.pk]).deliveries.get())
    assert len(receiver.received) == 2


def _is_worker_busy() -> bool:
    """Tell whether the worker has tasks, or does not say so."""
    # There is one worker: after its answer there is none to wait for.
    inspect = app.control.inspect(limit=1)
    answers = (inspect.active(), inspect.reserved())
    return any(not answer or any(answer.values()) for answer in answers)


def _worker_children() -> list[psutil.Process]:
    """Return the processes that run tasks, not the one that hands them out."""
    main = next(
        child
        for child in psutil.Process().children()
        if "celery" in child.cmdline() and "worker" in child.cmdline()
    )
    return main.children()
