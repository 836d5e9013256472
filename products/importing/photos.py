"""The photos of a row: found, compared, cleaned, stored; called by products/importers.py.

It calls from several threads: nothing here touches the database.
"""

from __future__ import annotations

import contextlib
import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from products.importing.files import CatalogueImportError
from products.models import ProductImage
from products.validators import clean_upload
from styles.images import CleanImage, max_upload_bytes


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

    def find(self, name: str) -> Path:
        """Return the file that a cell names.

        Raises:
            ValidationError: ``image_outside_folder`` or ``image_missing``.
        """
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or PureWindowsPath(name).drive or ".." in path.parts:
            raise _outside(name)
        # Names in Korean come decomposed from a Mac and composed from elsewhere.
        spellings = {str(path): None}
        spellings |= {unicodedata.normalize(form, str(path)): None for form in ("NFC", "NFD")}
        for spelling in spellings:
            with contextlib.suppress(OSError, RuntimeError):  # Not there; too long; a link loop.
                found = (self.root / spelling).resolve(strict=True)
                if not found.is_relative_to(self.root):
                    raise _outside(name)
                if found.is_file():
                    return found
        raise ValidationError(
            _("There is no photo “%(name)s” in the folder of the photos."),
            code="image_missing",
            params={"name": name[:100]},
        )


def load_photos(
    names: Sequence[str],
    *,
    folder: PhotoFolder,
    known: Mapping[str, ProductImage],
    stored: list[FieldFile] | None,
) -> list[ProductImage]:
    """Return the photos in order, each once: the known one where the bytes are the same.

    Args:
        names: paths as they stand in the catalogue file.
        known: the product's photos by the sha256 of the bytes they were made from.
        stored: the files of new photos are stored and added here; with None nothing is stored.

    Raises:
        ValidationError: the first reason why a photo is refused; then none of them is stored.
    """
    images: dict[str, ProductImage] = {}
    cleaned: dict[str, CleanImage] = {}
    for name in names:
        source = _read(folder.find(name), name)
        sha256 = hashlib.sha256(source).hexdigest()
        # Bytes that were accepted once need no second look: this makes the second run fast.
        if sha256 in known:
            images[sha256] = known[sha256]
        elif sha256 not in images:
            clean = _clean(source, name)
            cleaned[sha256] = clean
            images[sha256] = ProductImage(sha256=sha256, width=clean.width, height=clean.height)
    if stored is not None:
        for sha256, clean in cleaned.items():
            file = images[sha256].file
            file.save("", ContentFile(clean.content), save=False)
            stored.append(file)
    return list(images.values())


@contextlib.contextmanager
def stored_files() -> Iterator[list[FieldFile]]:
    """Collect stored files; delete those still collected when the block fails.

    Clear the list once the rows that name the files are committed.
    """
    stored: list[FieldFile] = []
    try:
        yield stored
    except BaseException:
        for file in stored:
            file.storage.delete(file.name or "")
        raise


def _read(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than allowed is enough to be refused.
            return file.read(max_upload_bytes() + 1)
    except OSError as error:
        raise ValidationError(
            _("The photo “%(name)s” cannot be read: %(reason)s."),
            code="image_unreadable",
            params={"name": name[:100], "reason": error.strerror},
        ) from error


def _clean(source: bytes, name: str) -> CleanImage:
    try:
        return clean_upload(ContentFile(source))
    except ValidationError as error:
        raise ValidationError(
            "%(name)s: %(reason)s",
            code=error.code,
            params={"name": name[:100], "reason": error.messages[0]},
        ) from error


def _outside(name: str) -> ValidationError:
    return ValidationError(
        _("“%(name)s” leads out of the folder of the photos."),
        code="image_outside_folder",
        params={"name": name[:100]},
    )
