"""A ZIP of photos alone as records: their names are SKUs; for ``products.importing.sources``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from products.importing.records import Record

PHOTO_SUFFIXES: Final = (
    *(".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif"),
)
_FURTHER: Final = re.compile(r"(?P<sku>.+)[-_](?P<place>[1-9]\d?)")


class PhotoNamesTable:
    """A record for each SKU: ``A-1.jpg`` is the first photo of A-1, ``A-1-2.jpg`` the second.

    A number counts as a place only where the name without it is the name of another photo: SKUs
    end in numbers too.
    """

    format = "photos"
    header: tuple[str, ...] = ("sku", "image")

    def __init__(self, names: Iterable[str]) -> None:
        photos = sorted(name for name in names if is_photo(name))
        stems = {PurePosixPath(name).stem for name in photos}
        self._photos: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for name in photos:
            stem = PurePosixPath(name).stem
            further = _FURTHER.fullmatch(stem)
            if further and further["sku"] in stems:
                self._photos[further["sku"]].append((int(further["place"]), name))
            else:
                self._photos[stem].append((0, name))

    def records(self) -> Iterator[Record]:
        """Yield a record for each SKU, photos in order."""
        for number, (sku, photos) in enumerate(sorted(self._photos.items()), start=1):
            yield Record(number, (sku, "|".join(name for _place, name in sorted(photos))))


def is_photo(name: str) -> bool:
    """Whether a file calls itself a photo."""
    return PurePosixPath(name).suffix.lower() in PHOTO_SUFFIXES
