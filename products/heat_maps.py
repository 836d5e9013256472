"""Where the model looked on a shopper's photo, as a picture; for the result page and the API."""

from __future__ import annotations

from typing import Final

from products.crops import Crop
from products.models import ImageSearch
from styles.heat_maps import ImageError, overlay_heat_map

MEDIA_TYPE: Final = "image/webp"


class HeatMapUnavailableError(Exception):
    """There is nothing to draw; ``code`` says why, ``products.messages`` has its sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def reason_against(search: ImageSearch) -> str:
    """Return the code of why a finished search has no heat map to show; empty where it has one."""
    if not search.heat_map:
        return "heat_map_unknown"
    return "" if search.photo else "photo_not_kept"


def draw_heat_map_of(search: ImageSearch) -> bytes:
    """Return the photo, or what was cropped from it, under the heat of where the model looked.

    Raises:
        HeatMapUnavailableError: nothing was kept to draw, or the photo is gone.
    """
    if code := reason_against(search):
        raise HeatMapUnavailableError(code)
    try:
        with search.photo.open("rb") as file:
            photo = file.read()
        crop = Crop.stored(search.crop)
        return overlay_heat_map(crop.cut_out_of(photo) if crop else photo, search.heat_map)
    except FileNotFoundError as error:
        raise HeatMapUnavailableError("image_missing") from error
    except ImageError as error:
        raise HeatMapUnavailableError(error.code) from error
