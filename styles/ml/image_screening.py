"""Judges untrusted image bytes before any decoder sees them; called by `styles.ml.images` only."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Final

_SIGNATURES: Final = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "GIF": re.compile(rb"GIF8[79]a"),
    "WEBP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"})


# `<svg` is four bytes, which compressed pixels of a big photo contain by chance: it counts only
# where it goes on like markup.
_MARKUP: Final = re.compile(rb"<(?:script|\?php|html)\b|<svg(?:>|\Z|[\s/]+[a-z])", re.IGNORECASE)
_JPEG_MARKER: Final = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_JPEG_START_OF_SCAN: Final = 0xDA
_JPEG_END: Final = 0xD9
# libjpeg walks the whole picture once for each scan, so thousands of tiny ones keep a core busy for
# hours. Encoders write ten or so.
_MAX_JPEG_SCANS: Final = 50
_MAX_JPEG_SEGMENTS: Final = 2_000


class ImageError(Exception):
    """Bytes that are not accepted as a photo.

    `code` is stable and one of image_empty, image_too_large, image_unsupported_format,
    image_truncated (damaged or incomplete), image_too_many_pixels, image_extreme_shape,
    image_too_small, image_too_complex and image_polyglot. `params` holds the plain numbers a
    sentence about it needs: bytes, pixels and ratios.
    """

    def __init__(self, code: str, **params: int | float) -> None:
        details = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code}: {details}" if details else code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class ImageLimits:
    """What a photo may be: bytes, width x height, shorter side in pixels, long to short side."""

    max_bytes: int = 10 * 1024 * 1024
    max_pixels: int = 50_000_000
    min_side: int = 16
    max_aspect_ratio: float = 20.0


def screen_bytes(source: bytes, *, limits: ImageLimits) -> str:
    """Return the format the bytes announce: JPEG, PNG, WEBP, AVIF, GIF or HEIF.

    Raises:
        ImageError: they are no such photo, too many, or something else besides.
    """
    if not source:
        raise ImageError("image_empty")
    if len(source) > limits.max_bytes:
        raise ImageError("image_too_large", max_bytes=limits.max_bytes)
    name = _format(source)
    if name is None:
        raise ImageError("image_unsupported_format")
    _refuse_polyglot(source)
    if name == "JPEG":
        _refuse_endless_jpeg(source)
    return name


def _format(source: bytes) -> str | None:
    """Return the format of the first bytes; file names and content types are not asked."""
    for name, signature in _SIGNATURES.items():
        if signature.match(source):
            return name
    if source[4:8] != b"ftyp":
        return None
    box = source[8 : min(int.from_bytes(source[:4]), 256)]
    brands = {box[start : start + 4] for start in range(0, len(box), 4)}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS else None


def _refuse_polyglot(source: bytes) -> None:
    """Refuse a photo that another program would read as an archive, a document or a script."""
    if (
        b"%PDF-" in source[:1024]
        or zipfile.is_zipfile(io.BytesIO(source))
        or _MARKUP.search(source)
    ):
        raise ImageError("image_polyglot")


def _refuse_endless_jpeg(source: bytes) -> None:
    """Refuse a JPEG with more scans or segments than a camera writes, and one without an end."""
    scans = segments = 0
    position = 2
    while match := _JPEG_MARKER.search(source, position):
        marker = match[1][0]
        if marker == _JPEG_END:
            return
        segments += 1
        scans += marker == _JPEG_START_OF_SCAN
        if scans > _MAX_JPEG_SCANS or segments > _MAX_JPEG_SEGMENTS:
            raise ImageError("image_too_complex", max_scans=_MAX_JPEG_SCANS)
        position = match.end() + int.from_bytes(source[match.end() : match.end() + 2])
    raise ImageError("image_truncated")
