"""How an image search starts and is waited for; the upload page and the API share it."""

from __future__ import annotations

import time
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import connection, transaction

from products import conf, tasks
from products.crops import Crop
from products.filters import ProductFilters
from products.models import ImageSearch
from products.validators import clean_upload, image_validation_error
from styles.images import ImageError, image_size

# Waiting looks at the row ever less often: quick answers come at once, slow ones cost little.
FIRST_LOOK_SECONDS = 0.01
LONGEST_LOOK_SECONDS = 0.1


def start_image_search(
    uploaded_file: File[Any],
    *,
    filters: ProductFilters,
    crop: Crop | None = None,
    owner: str = "",
) -> ImageSearch:
    """Store a clean copy of a photo with a pending search and tell the workers after commit.

    The photo is stored whole, for the shopper to draw another box; the worker looks at the crop.

    Args:
        uploaded_file: the photo as it came in.
        filters: what the results are narrowed down to.
        crop: the part that is meant; None for the whole photo.
        owner: who may delete it, as ``products.ownership`` writes it.

    Raises:
        ValidationError: the photo is refused, see ``products.validators``, or the crop is.
    """
    photo = clean_upload(uploaded_file)
    if crop is not None:
        crop.check(width=photo.width, height=photo.height)
    search = ImageSearch(
        filters=filters.as_parameters(), crop=crop.box if crop else [], owner=owner
    )
    with transaction.atomic():
        search.photo.save("photo.jpg", ContentFile(photo.content), save=False)
        search.save(force_insert=True)
        transaction.on_commit(lambda: tasks.offer_image_search(search.pk))
    return search


def search_again(
    search: ImageSearch, *, crop: Crop | None, filters: ProductFilters | None = None
) -> ImageSearch:
    """Start a search for another part of a photo that is stored already.

    It has a copy of the photo for its own, and goes when the first search of the photo goes: at the
    same time, or when its owner deletes either.

    Args:
        search: the one whose photo it is.
        crop: the part that is meant; None for the whole photo.
        filters: what the results are narrowed down to; None for those of the search.

    Raises:
        ImageSearch.DoesNotExist: the search was deleted meanwhile.
        FileNotFoundError: its photo is not stored, or no longer.
        ValidationError: the crop is refused.
    """
    if not search.photo:
        raise FileNotFoundError
    with transaction.atomic():
        # Locked, so that nobody deletes a photo and finds a copy of it a moment later.
        first = ImageSearch.objects.select_for_update().get(pk=search.first_search_id or search.pk)
        with search.photo.open("rb") as file:
            content = file.read()
        if crop is not None:
            _check(crop, content)
        again = ImageSearch(
            filters=search.filters if filters is None else filters.as_parameters(),
            crop=crop.box if crop else [],
            owner=first.owner,
            first_search=first,
            expires_at=first.expires_at,
        )
        again.photo.save("photo.jpg", ContentFile(content), save=False)
        again.save(force_insert=True)
        transaction.on_commit(lambda: tasks.offer_image_search(again.pk))
    return again


def _check(crop: Crop, photo: bytes) -> None:
    try:
        width, height = image_size(photo)
    except ImageError as error:
        raise image_validation_error(error) from error
    crop.check(width=width, height=height)


def wait_for_upload(search: ImageSearch) -> None:
    """Give a worker the moment it mostly needs, so that the shopper gets the result at once."""
    # Within a transaction no worker knows of the search yet.
    if not connection.in_atomic_block:
        wait_until_finished(search, timeout_seconds=conf.get("UPLOAD_WAIT_SECONDS"))


def wait_until_finished(search: ImageSearch, *, timeout_seconds: float) -> None:
    """Refresh a search until it is finished or the time is up, at most ``MAX_WAIT_SECONDS``."""
    deadline = time.monotonic() + min(timeout_seconds, conf.get("MAX_WAIT_SECONDS"))
    pause = FIRST_LOOK_SECONDS
    while not search.is_finished and time.monotonic() < deadline:
        time.sleep(pause)
        pause = min(pause * 1.3, LONGEST_LOOK_SECONDS)
        search.refresh_from_db()
