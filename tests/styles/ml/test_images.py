"""Decoding: what comes out of every kind of photo, upright, opaque, in sRGB and clean."""

from __future__ import annotations

import hashlib
import io
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from styles.ml.images import CleanImage, clean_image, decode_image, open_image
from tests.photos import draw_photo, encode

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]
JPEG = encode(draw_photo())


def mean_colour(image: Image.Image) -> tuple[int, int, int]:
    red, green, blue = np.asarray(image).reshape(-1, 3).mean(axis=0).round()
    return int(red), int(green), int(blue)


@pytest.mark.parametrize("name", FORMATS)
def test_every_allowed_format_becomes_an_rgb_image_of_its_size(name: str) -> None:
    image = open_image(encode(draw_photo(200, 300), name))
    assert (image.mode, image.size) == ("RGB", (200, 300))
    expected = np.asarray(draw_photo(200, 300), dtype=int)
    assert np.abs(np.asarray(image, dtype=int) - expected).mean() < 8


def test_heic_is_read_where_its_library_is_installed() -> None:
    pillow_heif = pytest.importorskip("pillow_heif", reason="pillow-heif is not installed")
    file = io.BytesIO()
    pillow_heif.from_pillow(draw_photo(200, 300)).save(file)
    assert clean_image(file.getvalue()).source_format == "HEIF"
    assert open_image(file.getvalue()).size == (200, 300)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(orientation: int) -> None:
    upright = Image.new("RGB", (96, 64), "blue")
    upright.paste("red", (0, 0, 48, 32))
    lying = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.ROTATE_90, Image.Transpose.FLIP_TOP_BOTTOM],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.ROTATE_90, Image.Transpose.FLIP_LEFT_RIGHT],
        8: [Image.Transpose.ROTATE_270],
    }
    stored = upright
    for turn in lying.get(orientation, []):
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = open_image(encode(stored, quality=95, exif=exif))
    assert shown.size == (96, 64)
    assert np.abs(np.asarray(shown, dtype=int) - np.asarray(upright, dtype=int)).mean() < 4


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_exif_does_not_cost_the_photo() -> None:
    assert open_image(encode(draw_photo(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).size == (
        400,
        533,
    )


def transparent(mode: str) -> bytes:
    image = Image.new("RGBA", (60, 40), (200, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 30, 40))
    if mode == "P":
        return encode(image.quantize(4), "PNG")
    return encode(image.convert(mode), "PNG")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    assert open_image(transparent(mode)).getpixel((5, 5)) == (255, 255, 255)
    assert open_image(transparent(mode)).getpixel((50, 5)) != (255, 255, 255)


@pytest.mark.parametrize("name", ["WEBP", "AVIF", "GIF"])
def test_transparency_of_other_formats_becomes_white(name: str) -> None:
    image = Image.new("RGBA", (64, 64), (0, 120, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 32, 64))
    corner = open_image(encode(image, name)).getpixel((4, 4))
    assert isinstance(corner, tuple)
    assert min(corner) > 245


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_other_modes_become_rgb(mode: str) -> None:
    white = Image.new("RGB", (64, 64), "white").convert(mode)
    source = encode(white, "JPEG" if mode == "CMYK" else "PNG")
    assert open_image(source).mode == "RGB"
    assert min(mean_colour(open_image(source))) > 250


def test_sixteen_bit_greyscale_is_scaled_not_clipped() -> None:
    ramp = np.linspace(0, 65_535, 64 * 64).astype(np.uint16).reshape(64, 64)
    grey = np.asarray(open_image(encode(Image.fromarray(ramp), "PNG")))[..., 0]
    np.testing.assert_array_equal(grey, ramp >> 8)


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP", "AVIF"])
def test_only_the_first_frame_of_an_animation_counts(name: str) -> None:
    red, blue = Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")
    colour = mean_colour(open_image(encode(red, name, save_all=True, append_images=[blue])))
    assert colour[0] > 245
    assert colour[2] < 10


def test_colours_of_another_profile_are_moved_to_srgb() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The same profile with red and blue changed over, under another name.
    swapped = srgb.replace(b"s\0R\0G\0B", b"o\0t\0h\0e").replace(b"sRGB", b"othe")
    swapped = swapped.replace(b"rXYZ", b"-XYZ").replace(b"bXYZ", b"rXYZ").replace(b"-XYZ", b"bXYZ")
    source = encode(Image.new("RGB", (64, 64), (120, 60, 30)), "PNG", icc_profile=swapped)
    assert mean_colour(open_image(source)) == pytest.approx((30, 60, 120), abs=3)


def test_a_profile_that_does_not_fit_is_ignored() -> None:
    source = encode(Image.new("RGB", (64, 64), (120, 60, 30)), "PNG", icc_profile=b"nonsense")
    assert mean_colour(open_image(source)) == (120, 60, 30)


def test_a_draft_is_reduced_but_never_below_the_side_asked_for() -> None:
    for name in ["JPEG", "PNG"]:
        image = open_image(encode(draw_photo(2_000, 1_500), name), draft_side=224)
        assert 224 <= min(image.size) < 448
        assert image.width / image.height == pytest.approx(2_000 / 1_500, rel=0.02)


def test_reducing_strip_by_strip_is_reducing_the_whole() -> None:
    photo = draw_photo(1_001, 1_203)
    whole = np.asarray(photo.reduce(4), dtype=int)
    strips = np.asarray(open_image(encode(photo, "PNG"), draft_side=250), dtype=int)
    np.testing.assert_array_equal(strips, whole)


def test_decoding_gives_a_square_of_bytes() -> None:
    pixels = decode_image(JPEG, size=224)
    assert pixels.shape == (224, 224, 3)
    assert pixels.dtype == np.uint8
    assert pixels[:, 20:100, 0].mean() > 100
    assert pixels[:, 124:204, 0].mean() < 20


def test_a_clean_photo_holds_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    exif[0x8825] = {1: "N", 2: (37.0, 33.0, 0.0)}
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = encode(
        draw_photo(),
        exif=exif,
        icc_profile=srgb,
        comment=b"at home",
        xmp=b"<x:xmpmeta/>",
    )
    assert {"exif", "icc_profile", "comment", "xmp"} <= Image.open(io.BytesIO(source)).info.keys()
    clean = clean_image(source)
    stored = Image.open(io.BytesIO(clean.content))
    stored.load()
    assert stored.format == "JPEG"
    assert set(stored.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not stored.getexif()
    assert b"a camera" not in clean.content
    assert b"at home" not in clean.content


def test_a_clean_photo_says_what_it_is_and_came_from() -> None:
    source = encode(draw_photo(300, 200), "WEBP")
    clean = clean_image(source)
    assert clean == CleanImage(
        content=clean.content,
        width=300,
        height=200,
        sha256=hashlib.sha256(source).hexdigest(),
        source_format="WEBP",
    )
    assert Image.open(io.BytesIO(clean.content)).size == (300, 200)


@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_a_big_photo_is_scaled_down_and_keeps_its_shape(name: str) -> None:
    clean = clean_image(encode(draw_photo(900, 1_800), name), max_side=400)
    assert (clean.width, clean.height) == (200, 400)


def test_a_photo_cleaned_twice_stays_a_photo() -> None:
    clean = clean_image(clean_image(JPEG).content)
    assert (clean.width, clean.height) == (400, 533)


def test_threads_decode_at_the_same_time_without_disturbing_each_other() -> None:
    expected = decode_image(JPEG, size=64)
    outcomes: list[bool] = []

    def decode() -> None:
        outcomes.extend(np.array_equal(decode_image(JPEG, size=64), expected) for _ in range(20))

    threads = [threading.Thread(target=decode) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [True] * 80


def test_real_photos_pass(shared_data: Path) -> None:
    photos = sorted((shared_data / "uploads" / "validation").glob("*/*.jpg"))[::25]
    photos += sorted((shared_data / "k-fashion-samples").glob("*.jpg"))
    assert photos
    for photo in photos:
        assert clean_image(photo.read_bytes()).source_format == "JPEG", photo.name
