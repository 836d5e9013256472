"""Celery tasks of the products app: they take ids, load, call and save.

The rows are the truth and the broker is a hint: every task may run twice, late, or after its row is
gone, and the sweepers offer again whatever a lost message left behind.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from products import conf
from products.models import CatalogueImport, ImageSearch, ProductImage
from products.querysets import ProductImageQuerySet
from styles.exceptions import StylesError
from styles.models import Clustering, ModelVersion

logger = logging.getLogger(__name__)

# Valkey hands out 0 first: a shopper who waits goes before any backlog of product photos.
SEARCH_PRIORITY = 0
EMBEDDING_PRIORITY = 9
SEARCH_MAX_RETRIES = 3
PAGE = 4096
# More than two workers embed between two sweeps, and few enough for the broker's memory.
MAX_QUEUED_BY_SWEEP = 65_536


@shared_task(bind=True, max_retries=SEARCH_MAX_RETRIES)
def run_image_search(self: Any, search_id: str) -> None:
    """Answer one image search."""
    from products.embedding import fail_image_search
    from products.embedding import run_image_search as run

    search = ImageSearch.objects.unfinished().filter(pk=search_id).first()
    if search is None:
        return
    ImageSearch.objects.filter(pk=search_id).update(status=ImageSearch.Status.RUNNING)
    try:
        run(search)
    except StylesError as error:
        if self.request.retries >= SEARCH_MAX_RETRIES:
            fail_image_search(search, code=error.code)
            return
        raise self.retry(exc=error, countdown=2**self.request.retries) from error


@shared_task
def embed_images(image_ids: Sequence[int], model_version_id: int) -> None:
    """Embed a chunk of product photos with one model version."""
    from products.embedding import embed_images as embed

    model_version = ModelVersion.objects.filter(pk=model_version_id).first()
    if model_version is not None:
        embed(image_ids, model_version=model_version)


@shared_task
def embed_missing_images() -> int:
    """Queue the photos that versions which are kept up have not embedded. Run by beat."""
    return sum(
        queue_missing_images(version, limit=MAX_QUEUED_BY_SWEEP)
        for version in ModelVersion.objects.kept_up()
    )


@shared_task
def assign_missing_clusters() -> int:
    """Give a cluster to embedded products that a flip of clusterings passed by. Run by beat."""
    from products.catalogue import ProductCatalogue

    clusterings = Clustering.objects.filter(
        model_version__in=ModelVersion.objects.kept_up(), status=Clustering.Status.ACTIVE
    )
    return sum(ProductCatalogue().assign_unassigned(clustering) for clustering in clusterings)


@shared_task
def repair_embeddings() -> dict[str, dict[str, int]]:
    """Find what is missing of the versions that are kept up and have it made. Run by beat."""
    from products.repairs import repair  # not above: it queues through this module

    return {
        str(version.number): asdict(repair(version)) for version in ModelVersion.objects.kept_up()
    }


@shared_task
def check_recall() -> dict[str, Any]:
    """Hold the vector index against exact scans; build it anew if outgrown. Run by beat."""
    from products import recall, vector_index  # not above: tasks are imported by every door

    version = ModelVersion.objects.filter(status=ModelVersion.Status.ACTIVE).first()
    if version is None:
        return {}
    is_rebuilt = vector_index.is_outgrown(version) and vector_index.build(version)
    check = recall.check_recall(version)
    return {"samples": check.samples, "recall": check.recall, "is_rebuilt": is_rebuilt}


@shared_task
def resume_image_searches() -> int:
    """Offer searches again whose task was lost with a worker or a broker. Run by beat."""
    lost_before = timezone.now() - timedelta(seconds=conf.get("IMAGE_SEARCH_RETRY_SECONDS"))
    lost = ImageSearch.objects.alive().unfinished().filter(created_at__lt=lost_before)
    search_ids = list(lost.values_list("pk", flat=True))
    for search_id in search_ids:
        offer_image_search(search_id)
    return len(search_ids)


@shared_task
def purge_expired_image_searches() -> int:
    """Delete searches whose time is over, photo first, row last. Run by beat.

    A photo that the storage does not delete is said in the log, holds up no other, and is tried
    again in the next run. Where the shop keeps no photos, those a killed worker left behind go too.
    """
    purged = sum(_is_erased(search) for search in ImageSearch.objects.expired().iterator(500))
    if not conf.get("IMAGE_SEARCH_LIFETIME_HOURS"):
        for search in ImageSearch.objects.finished().with_photo().iterator(500):
            search.forget_photo()
    return purged


def _is_erased(search: ImageSearch) -> bool:
    try:
        search.erase()
    except OSError:
        logger.exception("The photo of search %s could not be deleted; trying again later", search)
        return False
    return True


@shared_task
def sweep_thumbnails() -> int:
    """Delete thumbnails whose photo is gone. Run by beat."""
    from products import thumbnails  # not above: tasks are imported by every door

    return thumbnails.sweep_thumbnails()


@shared_task
def settle_imports() -> int:
    """Note which imports are done: workers have looked at all of their photos. Run by beat."""
    waiting = list(CatalogueImport.objects.filter(state=CatalogueImport.State.EMBEDDING))
    for each in waiting:
        each.settle()
    return sum(each.state == CatalogueImport.State.DONE for each in waiting)


@shared_task
def purge_import_files() -> int:
    """Delete files of imports that ended long ago, and what was kept to undo them. Run by beat."""
    from products.importing import purging  # not above: tasks are imported by every door

    return purging.purge_files()


def offer_image_search(search_id: UUID) -> None:
    """Tell the workers about a search. Call after commit."""
    _send(run_image_search, str(search_id), priority=SEARCH_PRIORITY)


def queue_images(image_ids: Sequence[int], *, model_version: ModelVersion) -> None:
    """Mark photos as queued and send them to the workers in chunks. Call after commit."""
    size = conf.get("EMBEDDING_CHUNK")
    for start in range(0, len(image_ids), size):
        chunk = list(image_ids[start : start + size])
        if _send(embed_images, chunk, model_version.pk, priority=EMBEDDING_PRIORITY):
            ProductImage.objects.filter(pk__in=chunk).update(embedding_queued_at=timezone.now())


def queue_missing_images(
    model_version: ModelVersion, *, again: bool = False, limit: int | None = None
) -> int:
    """Queue photos this version has not embedded, page by page; return how many.

    Args:
        again: also those that were queued moments ago, as when a worker is known to be gone.
        limit: stop after about so many; the next sweep goes on behind them.
    """
    missing = ProductImage.objects.missing_embedding_by(model_version)
    if not again:
        missing = missing.not_recently_queued()
    queued = 0
    for image_ids in pages_of_keys(missing):
        queue_images(image_ids, model_version=model_version)
        queued += len(image_ids)
        if limit is not None and queued >= limit:
            break
    return queued


def pages_of_keys(images: ProductImageQuerySet, *, size: int = PAGE) -> Iterator[list[int]]:
    """Yield the keys of photos in order, a page at a time: a catalogue's do not fit in memory."""
    last = 0
    while page := list(
        images.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]
    ):
        yield page
        last = page[-1]


def _send(task: Task[Any, Any], *arguments: Any, priority: int) -> bool:
    """Send a task; tell whether the broker took it. If not, a sweeper finds the row later."""
    try:
        task.apply_async(arguments, priority=priority)
    except OperationalError as error:
        logger.warning("The broker did not take %s%s: %s", task.name, arguments, error)
        return False
    return True
