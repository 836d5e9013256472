"""What the products app does when rows change: make partitions, embed photos, delete files."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from products import vector_index
from products.models import ImageSearch, ProductImage
from products.tasks import queue_images
from products.thumbnails import delete_thumbnails
from styles.models import ModelVersion


@receiver(post_save, sender=ProductImage)
def embed_new_photo(instance: ProductImage, created: bool, raw: bool, **kwargs: Any) -> None:
    """Queue a photo that staff added by hand; imports create in bulk and queue by themselves."""
    if not created or raw:
        return
    for version in ModelVersion.objects.kept_up():
        transaction.on_commit(partial(queue_images, [instance.pk], model_version=version))


@receiver(post_save, sender=ModelVersion)
def make_room_for_embeddings(instance: ModelVersion, created: bool, **kwargs: Any) -> None:
    """Give a new version its partition of the embeddings, in the transaction that makes it."""
    if created:
        vector_index.prepare(instance)


@receiver(post_delete, sender=ModelVersion)
def drop_embeddings(instance: ModelVersion, **kwargs: Any) -> None:
    """Drop a deleted version's partition with whatever is left in it."""
    vector_index.drop(instance)


@receiver(post_delete, sender=ProductImage)
def delete_photo_file(instance: ProductImage, **kwargs: Any) -> None:
    """Delete the stored file and its thumbnails once the row is gone for good."""
    name = instance.file.name or ""
    transaction.on_commit(partial(instance.file.delete, save=False))
    transaction.on_commit(partial(delete_thumbnails, name))


@receiver(post_delete, sender=ImageSearch)
def delete_search_photo(instance: ImageSearch, **kwargs: Any) -> None:
    """Delete a shopper's photo with its row, also when staff delete it in the admin."""
    if instance.photo:
        transaction.on_commit(partial(instance.photo.delete, save=False))
