"""Stores what pixels alone tell of product photos; for the worker and whoever makes up for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from products.models import PhotoTraits, ProductImage
from products.palette import as_json
from styles.appearance import Appearance, ImageError, describe_photo

BATCH = 200


def store_traits(described: Iterable[tuple[int, Appearance]]) -> int:
    """Store the traits of photos, by their ids, that have none yet; return how many were given."""
    rows = [
        PhotoTraits(
            image_id=image_id,
            palette=as_json(appearance.palette),
            fingerprint=appearance.fingerprint,
        )
        for image_id, appearance in described
    ]
    PhotoTraits.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def photos_without_traits() -> QuerySet[ProductImage]:
    """Return the readable photos that were embedded before traits were kept."""
    return ProductImage.objects.filter(traits__isnull=True, error_code="")


def describe_images(image_ids: Sequence[int]) -> int:
    """Describe and store a chunk of photos; return how many.

    Safe to run twice or at once. A photo that cannot be read gets its ``error_code``, as embedding
    it would give it.
    """
    described = []
    for image in photos_without_traits().filter(pk__in=image_ids):
        try:
            with image.file.open("rb") as file:
                described.append((image.pk, describe_photo(file.read())))
        except FileNotFoundError:
            _refuse(image, "image_missing")
        except ImageError as error:
            _refuse(image, error.code)
    return store_traits(described)


def _refuse(image: ProductImage, code: str) -> None:
    ProductImage.objects.filter(pk=image.pk).update(error_code=code)
