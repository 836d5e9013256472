"""Decoding refuses what is too big, cut off, misshapen or mangled, each with its code."""

from __future__ import annotations

import struct
import sys
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, JpegImagePlugin

from styles.ml.images import ImageError, ImageLimits, clean_image, open_image
from tests.photos import draw_photo, encode

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]
CODES = {
    "image_empty",
    "image_too_large",
    "image_unsupported_format",
    "image_truncated",
    "image_too_many_pixels",
    "image_extreme_shape",
    "image_too_small",
    "image_too_complex",
    "image_polyglot",
}
JPEG = encode(draw_photo())


def refusal(source: bytes, *, limits: ImageLimits | None = None) -> ImageError:
    with pytest.raises(ImageError) as refused:
        clean_image(source, limits=limits or ImageLimits())
    return refused.value


def png_claiming(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def test_heic_is_an_unsupported_format_where_its_library_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").code == "image_unsupported_format"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_photo_cut_off_in_its_pixels_is_refused_with_its_code(name: str, kept: float) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (120, 90, 3), dtype=np.uint8)
    source = encode(Image.fromarray(noise), name)
    assert refusal(source[: int(len(source) * kept)]).code == "image_truncated"


def test_a_png_whose_pixels_end_early_is_refused_although_its_chunks_are_whole() -> None:
    assert refusal(png_claiming(300, 300)).code == "image_truncated"


def test_pillow_is_never_told_to_tolerate_truncated_files() -> None:
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


@pytest.mark.parametrize("size", [(60_000, 60_000), (10_000, 10_000), (7_072, 7_072)])
def test_a_png_that_claims_too_many_pixels_is_refused_before_decoding(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _: pytest.fail("it was decoded"))
    error = refusal(png_claiming(*size))
    assert error.code == "image_too_many_pixels"
    assert error.params == {
        "max_pixels": 50_000_000,
        "width": size[0],
        "height": size[1],
    }


def test_a_small_file_of_many_real_pixels_is_refused() -> None:
    bomb = encode(Image.new("1", (8_000, 8_000)), "PNG")
    assert len(bomb) < 50_000
    assert refusal(bomb).code == "image_too_many_pixels"


def test_a_webp_that_claims_too_many_pixels_is_refused() -> None:
    canvas = (16_382).to_bytes(3, "little") * 2
    chunks = b"WEBPVP8X" + struct.pack("<II", 10, 0) + canvas + b"VP8 " + bytes(64)
    bomb = b"RIFF" + struct.pack("<I", len(chunks)) + chunks
    assert refusal(bomb).code == "image_too_many_pixels"


def test_pillows_own_pixel_limit_is_an_error_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000)
    assert refusal(JPEG).params["max_pixels"] == 1_000


@pytest.mark.parametrize("size", [(1, 30_000), (30_000, 1), (20, 401)])
def test_a_strip_is_an_extreme_shape(size: tuple[int, int]) -> None:
    assert refusal(encode(Image.new("RGB", size), "PNG")).code == "image_extreme_shape"


def test_a_photo_at_the_limits_of_shape_and_size_passes() -> None:
    assert clean_image(encode(Image.new("RGB", (16, 320)), "PNG")).height == 320


def test_a_photo_of_a_few_pixels_is_too_small() -> None:
    assert refusal(encode(Image.new("RGB", (15, 40)), "PNG")).code == "image_too_small"


@pytest.mark.parametrize("raised", [MemoryError, Image.DecompressionBombError])
def test_running_out_of_memory_is_a_refusal(
    raised: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_memory(_: object) -> None:
        raise raised

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", out_of_memory)
    assert refusal(JPEG).code == "image_too_many_pixels"


def test_a_time_limit_that_strikes_while_decoding_is_no_verdict_on_the_photo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class TimeLimitError(Exception):
        pass

    def strike(_: object) -> None:
        raise TimeLimitError

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", strike)
    with pytest.raises(TimeLimitError):
        clean_image(JPEG)


SOURCES = [encode(draw_photo(48, 40), name) for name in FORMATS] + [
    encode(draw_photo(48, 40), "JPEG", progressive=True),
    encode(draw_photo(48, 40).quantize(8), "PNG"),
    encode(draw_photo(48, 40), "WEBP", lossless=True),
]


# As in a running shop, where what Pillow only warns about is no error.
@pytest.mark.filterwarnings("ignore")
@settings(max_examples=800, deadline=None)
@given(
    source=st.sampled_from(SOURCES),
    edits=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6)),
        min_size=1,
        max_size=6,
    ),
    kept=st.floats(0.2, 1) | st.just(1.0),
)
def test_mangled_bytes_become_a_photo_or_a_coded_error(
    source: bytes, edits: list[tuple[float, bytes]], kept: float
) -> None:
    mangled = bytearray(source)
    for place, replacement in edits:
        start = int(place * len(source))
        mangled[start : start + len(replacement)] = replacement
    code = None
    try:
        image = open_image(
            bytes(mangled[: int(kept * len(mangled))]), limits=ImageLimits(max_pixels=1_000_000)
        )
    except ImageError as error:
        code = error.code
    else:
        assert image.mode == "RGB"
        assert min(image.size) >= 16
    assert code is None or code in CODES
