"""How an image search starts and is waited for; the upload page and the API share it."""

from __future__ import annotations

import time
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction

from products import conf, tasks
from products.crops import Crop
from products.filters import ProductFilters
from products.models import ImageSearch
from products.validators import clean_upload

# Waiting looks at the row ever less often: quick answers come at once, slow ones cost little.
FIRST_LOOK_SECONDS = 0.01
LONGEST_LOOK_SECONDS = 0.1


def start_image_search(
    uploaded_file: File[Any], *, filters: ProductFilters, crop: Crop | None = None
) -> ImageSearch:
    """Store a clean copy of a photo with a pending search and tell the workers after commit.

    The photo is stored whole, for the shopper to draw another box; the worker looks at the crop.

    Raises:
        ValidationError: the photo is refused, see ``products.validators``, or the crop is.
    """
    photo = clean_upload(uploaded_file)
    if crop is not None:
        crop.check(width=photo.width, height=photo.height)
    search = ImageSearch(filters=filters.as_parameters(), crop=crop.box if crop else [])
    with transaction.atomic():
        search.photo.save("photo.jpg", ContentFile(photo.content), save=False)
        search.save(force_insert=True)
        transaction.on_commit(lambda: tasks.offer_image_search(search.pk))
    return search


def wait_until_finished(search: ImageSearch, *, timeout_seconds: float) -> None:
    """Refresh a search until it is finished or the time is up, at most ``MAX_WAIT_SECONDS``."""
    deadline = time.monotonic() + min(timeout_seconds, conf.get("MAX_WAIT_SECONDS"))
    pause = FIRST_LOOK_SECONDS
    while not search.is_finished and time.monotonic() < deadline:
        time.sleep(pause)
        pause = min(pause * 1.3, LONGEST_LOOK_SECONDS)
        search.refresh_from_db()
