"""A real worker whose process is killed in the middle of an import, at every stage of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from django.core.files.base import ContentFile

from products.importing.steering import confirm, receive_file
from products.models import CatalogueImport, ImportedProduct, Product, ProductImage
from styles.jobs import requeue_jobs
from tests.imports import zipped
from tests.shop import jpeg

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 400
PATIENCE_SECONDS = 120
State = CatalogueImport.State


def large_zip() -> bytes:
    rows = "".join(f"k{number},Killed {number},{number}.jpg\n" for number in range(ROWS))
    photos = {
        f"{number}.jpg": jpeg((number % 250, number // 250 * 80, 90)) for number in range(ROWS)
    }
    return zipped({"a.csv": f"sku,name,image\n{rows}", **photos})


def wait(found: CatalogueImport, *, until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not until():
        assert time.monotonic() < deadline, (
            f"{found.state}, {found.job and found.job.error_message}"
        )
        requeue_jobs()
        time.sleep(0.05)
        found.refresh_from_db()


def processes() -> list[psutil.Process]:
    """Return the processes of jobs, below the workers of this one."""
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if process.is_running() and "run_job" in process.cmdline()
    ]


def kill(found: CatalogueImport, *, at: Callable[[], bool]) -> int:
    """Kill what runs the import at a moment; return how many processes that were."""
    wait(found, until=lambda: at() or found.state == State.DONE)
    killed = processes()
    for process in killed:
        process.kill()
    return len(killed)


def test_a_killed_import_goes_on_and_does_nothing_twice(worker: Path) -> None:
    found = receive_file(ContentFile(large_zip()), name="a.zip", options={}, requested_by=None)
    wait(found, until=lambda: found.state == State.PREVIEWED)
    confirm(found)
    moments: tuple[Callable[[], bool], ...] = (
        lambda: bool(processes()),
        lambda: found.rows_done == ROWS,
        lambda: found.photos_done > 0,
    )
    kills = sum(kill(found, at=moment) for moment in moments)
    wait(found, until=lambda: found.state == State.DONE)
    assert kills >= 2, "killed too late to matter"
    assert (found.created, found.updated, found.unchanged, found.refused) == (ROWS, 0, 0, 0)
    assert found.photos_added == ROWS
    assert Product.objects.count() == ROWS
    assert ProductImage.objects.count() == ROWS
    assert ProductImage.objects.values("product").distinct().count() == ROWS
    assert ImportedProduct.objects.count() == ROWS
