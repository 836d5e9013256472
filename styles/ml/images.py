"""The only decoder: untrusted bytes to sRGB pixels or one coded error, for all who hold a photo."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
import math
import struct
import threading
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile

from styles.ml.framing import frame_square
from styles.ml.image_screening import ImageError, ImageLimits, screen_bytes

__all__ = [
    "CleanImage",
    "ImageError",
    "ImageLimits",
    "clean_image",
    "cut_out",
    "decode_image",
    "open_image",
]

# Plug-ins are built directly, never through `Image.open`: only these parsers can be reached, and
# Pillow's decompression-bomb warning does not come up. To turn that warning into an error takes
# `warnings.catch_warnings`, which is not safe among threads; `_check_shape` holds the same limit.
_PLUGINS: Final = {
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "HEIF": ("pillow_heif", "HeifImageFile"),
}
_MEMORY_ERRORS: Final = (
    MemoryError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
# What Pillow's plug-ins raise on malformed bytes. Not `Exception`: a task's time
# limit arrives as an exception too and has to pass.
_DECODER_ERRORS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
)

_EXIF_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MAX_PROFILE_BYTES: Final = 4 * 1024 * 1024
_STRIP_ROWS: Final = 256
_LARGE_PIXELS: Final = 16_000_000
# A decoded photo of 50 million pixels takes 200 MB. One at a time in a process, so that several
# threads with such photos do not multiply it.
_one_large_photo = threading.Lock()


@dataclass(frozen=True)
class CleanImage:
    """A photo that is safe to store: JPEG bytes without metadata, and where they came from.

    `width` and `height` are those of `content`; `sha256` (hex) and `source_format` (JPEG, PNG,
    WEBP, AVIF, GIF or HEIF) describe the bytes that were sent.
    """

    content: bytes
    width: int
    height: int
    sha256: str
    source_format: str


_DEFAULT_LIMITS: Final = ImageLimits()


def open_image(
    source: bytes, *, limits: ImageLimits = _DEFAULT_LIMITS, draft_side: int | None = None
) -> Image.Image:
    """Decode a photo to an upright RGB image in sRGB, with white where it was transparent.

    With `draft_side`, big photos come back reduced by a whole factor, cheaply and with little
    memory; the shorter side stays at least `draft_side` pixels where it was.

    Raises:
        ImageError: the bytes are not accepted; see its codes.
    """
    return _decode(_read_header(source, limits), least_side=draft_side)


def check_image(source: bytes, *, limits: ImageLimits = _DEFAULT_LIMITS) -> tuple[int, int]:
    """Return width and height as stored, after every check that needs no pixels.

    Raises:
        ImageError: the bytes are not accepted; see its codes.
    """
    return _read_header(source, limits).size


def decode_image(
    source: bytes, *, size: int, limits: ImageLimits = _DEFAULT_LIMITS
) -> NDArray[np.uint8]:
    """Decode a photo to a square, framed by `frame_square`: uint8 RGB (size, size, 3), 0 to 255.

    Raises:
        ImageError: the bytes are not accepted; see its codes.
    """
    image = open_image(source, limits=limits, draft_side=size)
    return np.array(frame_square(image, size=size), dtype=np.uint8)


def clean_image(
    source: bytes,
    *,
    limits: ImageLimits = _DEFAULT_LIMITS,
    max_side: int = 1600,
    quality: int = 90,
) -> CleanImage:
    """Re-encode a photo as a JPEG of pixels and nothing else, at most `max_side` wide and high.

    Raises:
        ImageError: the bytes are not accepted; see its codes.
    """
    header = _read_header(source, limits)
    source_format = header.format or ""
    scale = min(1.0, max_side / max(header.size))
    image = _decode(header, least_side=max(1, round(min(header.size) * scale)))
    if max(image.size) > max_side:
        scale = max_side / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BICUBIC)
    # Pillow's JPEG writer takes a comment from `info`.
    image.info = {}
    content = io.BytesIO()
    image.save(content, "JPEG", quality=quality)
    return CleanImage(
        content=content.getvalue(),
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(source).hexdigest(),
        source_format=source_format,
    )


def cut_out(
    source: bytes,
    *,
    box: tuple[float, float, float, float],
    limits: ImageLimits = _DEFAULT_LIMITS,
    quality: int = 95,
) -> bytes:
    """Return a part of a photo as a JPEG of its own.

    Args:
        source: encoded image file.
        box: left, top, width and height as fractions of the upright photo, 0 to 1; pixels that lie
            in it in part belong to it.

    Raises:
        ImageError: the bytes are not accepted; see its codes.
    """
    image = open_image(source, limits=limits)
    left, top, width, height = box
    # What is added up in binary may end a hair beyond the last pixel, or beyond the photo.
    part = image.crop(
        (
            math.floor(left * image.width + 1e-6),
            math.floor(top * image.height + 1e-6),
            min(math.ceil((left + width) * image.width - 1e-6), image.width),
            min(math.ceil((top + height) * image.height - 1e-6), image.height),
        )
    )
    part.info = {}
    content = io.BytesIO()
    part.save(content, "JPEG", quality=quality)
    return content.getvalue()


def _read_header(source: bytes, limits: ImageLimits) -> ImageFile.ImageFile:
    """Return the opened, not yet decoded photo, after every check that needs no pixels."""
    plugin = _plugin(screen_bytes(source, limits=limits))
    try:
        header = plugin(io.BytesIO(source))
    except _MEMORY_ERRORS as error:
        raise ImageError("image_too_many_pixels", max_pixels=limits.max_pixels) from error
    except _DECODER_ERRORS as error:
        raise ImageError("image_truncated") from error
    _check_shape(header.size, limits)
    return header


def _plugin(name: str) -> type[ImageFile.ImageFile]:
    """Return the parser of a format, imported when the first photo needs it."""
    module, attribute = _PLUGINS[name]
    try:
        plugin: type[ImageFile.ImageFile] = getattr(importlib.import_module(module), attribute)
    except ImportError as error:
        raise ImageError("image_unsupported_format") from error
    return plugin


def _check_shape(size: tuple[int, int], limits: ImageLimits) -> None:
    width, height = size
    max_pixels = min(limits.max_pixels, Image.MAX_IMAGE_PIXELS or limits.max_pixels)
    if width * height > max_pixels:
        raise ImageError("image_too_many_pixels", max_pixels=max_pixels, width=width, height=height)
    if max(size) > limits.max_aspect_ratio * min(size):
        raise ImageError(
            "image_extreme_shape",
            max_aspect_ratio=limits.max_aspect_ratio,
            width=width,
            height=height,
        )
    if min(size) < limits.min_side:
        raise ImageError("image_too_small", min_side=limits.min_side, width=width, height=height)


def _decode(header: ImageFile.ImageFile, *, least_side: int | None) -> Image.Image:
    """Return the RGB image behind a header, reduced as far as `least_side` allows."""
    try:
        if least_side and header.format == "JPEG":
            header.draft(None, (least_side, least_side))
        shrink = max(1, min(header.size) // least_side) if least_side else 1
        large = header.width * header.height > _LARGE_PIXELS
        with _one_large_photo if large else contextlib.nullcontext():
            header.load()
            orientation = _orientation(header)
            image = _to_srgb(_reduce(header, shrink), header.info.get("icc_profile"))
    except _MEMORY_ERRORS as error:
        pixels = header.width * header.height
        raise ImageError("image_too_many_pixels", max_pixels=pixels) from error
    except _DECODER_ERRORS as error:
        raise ImageError("image_truncated") from error
    transpose = _UPRIGHT.get(orientation)
    return image if transpose is None else image.transpose(transpose)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_EXIF_ORIENTATION, 1))
    except _DECODER_ERRORS:
        # A photo with damaged EXIF is still a photo; it is shown as it lies in the file.
        return 1


def _reduce(image: Image.Image, shrink: int) -> Image.Image:
    """Return the opaque image at 1/`shrink` of its size; strip by strip, to spare memory."""
    if shrink == 1:
        return _opaque(image)
    rows = shrink * max(1, _STRIP_ROWS // shrink)
    strips = [
        _opaque(image.crop((0, top, image.width, min(top + rows, image.height)))).reduce(shrink)
        for top in range(0, image.height, rows)
    ]
    reduced = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for number, strip in enumerate(strips):
        reduced.paste(strip, (0, number * (rows // shrink)))
    return reduced


def _opaque(image: Image.Image) -> Image.Image:
    """Return the image in RGB, L or CMYK, 8 bits a channel, on white where it was transparent."""
    if image.mode.startswith("I;16"):
        # `convert` would clip at 255, not scale.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        background = Image.new("RGB", image.size, "white")
        background.paste(layered, mask=layered.getchannel("A"))
        return background
    if image.mode in ("RGB", "L", "CMYK"):
        return image
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the image in RGB, its colours moved from their `profile` to sRGB."""
    is_srgb = not profile or b"sRGB" in profile or "sRGB".encode("utf-16-be") in profile
    if profile and not is_srgb and len(profile) <= _MAX_PROFILE_BYTES:
        try:
            transform = ImageCms.buildTransform(
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                image.mode,
                "RGB",
            )
            return ImageCms.applyTransform(image, transform) or image
        except (ImageCms.PyCMSError, *_DECODER_ERRORS):
            # A profile that does not fit is a broken hint, not a broken photo.
            return image.convert("RGB")
    return image.convert("RGB")
