"""Small copies of product photos, made when a browser first asks for one; for the pages.

Made on demand, not by the worker that embeds: most photos of a large catalogue are never looked at
in most widths, a new width needs no run over all of them, and a first view costs little (3 ms of
processor for a photo 224 pixels wide, 20 ms for one of 1200; every thumbnail is made once).
Thumbnail libraries for Django make them while a page is rendered, with a row for each
(easy-thumbnails, sorl), or all at once when a photo is saved (django-pictures). WebP alone: AVIF of
the same look saves 0 to 9 % at these sizes and takes up to three times as long.

Only photos of the catalogue have thumbnails. They were decoded, checked and written anew when they
came in (``styles.ml.images``), so Pillow may read them without the precautions that uploads need.
"""

from __future__ import annotations

import logging
import re
import time
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from products.models import ProductImage

logger = logging.getLogger(__name__)

WIDTHS = (240, 480, 960)
PHOTO_NAME = r"products/[0-9a-f]{2}/[0-9a-f]{32}\.jpg"
FOLDER = "thumbnails"
WEBP_QUALITY = 76
# Whoever waits for a thumbnail that someone else makes gives up on them after this long.
PATIENCE_SECONDS = 5.0
POLL_SECONDS = 0.02
# One at a time in a process: a page of 48 new photos must leave the other threads some processor.
_decoding = BoundedSemaphore(1)


def thumbnail_address(photo_name: str, *, width: int) -> str:
    """Return where a thumbnail is served, ``width`` being one of WIDTHS."""
    return reverse("products:thumbnail", kwargs={"width": width, "name": photo_name})


def thumbnails_of(image: ProductImage) -> list[tuple[str, int]]:
    """Return the addresses of a photo's thumbnails and how wide each really is, ascending.

    None is wider than the photo, and at most one is as wide. Empty for a photo whose storage name
    is not of the shop's making.
    """
    name = image.file.name or ""
    if not re.fullmatch(PHOTO_NAME, name):
        return []
    smaller = [width for width in WIDTHS if width < image.width]
    as_wide = [width for width in WIDTHS if width >= image.width][:1]
    return [
        (thumbnail_address(name, width=width), min(width, image.width))
        for width in smaller + as_wide
    ]


def read_thumbnail(photo_name: str, *, width: int) -> bytes:
    """Return a thumbnail, a WebP file; it is made if it is not there.

    Args:
        photo_name: of a product photo in the storage, as PHOTO_NAME has it.
        width: one of WIDTHS. A photo that is narrower keeps its own width.

    Raises:
        FileNotFoundError: there is no such photo, or no longer.
        OSError: the photo cannot be read.
    """
    stored = _stored_name(photo_name, width=width)
    content = _read_whole(stored)
    if content is None:
        with _turn(stored):
            content = _read_whole(stored) or _make(photo_name, stored, width=width)
    return content


def delete_thumbnails(photo_name: str) -> None:
    """Delete all thumbnails of a photo, if there are any."""
    for width in WIDTHS:
        default_storage.delete(_stored_name(photo_name, width=width))


def sweep_thumbnails() -> int:
    """Delete thumbnails whose photo is gone, or whose width is no longer in use; return how many.

    Compares lists of folders, so that a bucket is asked once for hundreds of files.
    """
    swept = 0
    for width in _subfolders(FOLDER):
        for part in _subfolders(f"{FOLDER}/{width}/products"):
            folder = f"{FOLDER}/{width}/products/{part}"
            photos = set(_files(f"products/{part}")) if width in map(str, WIDTHS) else set()
            for name in _files(folder):
                if f"{name.removesuffix('.webp')}.jpg" not in photos:
                    default_storage.delete(f"{folder}/{name}")
                    swept += 1
    return swept


def _stored_name(photo_name: str, *, width: int) -> str:
    return f"{FOLDER}/{width}/{photo_name.removesuffix('.jpg')}.webp"


def _read_whole(stored: str) -> bytes | None:
    """Return a stored thumbnail; None if it is not there or only begun, as a RIFF file can tell."""
    try:
        with default_storage.open(stored) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    is_whole = len(content) >= 8 and len(content) == int.from_bytes(content[4:8], "little") + 8
    return content if is_whole else None


def _make(photo_name: str, stored: str, *, width: int) -> bytes:
    with default_storage.open(photo_name) as file, _decoding:
        content = _shrink(file.read(), width=width)
    default_storage.delete(stored)  # What a killed process had begun.
    saved = default_storage.save(stored, ContentFile(content))
    if saved != stored:  # Someone else was as fast.
        default_storage.delete(saved)
    if not default_storage.exists(photo_name):
        default_storage.delete(stored)
        raise FileNotFoundError(photo_name)
    return content


def _shrink(photo: bytes, *, width: int) -> bytes:
    """Return a photo as WebP, at most so many pixels wide."""
    with Image.open(BytesIO(photo)) as image:
        narrow = min(width, image.width)
        size = (narrow, max(1, round(image.height * narrow / image.width)))
        image.draft("RGB", size)  # JPEG decodes to an eighth, a quarter or a half for less.
        pixels = image.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    content = BytesIO()
    # Half the time of the default method, and 5 % more bytes.
    pixels.save(content, "WEBP", quality=WEBP_QUALITY, method=2)
    return content.getvalue()


@contextmanager
def _turn(stored: str) -> Iterator[None]:
    """Wait while another thread, process or machine makes the same thumbnail."""
    key = f"thumbnail:{stored}"
    is_ours = False
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_ours and time.monotonic() < deadline:
            is_ours = cache.add(key, 1, PATIENCE_SECONDS)
            if not is_ours:
                time.sleep(POLL_SECONDS)
    except RedisError as error:
        logger.warning("Thumbnails are made without taking turns: %s", error)
    try:
        yield
    finally:
        if is_ours:
            _give_back(key)


def _give_back(key: str) -> None:
    try:
        cache.delete(key)
    except RedisError as error:
        logger.warning("The turn %s is given back by its time alone: %s", key, error)


def _subfolders(folder: str) -> list[str]:
    return _list(folder)[0]


def _files(folder: str) -> list[str]:
    return _list(folder)[1]


def _list(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return sorted(folders), sorted(files)
