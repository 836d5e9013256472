"""Has products looked at anew, as if their photos had just come; called by the admin."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from products.models import ImageClassification, ProductEmbedding, ProductImage
from products.tasks import queue_images
from styles.models import ModelVersion


def embed_anew(product_ids: Sequence[int]) -> int:
    """Drop what the versions in use made of the products' photos and queue these; return how many.

    Until a worker has looked at a photo again, no search finds it. A message that is lost is sent
    again by the sweeper: a dropped embedding is a missing one.
    """
    images = ProductImage.objects.filter(product__in=product_ids)
    versions = list(ModelVersion.objects.kept_up())
    with transaction.atomic():
        image_ids = list(images.order_by("pk").values_list("pk", flat=True))
        for made in (ProductEmbedding, ImageClassification):
            made.objects.filter(image__in=image_ids, model_version__in=versions).delete()
        images.update(error_code="", embedding_queued_at=None)
        for version in versions:
            transaction.on_commit(partial(queue_images, image_ids, model_version=version))
    return len(image_ids)
