"""The worker of `make run` that runs trainings, and how it ends."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.db import connection

from kfashion_site import launcher
from kfashion_site.celery import app
from styles.jobs import start_job
from styles.models import Job
from tests.counting import COUNT

ARRIVAL_SECONDS = 60.0


@pytest.mark.django_db(transaction=True)
def test_it_lets_its_job_go_when_the_shop_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    monkeypatch.setenv("DATABASE_URL", f"{place}/{connection.settings_dict['NAME']}")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.worker_settings")
    # Workers of other tests look elsewhere meanwhile.
    app.control.cancel_consumer("training", reply=True)
    try:
        job = start_job(COUNT, {"steps": 2000, "pause_seconds": 0.05})
        with launcher._training_worker(tmp_path):
            deadline = time.monotonic() + ARRIVAL_SECONDS
            while job.done == 0:
                assert time.monotonic() < deadline, (tmp_path / "training.log").read_text()
                time.sleep(0.05)
                job.refresh_from_db()
            began = time.monotonic()
        assert time.monotonic() - began < 30  # of the 100 seconds that it counts for
    finally:
        app.control.add_consumer("training", reply=True)
    job.refresh_from_db()
    assert (job.status, job.setbacks) == ("waiting", 0)
    assert Job.objects.count() == 1
