"""A real worker whose children are killed in the middle of their work."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest
from pytest_django import Settings

from products import embedding_runs
from products.catalogue import ProductCatalogue
from products.models import ImageClassification, ProductEmbedding, ProductImage
from products.tasks import embed_images, queue_missing_images
from styles.models import ModelVersion
from tests.photos import draw_photo, encode
from tests.shop import add_photo, make_product

pytestmark = pytest.mark.django_db(transaction=True)

PHOTOS = 120
KILLS = 3


@pytest.fixture
def photos(learnt: ModelVersion, settings: Settings) -> int:
    """Store photos that take the worker many small tasks."""
    settings.KFASHION = {"EMBEDDING_CHUNK": 3}
    content = encode(draw_photo())
    for number in range(PHOTOS):
        add_photo(make_product(f"p{number}"), content)
    return PHOTOS


def worker_children() -> list[psutil.Process]:
    """Return the processes that run tasks, not the one that hands them out."""
    main = next(
        child
        for child in psutil.Process().children()
        if "celery" in child.cmdline() and "worker" in child.cmdline()
    )
    return main.children()


def test_killed_children_lose_and_double_nothing(
    learnt: ModelVersion, worker: Path, photos: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_runs, "REQUEUE_AFTER_SECONDS", 1)
    queue_missing_images(learnt, again=True)
    for _ in range(KILLS):
        time.sleep(0.03)
        for child in worker_children():
            child.kill()
        assert ProductEmbedding.objects.count() < photos, "killed too late to matter"
    counts = ProductCatalogue().embed(learnt)
    assert counts.failed == 0
    assert ProductImage.objects.missing_embedding_by(learnt).count() == 0
    assert ProductEmbedding.objects.count() == photos
    assert ImageClassification.objects.count() == photos


def test_a_task_delivered_many_times_at_once_embeds_once(
    learnt: ModelVersion, worker: Path, photos: int
) -> None:
    keys = list(ProductImage.objects.values_list("pk", flat=True))
    for _ in range(5):
        embed_images.delay(keys, learnt.pk)
    ProductCatalogue().embed(learnt)
    assert ProductEmbedding.objects.count() == photos


def test_messages_lost_with_the_broker_are_sent_again(
    learnt: ModelVersion, worker: Path, photos: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_runs, "queue_images", lambda *_, **__: None)
    monkeypatch.setattr(embedding_runs, "GIVE_UP_AFTER_SECONDS", 1)
    with pytest.raises(embedding_runs.WorkersSilentError, match="are waiting"):
        ProductCatalogue().embed(learnt)
    monkeypatch.undo()
    assert ProductCatalogue().embed(learnt).embedded == photos
