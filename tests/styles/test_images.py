"""The door to photos holds them to the limits of the settings."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from styles.images import ImageError, clean_image, max_upload_bytes
from tests.photos import draw_photo, encode


def test_without_settings_a_photo_may_have_ten_megabytes(settings: Settings) -> None:
    settings.KFASHION = {}
    assert max_upload_bytes() == 10 * 1024 * 1024
    assert clean_image(encode(draw_photo())).width == 400


def test_the_byte_limit_comes_from_the_settings(settings: Settings) -> None:
    settings.KFASHION = {"MAX_UPLOAD_BYTES": 1_000}
    assert max_upload_bytes() == 1_000
    with pytest.raises(ImageError, match="image_too_large"):
        clean_image(encode(draw_photo()))


def test_the_pixel_limit_comes_from_the_settings(settings: Settings) -> None:
    settings.KFASHION = {"MAX_IMAGE_PIXELS": 1_000}
    with pytest.raises(ImageError, match="image_too_many_pixels"):
        clean_image(encode(draw_photo()))


def test_the_stored_side_comes_from_the_settings(settings: Settings) -> None:
    settings.KFASHION = {"MAX_STORED_SIDE": 100}
    clean = clean_image(encode(draw_photo()))
    assert (clean.width, clean.height) == (75, 100)
