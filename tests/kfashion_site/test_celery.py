"""The Celery application: tasks travel over a real broker to a real worker."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from kfashion_site.celery import app
from products.models import ImageSearch

ARRIVAL_SECONDS = 20.0


@pytest.mark.django_db(transaction=True)
def test_a_task_reaches_a_worker_which_does_it_in_the_database(worker: Path) -> None:
    expired = ImageSearch.objects.create(expires_at=timezone.now() - timedelta(hours=1))
    app.send_task("products.tasks.purge_expired_image_searches")
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while ImageSearch.objects.filter(pk=expired.pk).exists():
        assert time.monotonic() < deadline, worker.read_text()
        time.sleep(0.05)


def test_every_task_has_a_queue_that_some_worker_empties() -> None:
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if name.startswith(("products.", "styles."))]
    assert ours
    for name in ours:
        assert app.amqp.router.route({}, name)["queue"].name in {"default", "inference", "training"}


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
