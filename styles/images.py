"""Photos under the limits of the settings; the products app takes its photos in through here."""

from __future__ import annotations

from styles import conf
from styles.conf import image_limits
from styles.ml import images
from styles.ml.images import CleanImage, ImageError

__all__ = [
    "CleanImage",
    "ImageError",
    "check_image",
    "clean_image",
    "cut_out",
    "image_limits",
    "image_size",
    "max_upload_bytes",
]


def check_image(source: bytes) -> tuple[int, int]:
    """Return width and height of a photo as stored, without decoding it.

    Raises:
        ImageError: the bytes are not accepted, which their pixels may yet be a reason for.
    """
    return images.check_image(source, limits=conf.image_limits())


def clean_image(source: bytes) -> CleanImage:
    """Return a photo re-encoded as a JPEG without metadata, no larger than the shop stores.

    Raises:
        ImageError: the bytes are not accepted; see its codes.
    """
    return images.clean_image(
        source, limits=conf.image_limits(), max_side=conf.get("MAX_STORED_SIDE")
    )


def cut_out(source: bytes, *, box: tuple[float, float, float, float]) -> bytes:
    """Return a part of a photo as a JPEG; ``box`` is left, top, width, height, from 0 to 1.

    Raises:
        ImageError: the bytes are not accepted; see its codes.
    """
    return images.cut_out(source, box=box, limits=conf.image_limits())


def image_size(source: bytes) -> tuple[int, int]:
    """Return width and height of a photo in pixels, upright.

    Raises:
        ImageError: the bytes are not accepted; see its codes.
    """
    return images.open_image(source, limits=conf.image_limits()).size


def max_upload_bytes() -> int:
    """Return the size in bytes above which a photo is not even read."""
    return conf.image_limits().max_bytes
