"""Every refused upload tells the shopper what to do, under a stable code."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import translation
from PIL import Image
from pytest_django import Settings

from products.validators import IMAGE_MESSAGES, clean_upload, image_validation_error
from styles.images import ImageError
from tests.photos import draw_photo, encode

JPEG = encode(draw_photo())
ENDLESS = JPEG[:2] + b"\xff\xfe\x00\x02" * 3_000 + JPEG[2:]


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", content, content_type="image/jpeg")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "image_empty"),
        (bytes(10 * 1024 * 1024 + 1), "image_too_large"),
        (b"words", "image_unsupported_format"),
        (b"<html><body>a page</body></html>", "image_unsupported_format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image_unsupported_format"),
        (JPEG[: len(JPEG) // 2], "image_truncated"),
        (encode(Image.new("1", (8_000, 8_000)), "PNG"), "image_too_many_pixels"),
        (encode(Image.new("RGB", (1, 30_000)), "PNG"), "image_extreme_shape"),
        (encode(Image.new("RGB", (8, 8)), "PNG"), "image_too_small"),
        (ENDLESS, "image_too_complex"),
        (JPEG + b"<script>alert(1)</script>", "image_polyglot"),
    ],
    ids=[
        "empty",
        "too-many-bytes",
        "text",
        "html",
        "svg",
        "cut-off",
        "bomb",
        "strip",
        "too-small",
        "endless",
        "polyglot",
    ],
)
def test_each_kind_of_bad_upload_has_its_code_and_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused, translation.override("en"):
        clean_upload(upload(content))
    assert refused.value.code == code
    (sentence,) = refused.value.messages
    assert sentence.endswith(".")
    assert "%" not in sentence


@pytest.mark.parametrize(
    ("error", "sentence_part"),
    [
        (ImageError("image_too_large", max_bytes=10 * 1024 * 1024), "larger than 10 MB"),
        (ImageError("image_too_large", max_bytes=1_572_864), "larger than 1.5 MB"),
        (ImageError("image_too_many_pixels", max_pixels=50_000_000), "more than 50 million"),
        (ImageError("image_extreme_shape", max_aspect_ratio=20.0), "at most 20 times"),
        (ImageError("image_too_small", min_side=16), "at least 16 pixels"),
    ],
)
def test_sentences_name_the_limit_in_units_people_use(
    error: ImageError, sentence_part: str
) -> None:
    with translation.override("en"):
        assert sentence_part in image_validation_error(error).messages[0]


@pytest.mark.parametrize("code", IMAGE_MESSAGES)
def test_every_sentence_can_be_said_in_korean(code: str) -> None:
    limits = {"max_bytes": 1, "max_pixels": 1, "max_aspect_ratio": 1, "min_side": 1}
    with translation.override("ko"):
        assert "%" not in image_validation_error(ImageError(code, **limits)).messages[0]


def test_a_good_upload_comes_back_clean() -> None:
    clean = clean_upload(upload(JPEG))
    assert (clean.width, clean.height, clean.source_format) == (400, 533, "JPEG")


def test_a_file_that_was_read_before_is_read_from_its_start() -> None:
    file = upload(JPEG)
    file.read()
    assert clean_upload(file).width == 400


def test_a_file_from_disk_or_memory_is_as_good_as_an_upload() -> None:
    assert clean_upload(ContentFile(JPEG)).width == 400


def test_a_file_above_the_limit_is_refused_unread() -> None:
    class Unreadable(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            pytest.fail("it was read")

    with pytest.raises(ValidationError) as refused:
        clean_upload(UploadedFile(Unreadable(), name="photo.jpg", size=10 * 1024 * 1024 + 1))
    assert refused.value.code == "image_too_large"


def test_a_file_that_lies_about_its_size_is_not_read_beyond_the_limit(
    settings: Settings,
) -> None:
    settings.KFASHION = {"MAX_UPLOAD_BYTES": 1_000}
    file = io.BytesIO(JPEG + bytes(100_000))
    with pytest.raises(ValidationError) as refused:
        clean_upload(UploadedFile(file, name="photo.jpg", size=10))
    assert refused.value.code == "image_too_large"
    assert file.tell() == 1_001
