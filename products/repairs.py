"""Finds what is missing of the catalogue's embeddings and has it made; for the task run by beat.

A photo that is exchanged is a new one to every version: the database drops what was made of the old
one at that moment, whoever exchanges it and however (the migration ``exchanged_photos``). So a
stale embedding turns into a missing one, and none is ever compared with.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass

from django.db.models import Exists, OuterRef

from products.catalogue import ProductCatalogue
from products.models import ProductEmbedding, ProductImage
from products.tasks import MAX_QUEUED_BY_SWEEP, pages_of_keys, queue_images
from styles.models import Clustering, ModelVersion

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Repairs:
    """What was found of one model version, in photos, and in products for ``assigned``.

    Attributes:
        without_embedding: have none and can get one, those that are on their way included.
        only_classified: of these, those that were classified all the same.
        only_embedded: have an embedding and were not classified.
        queued: sent to the workers for either; the rest follows with the next runs.
        stray: embeddings whose photo is gone; removed.
        assigned: had no cluster under the version's clustering and got theirs.
    """

    without_embedding: int
    only_classified: int
    only_embedded: int
    queued: int
    stray: int
    assigned: int


def repair(model_version: ModelVersion) -> Repairs:
    """Mend what a version has of the catalogue; safe at any time, and twice at once."""
    images = ProductImage.objects.all()
    missing = images.missing_embedding_by(model_version)
    incomplete = images.incomplete_for(model_version)
    without_embedding = missing.count()
    queued = 0
    for image_ids in pages_of_keys(incomplete.not_recently_queued()):
        queue_images(image_ids, model_version=model_version)
        queued += len(image_ids)
        if queued >= MAX_QUEUED_BY_SWEEP:
            break
    clustering = Clustering.objects.active_for(model_version)
    repairs = Repairs(
        without_embedding=without_embedding,
        only_classified=missing.classified_by(model_version).count(),
        only_embedded=incomplete.embedded_by(model_version).count(),
        queued=queued,
        stray=_remove_stray(model_version),
        assigned=ProductCatalogue().assign_unassigned(clustering) if clustering else 0,
    )
    if any(asdict(repairs).values()):
        logger.warning("Model version %s is being mended: %s", model_version.number, repairs)
    return repairs


def _remove_stray(model_version: ModelVersion) -> int:
    """Remove embeddings that another program left behind when it deleted photos."""
    photo = ProductImage.objects.filter(pk=OuterRef("image_id"))
    stray = ProductEmbedding.objects.filter(~Exists(photo), model_version=model_version)
    removed, _ = stray.delete()
    return removed
