"""The photos of a row: compared, cleaned, stored; called by ``products.importing.engine``.

It calls from several threads: nothing here touches the database.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from products.importing.photo_sources import PhotoSource, is_address
from products.models import ProductImage
from products.validators import check_photo, clean_upload
from styles.images import CleanImage


class StoredFile(Protocol):
    """A file in some storage; fields of models are."""

    storage: Any
    name: str | None


def hash_photos(
    names: Sequence[str], *, source: PhotoSource, is_thorough: bool = True
) -> list[str] | None:
    """Return the SHA-256 of each photo once, in order; None where one cannot be had.

    Args:
        is_thorough: fetch photos that are named by address; else they cannot be had.
    """
    if not is_thorough and any(map(is_address, names)):
        return None
    try:
        contents = (source.read(name) for name in names)
        return list(dict.fromkeys(hashlib.sha256(content).hexdigest() for content in contents))
    except ValidationError:
        return None


def load_photos(
    names: Sequence[str],
    *,
    source: PhotoSource,
    known: Mapping[str, ProductImage],
    stored: list[StoredFile] | None,
    is_thorough: bool = True,
) -> list[ProductImage]:
    """Return the photos in order, each once: the known one where the bytes are the same.

    Args:
        names: paths as they stand in the catalogue file.
        known: the product's photos by the sha256 of the bytes they were made from.
        stored: the files of new photos are stored and added here; with None nothing is stored.
        is_thorough: decode new photos; else only what their first bytes say is looked at, which
            finds most faults in a tenth of the time. What is stored is always decoded. And what
            is named by address is not fetched: photos that the product has are taken for the same.

    Raises:
        ValidationError: the first reason why a photo is refused; then none of them is stored.
    """
    if stored is None and not is_thorough and any(map(is_address, names)):
        return _unfetched(names, source=source, known=known)
    images: dict[str, ProductImage] = {}
    cleaned: dict[str, CleanImage] = {}
    for name in names:
        content = source.read(name)
        sha256 = hashlib.sha256(content).hexdigest()
        # Bytes that were accepted once need no second look: this makes the second run fast.
        if sha256 in known:
            images[sha256] = known[sha256]
        elif sha256 in images:
            continue
        elif stored is None and not is_thorough:
            width, height = _named(check_photo, content, name)
            images[sha256] = ProductImage(sha256=sha256, width=width, height=height)
        else:
            clean: CleanImage = _named(clean_upload, ContentFile(content), name)
            cleaned[sha256] = clean
            images[sha256] = ProductImage(sha256=sha256, width=clean.width, height=clean.height)
    if stored is not None:
        for sha256, clean in cleaned.items():
            file = images[sha256].file
            file.save("", ContentFile(clean.content), save=False)
            stored.append(file)
    return list(images.values())


def _unfetched(
    names: Sequence[str], *, source: PhotoSource, known: Mapping[str, ProductImage]
) -> list[ProductImage]:
    """Return what photos will come to as far as their names tell it."""
    for name in names:
        source.check(name)
    if known:
        return sorted(known.values(), key=lambda photo: photo.position)
    hashes = dict.fromkeys(hashlib.sha256(name.encode()).hexdigest() for name in names)
    return [ProductImage(sha256=sha256) for sha256 in hashes]


@contextlib.contextmanager
def stored_files() -> Iterator[list[StoredFile]]:
    """Collect stored files; delete those still collected when the block fails.

    Clear the list once the rows that name the files are committed.
    """
    stored: list[StoredFile] = []
    try:
        yield stored
    except BaseException:
        for file in stored:
            file.storage.delete(file.name or "")
        raise


def _named(check: Callable[[Any], Any], content: Any, name: str) -> Any:
    """Return what a check makes of a photo; its refusal says of which photo it speaks."""
    try:
        return check(content)
    except ValidationError as error:
        raise ValidationError(
            "%(name)s: %(reason)s",
            code=error.code,
            params={"name": name[:100], "reason": error.messages[0]},
        ) from error
