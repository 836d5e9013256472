"""The files of a downloaded K-Fashion tree, found and paired by name; for its reader.

Names only: of 1.2 million photos nothing is read here, not even the size.
"""

import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath

from styles.ml.datasets import PhotoFile


def walk_files(
    root: Path, *, refuse: Callable[[str], None] = lambda folder: None
) -> Iterator[tuple[str, str]]:
    """Yield folder and name of every file under a folder, sorted; hidden ones are passed over.

    Links to folders are followed, each folder once; `refuse` hears of those that cannot be read.
    """

    def report(error: OSError) -> None:
        refuse(printable(str(error.filename)))

    seen: set[tuple[int, int]] = set()
    for folder, folders, names in os.walk(root, followlinks=True, onerror=report):
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        # What macOS leaves in zips looks like annotations and photos, and is neither.
        folders[:] = sorted(name for name in folders if name[0] != "." and name != "__MACOSX")
        yield from ((folder, name) for name in sorted(names) if name[0] != ".")


def split_name(name: str) -> tuple[str, str]:
    """Return a file's name without its suffix, letters whole and small, and the suffix."""
    stem, dot, suffix = unicodedata.normalize("NFC", name).casefold().rpartition(".")
    return (stem, f".{suffix}") if dot else (suffix, "")


def folder_name(folder: str) -> str:
    """Return the last part of a folder's path in whole Korean letters (NFC)."""
    return unicodedata.normalize("NFC", PurePath(folder).name)


def printable(text: str) -> str:
    """Return the text in whole letters; names in a foreign encoding would break every printout."""
    return unicodedata.normalize("NFC", os.fsencode(text).decode("utf-8", "replace"))


class PhotoIndex:
    """Photos by their names without suffix; each can be taken once."""

    def __init__(self) -> None:
        self._photos: dict[str, PhotoFile | None] = {}
        self._namesakes: dict[str, list[PhotoFile]] = {}
        self._taken: set[PhotoFile] = set()

    def add(self, photo: PhotoFile) -> None:
        """Make a photo known."""
        stem, _ = split_name(photo.name)
        if stem in self._namesakes:
            self._namesakes[stem].append(photo)
        elif known := self._photos.pop(stem, None):
            self._namesakes[stem] = [known, photo]
        else:
            self._photos[stem] = photo

    def take(self, stems: Sequence[str], *, folder: str) -> PhotoFile | str:
        """Return the photo of the first of these names that exists, or the code of why not.

        Of several photos of one name it is the one whose path shares most with `folder`; where two
        share as much, photo_ambiguous. Also: photo_missing, and annotated_twice for a second call.
        """
        for stem in stems:
            if stem in self._photos:
                photo, self._photos[stem] = self._photos[stem], None
                return photo or "annotated_twice"
            if stem in self._namesakes:
                return self._take_nearest(self._namesakes[stem], folder)
        return "photo_missing"

    def rest(self) -> Iterator[PhotoFile]:
        """Yield what was not taken."""
        yield from (photo for photo in self._photos.values() if photo)
        for photos in self._namesakes.values():
            yield from (photo for photo in photos if photo not in self._taken)

    def _take_nearest(self, photos: Sequence[PhotoFile], folder: str) -> PhotoFile | str:
        shared = [len(_parts(photo.folder) & _parts(folder)) for photo in photos]
        if shared.count(max(shared)) > 1:
            return "photo_ambiguous"
        nearest = photos[shared.index(max(shared))]
        if nearest in self._taken:
            return "annotated_twice"
        self._taken.add(nearest)
        return nearest


def _parts(folder: str) -> set[str]:
    return set(PurePath(unicodedata.normalize("NFC", folder)).parts)
