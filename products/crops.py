"""The box a shopper draws around what is meant on a photo; for upload, API, command and worker.

It is given in fractions of the upright photo, not in pixels: the stored photo may be smaller than
the one that was sent, and phones turn what they took.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from math import ceil, floor, isfinite
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from styles.images import cut_out, image_limits

# A box that ends this far outside is one whose fractions were rounded.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Crop:
    """A box on a photo: left, top, width and height, as fractions from 0 to 1."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read ``x,y,width,height``; None where it is empty.

        Raises:
            ValidationError: ``crop`` -> error with the code ``invalid_crop``, ``crop_empty`` or
                ``crop_outside``.
        """
        if not text.strip():
            return None
        try:
            crop = cls(*(float(part) for part in text.split(",")))
        except (TypeError, ValueError) as error:
            raise _invalid() from error
        if not all(isfinite(number) for number in crop.box):
            raise _invalid()
        if crop.width <= 0 or crop.height <= 0:
            raise _error("crop_empty", _("The crop has no area: give it a width and a height."))
        far = 1.0 + ROUNDING
        if min(crop.x, crop.y) < 0 or crop.x + crop.width > far or crop.y + crop.height > far:
            raise _error(
                "crop_outside",
                _("The crop lies outside the photo: its sides are fractions from 0 to 1."),
            )
        return crop

    @classmethod
    def stored(cls, box: Sequence[float]) -> Self | None:
        """Return the crop that a row keeps; None where it keeps none."""
        return cls(*box) if box else None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height, as rows keep them."""
        box: tuple[float, float, float, float] = astuple(self)
        return box

    def check(self, *, width: int, height: int) -> None:
        """Refuse a box that leaves too little of a photo of this size, in pixels.

        Raises:
            ValidationError: ``crop`` -> error ``crop_too_small`` or ``crop_extreme_shape``.
        """
        limits = image_limits()
        sides = (
            ceil((self.x + self.width) * width) - floor(self.x * width),
            ceil((self.y + self.height) * height) - floor(self.y * height),
        )
        if min(sides) < limits.min_side:
            raise _error(
                "crop_too_small",
                _("The crop is too small: it must be at least %(limit)s pixels wide and high."),
                limit=limits.min_side,
            )
        if max(sides) > limits.max_aspect_ratio * min(sides):
            raise _error(
                "crop_extreme_shape",
                _("The crop is too long and narrow: at most %(limit)s times as long as wide."),
                limit=f"{limits.max_aspect_ratio:g}",
            )

    def cut_out_of(self, photo: bytes) -> bytes:
        """Return what the box holds of a photo, as a JPEG.

        Raises:
            ImageError: the photo cannot be decoded.
        """
        return cut_out(photo, box=self.box)


def _invalid() -> ValidationError:
    return _error(
        "invalid_crop",
        _("A crop is four numbers, x,y,width,height, such as 0.1,0.2,0.5,0.6."),
    )


def _error(code: str, sentence: Any, **params: Any) -> ValidationError:
    return ValidationError({"crop": ValidationError(sentence, code=code, params=params)})
