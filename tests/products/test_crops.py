from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from products.crops import Crop


def code_of(refused: pytest.ExceptionInfo[ValidationError]) -> str | None:
    (error,) = refused.value.error_dict["crop"]
    assert error.messages[0]
    return error.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b,c,d", "invalid_crop"),
        ("0,0,1", "invalid_crop"),
        ("0,0,1,1,1", "invalid_crop"),
        ("0,0,nan,1", "invalid_crop"),
        ("0,0,1,inf", "invalid_crop"),
        ("0.5,0.5,0,0.2", "crop_empty"),
        ("0.5,0.5,0.2,-0.1", "crop_empty"),
        ("-0.1,0,0.5,0.5", "crop_outside"),
        ("0.6,0,0.5,0.5", "crop_outside"),
        ("0,0,400,300", "crop_outside"),
    ],
)
def test_a_crop_that_is_none_has_a_code(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Crop.parse(text)
    assert code_of(refused) == code


@pytest.mark.parametrize("text", ["0,0,1,1", "0.1,0.2,0.9,0.8", " 0.7, 0, 0.3, 0.25 "])
def test_fractions_that_end_at_the_edge_are_inside(text: str) -> None:
    assert Crop.parse(text) is not None


def test_no_text_is_no_crop() -> None:
    assert Crop.parse(" ") is None
    assert Crop.stored([]) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("0,0,0.01,1", "crop_too_small"), ("0,0,0.02,1", "crop_extreme_shape")],
)
def test_a_crop_must_leave_enough_to_look_at(text: str, code: str) -> None:
    crop = Crop.parse(text)
    assert crop
    with pytest.raises(ValidationError) as refused:
        crop.check(width=1000, height=1000)
    assert code_of(refused) == code
    crop.check(width=4000, height=400)


def test_the_box_is_cut_out_of_the_upright_photo() -> None:
    photo = Image.new("RGB", (200, 100), "white")
    photo.paste((255, 0, 0), (100, 50, 200, 100))
    sideways = photo.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # To be turned by a quarter before it is looked at.
    buffer = BytesIO()
    sideways.save(buffer, "JPEG", quality=95, exif=exif, subsampling=0)
    crop = Crop.stored([0.5, 0.5, 0.5, 0.5])
    assert crop
    with Image.open(BytesIO(crop.cut_out_of(buffer.getvalue()))) as part:
        assert part.size == (100, 50)
        red, green, blue = part.getpixel((50, 25))  # type: ignore[misc]  # RGB has three.
        assert red > 240
        assert green < 30
        assert blue < 30
        assert not part.getexif()


def test_pixels_in_part_inside_belong_to_the_crop() -> None:
    buffer = BytesIO()
    Image.new("RGB", (100, 100)).save(buffer, "PNG")
    crop = Crop.stored([0.255, 0.255, 0.3, 0.7])
    assert crop
    with Image.open(BytesIO(crop.cut_out_of(buffer.getvalue()))) as part:
        assert part.size == (31, 71)
