"""A run over the whole catalogue that embeds what a model version has not; for the catalogue port.

It holds a window of photos in memory and in the broker, however large the catalogue is, and rows
say what is done: killed anywhere, the next run goes on where it stopped.
"""

from __future__ import annotations

import time

from celery import current_app
from kombu.exceptions import OperationalError

from products import conf
from products.models import ProductImage
from products.tasks import pages_of_keys, queue_images
from styles.catalogue import EmbeddingCounts, OnProgress
from styles.exceptions import StylesError
from styles.models import ModelVersion

PING_SECONDS = 1.0
POLL_SECONDS = 0.2
# Chunks on their way to the workers at a time: enough that none of them ever waits for us.
CHUNKS_UNDER_WAY = 32
# Messages may have been lost with the broker: after this long without progress they are sent again.
REQUEUE_AFTER_SECONDS = 20
GIVE_UP_AFTER_SECONDS = 90


class WorkersSilentError(StylesError):
    """Photos are queued but nobody embeds them."""

    code = "workers_silent"

    def __init__(self, remaining: int) -> None:
        super().__init__(
            f"{remaining} photos are waiting but no worker has embedded one for "
            f"{GIVE_UP_AFTER_SECONDS} seconds. Look at the worker's log, see that it serves the "
            "queue `inference`, and run this again: it goes on where it stopped."
        )


def embed_catalogue(model_version: ModelVersion, *, on_progress: OnProgress) -> EmbeddingCounts:
    """Have the workers embed what is missing; where none answers, embed it here.

    Raises:
        WorkersSilentError: workers answer, but embedded nothing for ``GIVE_UP_AFTER_SECONDS``.
    """
    skipped = ProductImage.objects.embedded_by(model_version).count()
    unreadable = ProductImage.objects.exclude(error_code="").count()
    started = time.monotonic()
    total = ProductImage.objects.incomplete_for(model_version).count()
    if total:
        on_progress(0, total)
        run = _Run(model_version, total=total, on_progress=on_progress)
        if _workers_answer():
            run.embed_through_workers()
        else:
            run.embed_here()
    failed = ProductImage.objects.exclude(error_code="").count() - unreadable
    embedded = ProductImage.objects.embedded_by(model_version).count() - skipped
    elapsed = time.monotonic() - started
    return EmbeddingCounts(
        embedded=embedded,
        skipped=skipped,
        failed=failed,
        photos_per_second=round(embedded / elapsed, 1) if embedded else 0.0,
    )


class _Run:
    """How far one run is. ``done`` of ``total`` photos are; some may still come on top."""

    def __init__(self, model_version: ModelVersion, *, total: int, on_progress: OnProgress) -> None:
        self._version = model_version
        self._missing = ProductImage.objects.incomplete_for(model_version)
        self._total = total
        self._done = 0
        self._on_progress = on_progress

    def embed_here(self) -> None:
        """Embed what is missing in this process: commands work without a worker too."""
        # Not above: every process loads this module, and only those that predict need LiteRT.
        from products.embedding import embed_images

        for image_ids in pages_of_keys(self._missing, size=conf.get("EMBEDDING_CHUNK")):
            embed_images(image_ids, model_version=self._version)
            self._advance(len(image_ids))

    def embed_through_workers(self) -> None:
        """Keep the workers supplied until nothing is missing."""
        # Photos may be added or exchanged behind the last page, so only a look at all ends it.
        while True:
            half_a_window = conf.get("EMBEDDING_CHUNK") * CHUNKS_UNDER_WAY // 2
            under_way: set[int] = set()
            is_empty = True
            for image_ids in pages_of_keys(self._missing, size=half_a_window):
                is_empty = False
                queue_images(image_ids, model_version=self._version)
                under_way = self._wait(under_way | set(image_ids), until=half_a_window)
            self._wait(under_way, until=0)
            if is_empty:
                return

    def _wait(self, under_way: set[int], *, until: int) -> set[int]:
        """Wait until so few of the photos are missing; send again what was lost; return those."""
        progressed = requeued = time.monotonic()
        while len(under_way) > until:
            time.sleep(POLL_SECONDS)
            now = time.monotonic()
            left = set(self._missing.filter(pk__in=under_way).values_list("pk", flat=True))
            if len(left) < len(under_way):
                progressed = requeued = now
            elif now - progressed > GIVE_UP_AFTER_SECONDS:
                raise WorkersSilentError(self._missing.count())
            elif now - requeued > REQUEUE_AFTER_SECONDS:
                queue_images(sorted(left), model_version=self._version)
                requeued = now
            self._advance(len(under_way) - len(left))
            under_way = left
        return under_way

    def _advance(self, photos: int) -> None:
        self._done += photos
        self._total = max(self._total, self._done)
        self._on_progress(self._done, self._total)


def _workers_answer() -> bool:
    try:
        return bool(current_app.control.ping(timeout=PING_SECONDS))
    except OperationalError:  # No broker, so no worker hears of anything.
        return False
