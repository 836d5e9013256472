from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from products.embedding import embed_images, run_image_search
from products.models import Calibration, ImageSearch, ProductEmbedding
from products.signals import products_embedded
from styles.activation import activate_model_version, undo_activation
from styles.models import ModelVersion
from styles.signals import model_version_flipped
from tests.learnt import learnt_version
from tests.shop import (
    add_photo,
    direction,
    make_clustering,
    make_product,
    make_search,
    make_version,
    place,
)
from tests.styles.ml.tiny import photo
from tests.webhooks.rows import make_endpoint
from webhooks.models import Kind, WebhookDelivery, WebhookEndpoint, WebhookEvent
from webhooks.receivers import is_without_match, tell_of_search_without_match

pytestmark = pytest.mark.django_db


def contents(kind: Kind) -> list[dict[str, Any]]:
    """Return the data of the events of a kind, the oldest first."""
    events = WebhookEvent.objects.filter(kind=kind).order_by("created_at")
    assert all(event.payload["type"] == kind for event in events)
    return [event.payload["data"] for event in events]


def calibrate_by_hand(version: ModelVersion, *, cut_off: float) -> None:
    Calibration.objects.create(
        model_version=version,
        very_close=cut_off / 4,
        close=cut_off / 2,
        cut_off=cut_off,
        is_reliable=True,
        report={},
    )


def coming_version() -> ModelVersion:
    """Return a version that can be activated at once."""
    version = learnt_version(number=1001, status="trained")
    make_clustering(version, {"all": direction(a=1)})
    return version


def embedded_signal(product_ids: list[int], version: ModelVersion) -> None:
    products_embedded.send(sender=ProductEmbedding, product_ids=product_ids, model_version=version)


def test_products_that_are_embedded_are_told_of_once_each(learnt: ModelVersion) -> None:
    make_endpoint()
    products = [make_product(sku) for sku in ("b", "a")]
    images = [add_photo(product, photo("red", number=1)) for product in (*products, products[0])]
    embed_images([image.pk for image in images], model_version=learnt)
    (content,) = contents(Kind.PRODUCT_EMBEDDED)
    assert content == {
        "model_version": learnt.number,
        "is_serving": True,
        "skus": ["a", "b"],
    }
    embed_images([image.pk for image in images], model_version=learnt)
    assert len(contents(Kind.PRODUCT_EMBEDDED)) == 1


def test_of_a_version_that_does_not_serve_it_is_said_so(version: ModelVersion) -> None:
    make_endpoint()
    embedded_signal([make_product("a").pk], make_version("staged"))
    (content,) = contents(Kind.PRODUCT_EMBEDDED)
    assert content["is_serving"] is False


def test_an_event_lists_up_to_a_hundred_products(version: ModelVersion) -> None:
    make_endpoint()
    product_ids = [make_product(f"{number:03}").pk for number in range(205)]
    embedded_signal(product_ids, version)
    assert [len(content["skus"]) for content in contents(Kind.PRODUCT_EMBEDDED)] == [100, 100, 5]


