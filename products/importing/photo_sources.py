"""Where the photos that a row names come from: folder, ZIP, web; for ``photos`` and ``sources``.

It is read from several threads: nothing here touches the database.
"""

from __future__ import annotations

import contextlib
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, Protocol
from zipfile import ZipInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from products.importing.archive import Archive
from products.importing.records import CatalogueImportError
from styles.images import max_upload_bytes

_ADDRESSES: Final = ("http://", "https://", "ftp://", "//")
_FETCHED: Final = ("http://", "https://")


class PhotoSource(Protocol):
    """Gives the bytes of the photos that rows name, by file name, entry of a ZIP or address."""

    def check(self, name: str) -> None:
        """Find a photo without reading it.

        Raises:
            ValidationError: it is not there or may not be had; the code says why.
        """
        ...

    def read(self, name: str) -> bytes:
        """Return the bytes of a photo; one more than allowed is enough to be refused.

        Raises:
            ValidationError: it is not there or may not be had; the code says why.
        """
        ...


class NoPhotos:
    """Where a table comes without photos."""

    def read(self, name: str) -> bytes:
        """Refuse any name."""
        self.check(name)
        return b""

    def check(self, name: str) -> None:
        """Refuse any name.

        Raises:
            ValidationError: ``image_missing`` or ``photo_url_unsupported``.
        """
        refuse_address(name)
        raise ValidationError(
            _("There is no photo “%(name)s”: pack the table and its photos into one ZIP file."),
            code="image_missing",
            params={"name": name[:100]},
        )


class PhotoFolder:
    """The folder that a catalogue's photos lie in; no row can reach beyond it.

    Raises:
        CatalogueImportError: there is no such folder.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CatalogueImportError(
                "images_folder_missing",
                _gettext("There is no folder “%(folder)s” to take the photos from.")
                % {"folder": folder},
            )
        self.root = folder.resolve()

    def read(self, name: str) -> bytes:
        """Return the bytes of a file below the folder.

        Raises:
            ValidationError: ``image_outside_folder``, ``image_missing`` or ``image_unreadable``.
        """
        path = self._find(name)
        try:
            with path.open("rb") as file:
                return file.read(max_upload_bytes() + 1)
        except OSError as error:
            raise ValidationError(
                _("The photo “%(name)s” cannot be read: %(reason)s."),
                code="image_unreadable",
                params={"name": name[:100], "reason": error.strerror},
            ) from error

    def check(self, name: str) -> None:
        """Find a file below the folder; raises as ``read`` does."""
        self._find(name)

    def _find(self, name: str) -> Path:
        refuse_address(name)
        path = relative_path(name)
        for spelling in spellings(str(path)):
            with contextlib.suppress(OSError, RuntimeError):  # Not there; too long; a link loop.
                found = (self.root / spelling).resolve(strict=True)
                if not found.is_relative_to(self.root):
                    raise outside(name)
                if found.is_file():
                    return found
        raise ValidationError(
            _("There is no photo “%(name)s” in the folder of the photos."),
            code="image_missing",
            params={"name": name[:100]},
        )


class ArchivePhotos:
    """The photos of a ZIP, by path from its top or from its table, or by name where it is clear."""

    def __init__(self, archive: Archive, *, beside: str = ".") -> None:
        self._archive = archive
        self._beside = PurePosixPath(beside)
        self._by_name: dict[str, ZipInfo | None] = {}
        for entry, info in archive.entries.items():
            name = PurePosixPath(entry).name.casefold()
            # Two of one name in different folders: only a path tells which is meant.
            self._by_name[name] = None if name in self._by_name else info

    def read(self, name: str) -> bytes:
        """Return the bytes of an entry.

        Raises:
            ValidationError: ``image_outside_folder``, ``image_missing`` or ``image_unreadable``.
        """
        entry = self._find(name)
        try:
            return self._archive.read(entry, limit=max_upload_bytes())
        except CatalogueImportError as error:
            raise ValidationError(
                _("The photo “%(name)s” is damaged in the ZIP file."),
                code="image_unreadable",
                params={"name": name[:100]},
            ) from error

    def check(self, name: str) -> None:
        """Find an entry; raises as ``read`` does."""
        self._find(name)

    def _find(self, name: str) -> ZipInfo:
        refuse_address(name)
        path = unicodedata.normalize("NFC", str(relative_path(name)))
        entries = self._archive.entries
        entry = (
            entries.get(str(self._beside / path))
            or entries.get(path)
            or self._by_name.get(PurePosixPath(path).name.casefold())
        )
        if entry is None:
            raise ValidationError(
                _("There is no photo “%(name)s” in the ZIP file."),
                code="image_missing",
                params={"name": name[:100]},
            )
        return entry


class ChainedPhotos:
    """Several sources as one: a photo is taken from the first that has it."""

    def __init__(self, *sources: PhotoSource) -> None:
        self._sources = sources

    def read(self, name: str) -> bytes:
        """Return the bytes of a photo; raises as the last source does."""
        return self._source_of(name).read(name)

    def check(self, name: str) -> None:
        """Find a photo; raises as the last source does."""
        self._source_of(name).check(name)

    def _source_of(self, name: str) -> PhotoSource:
        for source in self._sources[:-1]:
            with contextlib.suppress(ValidationError):
                source.check(name)
                return source
        return self._sources[-1]


def relative_path(name: str) -> PurePosixPath:
    """Return what a cell names as a path that leads nowhere else.

    Raises:
        ValidationError: ``image_outside_folder``.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or PureWindowsPath(name).drive or ".." in path.parts:
        raise outside(name)
    return path


def spellings(path: str) -> tuple[str, ...]:
    """Return a path and its other forms: Korean comes decomposed from a Mac, composed elsewhere."""
    others = (unicodedata.normalize(form, path) for form in ("NFC", "NFD"))
    return tuple(dict.fromkeys((path, *others)))


def outside(name: str) -> ValidationError:
    """Return the refusal of a path that leads out of where the photos are."""
    return ValidationError(
        _("“%(name)s” leads out of the folder of the photos."),
        code="image_outside_folder",
        params={"name": name[:100]},
    )


def is_address(name: str) -> bool:
    """Whether a row names a photo by web address; ``products.importing.remote_photos`` has it."""
    return name.lower().startswith(_FETCHED)


def refuse_address(name: str) -> None:
    """Refuse a photo that is to be fetched, where nothing is.

    Raises:
        ValidationError: ``photo_url_unsupported``.
    """
    if name.lower().startswith(_ADDRESSES):
        raise ValidationError(
            _("“%(name)s” is a web address. Photos are taken from the ZIP file or folder only."),
            code="photo_url_unsupported",
            params={"name": name[:100]},
        )
