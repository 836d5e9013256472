"""Imports as a whole: interrupted, tried without storing, repeated, and what follows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError
from kombu.exceptions import OperationalError

from products import importers
from products.importing import chunks
from products.models import Product
from styles.models import StyleGroup
from tests.shelf import CATALOGUE, Shelf, counts, product, stored_names
from tests.shop import make_version

pytestmark = pytest.mark.django_db


def test_a_dry_run_counts_and_checks_but_stores_nothing(shelf: Shelf) -> None:
    shelf.photo("bad.jpg", b"no photo")
    result = shelf.take(CATALOGUE + "c,Hat,1,punk,,bad.jpg\n", dry_run=True)
    assert counts(result) == (2, 0, 0, 1)
    assert not Product.objects.exists()
    assert not stored_names()


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_import_keeps_what_is_committed_and_a_rerun_completes_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importers, "CHUNK_ROWS", 1)

    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.take(CATALOGUE, on_progress=interrupt)
    assert Product.objects.get().sku == "a"
    assert len(stored_names()) == 1
    assert counts(shelf.take(CATALOGUE)) == (1, 0, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_files_of_a_chunk_that_is_rolled_back_are_deleted(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(drafts: object) -> list[int]:
        raise IntegrityError("on purpose")

    monkeypatch.setattr(chunks, "_save_photos", fail)
    with pytest.raises(IntegrityError):
        shelf.take(CATALOGUE)
    assert not Product.objects.exists()
    assert not stored_names()


def test_progress_counts_every_row(shelf: Shelf) -> None:
    seen: list[tuple[int, int]] = []
    shelf.take(
        CATALOGUE + "c,,1,,,0.jpg\n", on_progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1] == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_new_photos_are_queued_for_the_serving_and_the_staged_version_alone(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[tuple[int, int]] = []
    monkeypatch.setattr(
        chunks,
        "queue_images",
        lambda ids, model_version: queued.append((len(ids), model_version.pk)),
    )
    active, staged = make_version("active"), make_version("staged")
    make_version("retired")
    shelf.take(CATALOGUE)
    assert sorted(queued) == sorted([(3, active.pk), (3, staged.pk)])
    queued.clear()
    shelf.take(CATALOGUE)
    assert queued == []


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_import_completes_and_says_who_waits(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OperationalError("no broker")

    make_version("active")
    monkeypatch.setattr(chunks, "queue_images", refuse)
    assert counts(shelf.take(CATALOGUE)) == (2, 0, 0, 0)
    assert "3 photos wait" in caplog.text
    assert len(stored_names()) == 3


def test_the_real_catalogue_imports_without_a_failed_row(shelf: Shelf, shared_data: Path) -> None:
    source = shared_data / "catalogue"
    lines = (source / "catalogue.csv").read_text().splitlines(keepends=True)
    content = "".join(lines[:200])
    result = shelf.take(content, images=source)
    assert counts(result) == (199, 0, 0, 0)
    skirt = product("10001")
    assert (skirt.category, skirt.gender, skirt.colour) == ("Skirts", "women", "Blue")
    assert skirt.style_group == StyleGroup.objects.get(code="casual")
    assert skirt.attributes["usage"] == "Casual"
    assert counts(shelf.take(content, images=source)) == (0, 0, 199, 0)