def test_where_nobody_listens_embedding_costs_one_query_and_writes_nothing(
    version: ModelVersion,
) -> None:
    make_endpoint(is_active=False)
    make_endpoint(kinds=[Kind.MODEL_VERSION_ACTIVATED])
    product_ids = [make_product(f"{number:03}").pk for number in range(205)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        embedded_signal(product_ids, version)
    assert len(queries) == 1
    assert not WebhookEvent.objects.exists()


def test_each_endpoint_hears_of_what_it_has_subscribed_to(version: ModelVersion) -> None:
    both = [make_endpoint(), make_endpoint(kinds=[Kind.PRODUCT_EMBEDDED])]
    make_endpoint(kinds=[Kind.IMAGE_SEARCH_NO_MATCH])
    embedded_signal([make_product("a").pk], version)
    event = WebhookEvent.objects.get()
    assert [d.endpoint for d in event.deliveries.order_by("endpoint_id")] == both


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_told(version: ModelVersion) -> None:
    make_endpoint()

    with transaction.atomic():
        embedded_signal([make_product("a").pk], version)
        assert WebhookDelivery.objects.count() == 1
        transaction.set_rollback(True)
    assert not WebhookEvent.objects.exists()
    assert not WebhookDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_flip_that_fails_is_not_told(learnt: ModelVersion) -> None:
    make_endpoint()
    coming = coming_version()

    def refuse(_activation: object) -> None:
        raise RuntimeError("the job was cancelled")

    with pytest.raises(RuntimeError):
        activate_model_version(coming, on_activated=refuse)
    assert ModelVersion.objects.active() == learnt
    assert contents(Kind.MODEL_VERSION_ACTIVATED) == []


def test_a_version_that_serves_from_now_on_is_told_of(learnt: ModelVersion) -> None:
    make_endpoint()
    make_clustering(learnt, {"all": direction(a=1)})
    coming = coming_version()
    activate_model_version(coming)
    undo_activation()
    activate_model_version(learnt)  # It serves already.
    assert contents(Kind.MODEL_VERSION_ACTIVATED) == [
        {"model_version": 1001, "replaced": 1000, "is_undo": False},
        {"model_version": 1000, "replaced": 1001, "is_undo": True},
    ]


def test_a_first_version_replaces_none(version: ModelVersion) -> None:
    make_endpoint()
    model_version_flipped.send(
        sender=ModelVersion, model_version=version, replaced=None, is_undo=False
    )
    (content,) = contents(Kind.MODEL_VERSION_ACTIVATED)
    assert content["replaced"] is None


def pending_search(learnt: ModelVersion) -> ImageSearch:
    search = make_search(learnt, direction(a=1), status="pending", embedding=None, probabilities={})
    with search.photo.storage.open(str(search.photo.name), "wb") as file:
        file.write(photo("red", number=1))
    return search


def test_a_photo_that_finds_nothing_close_is_told_of_without_the_photo(
    learnt: ModelVersion,
) -> None:
    make_endpoint()
    calibrate_by_hand(learnt, cut_off=1e-9)
    place(make_product("far"), direction(a=1), version=learnt)
    search = pending_search(learnt)
    run_image_search(search)
    (content,) = contents(Kind.IMAGE_SEARCH_NO_MATCH)
    assert content["image_search"] == str(search.pk)
    assert content["model_version"] == learnt.number
    assert content["cluster"] is None
    assert content["styles"][0]["code"] == "punk"
    assert content["product_types"][0]["code"] == "Dresses"
    shares = [style["probability"] for style in content["style_groups"]]
    assert shares == sorted(shares, reverse=True)
    assert set(content) == {
        *("image_search", "model_version", "cluster", "style_groups", "styles", "product_types")
    }


def test_a_search_that_is_answered_twice_is_told_of_once(learnt: ModelVersion) -> None:
    make_endpoint()
    calibrate_by_hand(learnt, cut_off=1e-9)
    place(make_product("far"), direction(a=1), version=learnt)
    search = pending_search(learnt)
    run_image_search(search)
    run_image_search(search)
    assert len(contents(Kind.IMAGE_SEARCH_NO_MATCH)) == 1


def test_a_photo_that_finds_something_close_is_not_told_of(version: ModelVersion) -> None:
    make_endpoint()
    calibrate_by_hand(version, cut_off=0.3)
    place(make_product("near"), direction(a=1), version=version)
    tell_of_search_without_match(search_id=make_search(version, direction(a=1)).pk)
    assert not WebhookEvent.objects.exists()


def test_of_a_search_nobody_can_judge_nothing_is_told(version: ModelVersion) -> None:
    place(make_product("far"), direction(b=1), version=version)
    search = make_search(version, direction(a=1))
    assert not is_without_match(search), "the version is not calibrated"
    calibrate_by_hand(version, cut_off=0.3)
    assert is_without_match(search)
    search.filters = {"cluster": "99"}
    assert not is_without_match(search), "its cluster is gone"
    search.model_version = None
    assert not is_without_match(search), "its model version is gone"


def test_a_match_counts_under_the_filters_of_the_search(version: ModelVersion) -> None:
    calibrate_by_hand(version, cut_off=0.3)
    place(make_product("near", category="Coats"), direction(a=1), version=version)
    place(make_product("far", category="Shirts"), direction(b=1), version=version)
    assert not is_without_match(make_search(version, direction(a=1)))
    assert is_without_match(make_search(version, direction(a=1), filters={"category": "Shirts"}))


@pytest.mark.django_db(transaction=True)
def test_an_endpoint_cannot_be_deleted_under_an_event_that_is_being_written(
    version: ModelVersion,
) -> None:
    endpoint = make_endpoint()

    def delete() -> None:
        try:
            WebhookEndpoint.objects.get(pk=endpoint.pk).delete()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            embedded_signal([make_product("a").pk], version)
            deletion = thread.submit(delete)
            while not _waits_for_a_lock():
                assert not deletion.done()
        deletion.result()
    assert not WebhookDelivery.objects.exists()


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
