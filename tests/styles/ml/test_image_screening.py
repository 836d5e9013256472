"""What is refused by its bytes alone, each under its own code, and what must not be."""

from __future__ import annotations

import io
import random
import struct
import zipfile

import pytest
from PIL import Image, PngImagePlugin

from styles.ml.image_screening import ImageError, ImageLimits, screen_bytes
from tests.photos import draw_photo, encode

LIMITS = ImageLimits()
JPEG = encode(draw_photo())
PNG = encode(draw_photo(), "PNG")


def refusal(source: bytes, *, limits: ImageLimits = LIMITS) -> str:
    with pytest.raises(ImageError) as refused:
        screen_bytes(source, limits=limits)
    return refused.value.code


def commented(text: bytes) -> bytes:
    return encode(draw_photo(), comment=text)


def zip_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return file.getvalue()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_format_is_told_by_its_content(name: str) -> None:
    assert screen_bytes(encode(draw_photo(), name), limits=LIMITS) == name


def test_nothing_at_all_is_empty() -> None:
    assert refusal(b"") == "image_empty"


def test_one_byte_above_the_limit_is_too_large() -> None:
    at_limit = ImageLimits(max_bytes=len(JPEG))
    assert screen_bytes(JPEG, limits=at_limit) == "JPEG"
    assert refusal(JPEG + b"\0", limits=at_limit) == "image_too_large"


@pytest.mark.parametrize(
    "source",
    [
        b"just some words, long enough to be anything",
        b"<!doctype html><html><body>hello</body></html>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        b"%PDF-1.7 a document",
        b"\0",
        b"\xff\xd8",
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(64),
        encode(draw_photo(), "BMP"),
        encode(draw_photo(), "TIFF"),
        encode(draw_photo(), "ICO"),
    ],
    ids=[
        "text",
        "html",
        "xml",
        "svg",
        "pdf",
        "nul",
        "stub",
        "mp4",
        "bmp",
        "tiff",
        "ico",
    ],
)
def test_what_is_no_allowed_photo_is_an_unsupported_format(source: bytes) -> None:
    assert refusal(source) == "image_unsupported_format"


@pytest.mark.parametrize(
    "source",
    [
        JPEG + zip_archive(),
        PNG + zip_archive(),
        commented(b"%PDF-1.4 1 0 obj"),
        commented(b"<script>alert(1)</script>"),
        commented(b"<ScRiPt src=//example.org/x.js>"),
        commented(b"<?php system($_GET['c']); ?>"),
        commented(b"<HTML><body onload=alert(1)>"),
        commented(b"<svg onload=alert(1)>"),
        commented(b"<svg/onload=alert(1)>"),
        commented(b"<svg>"),
        JPEG + b"<?php phpinfo();",
        JPEG + b"<svg",
        PNG + b"\n<script>",
    ],
)
def test_a_photo_that_is_something_else_as_well_is_a_polyglot(source: bytes) -> None:
    Image.open(io.BytesIO(source)).load()  # a decoder alone would take it
    assert refusal(source) == "image_polyglot"


def test_markup_in_the_text_of_a_png_is_a_polyglot() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "<script>alert(1)</script>")
    assert refusal(encode(draw_photo(), "PNG", pnginfo=text)) == "image_polyglot"


def test_a_phone_photo_with_a_film_behind_it_passes() -> None:
    film = struct.pack(">I", 24) + b"ftypmp42" + bytes(12) + random.Random(7).randbytes(500_000)
    assert screen_bytes(JPEG + film, limits=LIMITS) == "JPEG"


def test_a_phone_photo_with_a_second_picture_behind_it_passes() -> None:
    two_pictures = encode(
        draw_photo(),
        "MPO",
        save_all=True,
        append_images=[draw_photo(width=200, height=300)],
    )
    assert two_pictures.count(b"MPF\0") >= 1
    assert screen_bytes(two_pictures, limits=LIMITS) == "JPEG"


def test_svg_by_chance_in_the_pixels_of_a_photo_passes() -> None:
    assert screen_bytes(JPEG + b"\x91<svg\x8e\x02", limits=LIMITS) == "JPEG"


def test_a_progressive_photo_passes() -> None:
    assert screen_bytes(encode(draw_photo(), progressive=True), limits=LIMITS) == "JPEG"


def test_a_jpeg_of_endless_scans_is_too_complex() -> None:
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00\x00"
    progressive = encode(draw_photo(), progressive=True)
    assert refusal(progressive[:-2] + scan * 100_000 + b"\xff\xd9") == "image_too_complex"


def test_a_jpeg_of_endless_segments_is_too_complex() -> None:
    assert refusal(JPEG[:2] + b"\xff\xfe\x00\x02" * 100_000 + JPEG[2:]) == "image_too_complex"


def test_a_jpeg_without_an_end_is_truncated() -> None:
    assert refusal(JPEG[:-2]) == "image_truncated"
