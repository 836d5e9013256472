"""ZIP files, held to limits before anything is unpacked; for the sources of the importer.

What is refused, and why: https://owasp.org/www-community/vulnerabilities/Zip_Slip and David
Fifield, "A better zip bomb" (2019): names that lead elsewhere, links, encrypted entries, archives
within archives, too many entries, entries that share bytes, and such that unpack to too much.
"""

from __future__ import annotations

import shutil
import stat
import threading
import unicodedata
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Final, Self
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from products.importing.records import CatalogueImportError

MAX_ENTRIES: Final = 200_000
MAX_BYTES: Final = 16 * 1024**3
MAX_RATIO: Final = 200
"""Photos hardly shrink and tables do by 20; Excel's repetitive sheets by 100 at most."""
# Below this an entry is harmless whatever its ratio.
SMALL_BYTES: Final = 4 * 1024 * 1024
METHODS: Final = (ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2)
ARCHIVES: Final = (
    *(".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".jar", ".apk"),
    *(".cab", ".iso", ".lz", ".lzma", ".zst", ".z"),
)
READ_FAULTS: Final = (
    *(BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error),
)
_BLOCK: Final = 1 << 20
_ENCRYPTED: Final = 0x1


class Archive:
    """A ZIP whose directory was found harmless. Close it, or use it in a ``with`` statement.

    Args:
        max_bytes: what all of it may unpack to.
        is_workbook: of Excel, in which files that packers leave behind are of no interest.

    Raises:
        CatalogueImportError: the code says what is wrong with it.
    """

    def __init__(
        self, path: Path, *, name: str, max_bytes: int = MAX_BYTES, is_workbook: bool = False
    ) -> None:
        self._name = name
        self._lock = threading.Lock()
        try:
            self._zip = ZipFile(path)
        except READ_FAULTS as error:
            raise self._damaged() from error
        try:
            self.entries: Mapping[str, ZipInfo] = self._checked(max_bytes, is_workbook)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def read(self, entry: ZipInfo, *, limit: int) -> bytes:
        """Return the bytes of an entry, at most one more than ``limit``; from any thread.

        Raises:
            CatalogueImportError: ``archive_damaged``.
        """
        try:
            with self._lock, self._zip.open(entry) as file:
                return file.read(limit + 1)
        except READ_FAULTS as error:
            raise self._damaged() from error

    def unpack(self, entry: ZipInfo, *, to: Path) -> Path:
        """Write an entry to a file and return it; never more than the directory announced.

        Raises:
            CatalogueImportError: ``archive_damaged``.
        """
        try:
            with self._zip.open(entry) as source, to.open("wb") as target:
                self._copy(source, target, size=entry.file_size)
        except READ_FAULTS as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # The disk is full: no fault of the archive.
            raise self._damaged() from error
        return to

    def _copy(self, source: IO[bytes], target: IO[bytes], *, size: int) -> None:
        shutil.copyfileobj(source, target, _BLOCK)
        if target.tell() != size:
            raise self._damaged()

    def _checked(self, max_bytes: int, is_workbook: bool) -> dict[str, ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES:
            raise CatalogueImportError(
                "archive_too_many_entries",
                _("“%(file)s” holds more than %(limit)s files. Split it.")
                % {"file": self._name, "limit": MAX_ENTRIES},
            )
        if sum(info.file_size for info in infos) > max_bytes:
            raise CatalogueImportError(
                "archive_too_large",
                _("“%(file)s” unpacks to more than %(limit)s MB. Split it.")
                % {"file": self._name, "limit": max_bytes // 2**20},
            )
        self._check_overlaps(infos)
        kept: dict[str, ZipInfo] = {}
        for info in infos:
            self._check(info, is_workbook)
            path = PurePosixPath(info.filename)
            # What macOS and Windows put beside the files that people see.
            is_hidden = path.name.startswith(".") or path.parts[:1] == ("__MACOSX",)
            if not info.is_dir() and not (is_hidden or path.name in {"Thumbs.db", "desktop.ini"}):
                kept[unicodedata.normalize("NFC", str(path))] = info
        return kept

    def _check(self, info: ZipInfo, is_workbook: bool) -> None:
        name = info.filename
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or ":" in name:
            raise self._refusal("archive_path", _("leads out of the archive"), info)
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise self._refusal("archive_link", _("is a link or a device"), info)
        if info.flag_bits & _ENCRYPTED:
            raise self._refusal("archive_encrypted", _("is encrypted"), info)
        if info.compress_type not in METHODS:
            raise self._refusal("archive_method", _("is packed in a way we cannot read"), info)
        if path.suffix.lower() in ARCHIVES and not is_workbook:
            raise self._refusal("archive_nested", _("is an archive itself"), info)
        is_large = info.file_size > SMALL_BYTES
        if is_large and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise self._refusal("archive_bomb", _("unpacks to far more than it should"), info)

    def _check_overlaps(self, infos: list[ZipInfo]) -> None:
        """Refuse entries that share bytes: how a small file unpacks to petabytes."""
        end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            if info.header_offset < end:
                raise self._refusal("archive_bomb", _("shares its bytes with another file"), info)
            end = info.header_offset + info.compress_size

    def _refusal(self, code: str, reason: str, info: ZipInfo) -> CatalogueImportError:
        shown = info.filename[:100].encode(errors="replace").decode().replace("\0", "\ufffd")
        return CatalogueImportError(
            code,
            _("“%(entry)s” in “%(file)s” %(reason)s.")
            % {"entry": shown, "file": self._name, "reason": reason},
        )

    def _damaged(self) -> CatalogueImportError:
        return CatalogueImportError(
            "archive_damaged",
            _("“%(file)s” is damaged, or no ZIP file. Pack it again.") % {"file": self._name},
        )
