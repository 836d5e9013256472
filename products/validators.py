"""The one check of every photo that comes in; form, serializer, admin and importer call it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from styles.images import CleanImage, ImageError, check_image, clean_image, max_upload_bytes

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

IMAGE_MESSAGES: Final[dict[str, StrPromise]] = {
    "image_empty": _("The file is empty. Choose the photo again."),
    "image_too_large": _(
        "The photo is larger than %(limit)s MB. Choose a smaller one, or save it in lower quality."
    ),
    "image_unsupported_format": _(
        "This file is not a photo we can read. Choose a JPEG, PNG, WebP, AVIF or GIF photo."
    ),
    "image_truncated": _(
        "The photo is damaged or incomplete. Save it again and upload the new file."
    ),
    "image_too_many_pixels": _(
        "The photo has more than %(limit)s million pixels. Scale it down and upload it again."
    ),
    "image_extreme_shape": _(
        "The photo is too long and narrow. Crop it so that the long side is at most %(limit)s "
        "times the short side."
    ),
    "image_too_small": _(
        "The photo is too small. Choose one that is at least %(limit)s pixels wide and high."
    ),
    "image_too_complex": _(
        "The photo is stored in an unusual way. Take a screenshot of it and upload that."
    ),
    "image_polyglot": _(
        "The file holds more than a photo. Take a screenshot of the photo and upload that."
    ),
}

# How the limit behind a code is said to people: the parameter of the error, and its unit.
_LIMITS: Final[dict[str, tuple[str, Callable[[float], float]]]] = {
    "image_too_large": ("max_bytes", lambda value: value / (1024 * 1024)),
    "image_too_many_pixels": ("max_pixels", lambda value: value / 1_000_000),
    "image_extreme_shape": ("max_aspect_ratio", lambda value: value),
    "image_too_small": ("min_side", lambda value: value),
}


def clean_upload(uploaded_file: File[Any]) -> CleanImage:
    """Return an uploaded photo as a JPEG that is safe to store.

    A file above the limit is refused by its size, and never is more than the limit read.

    Raises:
        ValidationError: the photo is not accepted; `code` is a key of `IMAGE_MESSAGES`.
    """
    limit = max_upload_bytes()
    try:
        if (uploaded_file.size or 0) > limit:
            raise ImageError("image_too_large", max_bytes=limit)
        uploaded_file.seek(0)
        # The stated size may be wrong: one byte more than allowed is enough to tell.
        return clean_image(uploaded_file.read(limit + 1))
    except ImageError as error:
        raise image_validation_error(error) from error


def check_photo(content: bytes) -> tuple[int, int]:
    """Return width and height of a photo, if nothing speaks against it before it is decoded.

    Raises:
        ValidationError: the photo is not accepted; `code` is a key of `IMAGE_MESSAGES`.
    """
    try:
        return check_image(content)
    except ImageError as error:
        raise image_validation_error(error) from error


def image_validation_error(error: ImageError) -> ValidationError:
    """Return what a person is told about a refused photo, under the same code."""
    params: dict[str, str] = {}
    if error.code in _LIMITS:
        name, in_unit = _LIMITS[error.code]
        params["limit"] = f"{in_unit(error.params[name]):.4g}"
    return ValidationError(IMAGE_MESSAGES[error.code], code=error.code, params=params)
