"""Catalogue files of every format behind one door; ``products.importers`` opens them here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from django.utils.translation import gettext as _

from products.importing.archive import Archive
from products.importing.photo_sources import (
    ArchivePhotos,
    ChainedPhotos,
    NoPhotos,
    PhotoSource,
)
from products.importing.records import CatalogueImportError, Table
from products.importing.sources.csv_table import CsvTable
from products.importing.sources.json_lines import JsonLinesTable
from products.importing.sources.merchant_feed import MerchantFeed
from products.importing.sources.photo_names import PhotoNamesTable
from products.importing.sources.xlsx_table import XlsxTable

ZIP: Final = ".zip"
_TABLES: Final[Mapping[str, Callable[..., Table]]] = {
    ".csv": CsvTable,
    ".tsv": CsvTable,
    ".txt": CsvTable,
    ".xlsx": XlsxTable,
    ".xlsm": XlsxTable,
    ".jsonl": JsonLinesTable,
    ".ndjson": JsonLinesTable,
    ".xml": MerchantFeed,
}
SUFFIXES: Final = (*_TABLES, ZIP)


@dataclass(frozen=True)
class Source:
    """What there is to import: a table, and where the photos that it names are."""

    table: Table
    photos: PhotoSource


@contextmanager
def open_source(
    path: Path, *, name: str = "", photos: PhotoSource | None = None
) -> Iterator[Source]:
    """Open a catalogue file for as long as the block lasts.

    Args:
        path: the file; nothing is written beside it.
        name: what its owner calls it; the suffix tells the format.
        photos: where photos are; those that a ZIP brings along go before them.

    Raises:
        CatalogueImportError: it is missing, empty, damaged, dangerous, or of no known format.
    """
    name = name or str(path)
    if not path.is_file():
        raise CatalogueImportError(
            "file_missing", _("There is no file “%(file)s”.") % {"file": name}
        )
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ZIP:
        with _opened_archive(path, name, photos) as source:
            yield source
    else:
        yield Source(_open_table(path, name), photos or NoPhotos())


def _open_table(path: Path, name: str) -> Table:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in {".xls", ".ods", ".numbers", ".json", ".pdf"}:
        raise CatalogueImportError(
            "unknown_format",
            _("“%(file)s” is of a format we cannot read. Save it as .xlsx or as “CSV UTF-8”.")
            % {"file": name},
        )
    # Whatever its name says else is tried as a CSV file, which says best what is wrong with it.
    return _TABLES.get(suffix, CsvTable)(path, name=name)


@contextmanager
def _opened_archive(path: Path, name: str, photos: PhotoSource | None) -> Iterator[Source]:
    def beside(folder: str) -> PhotoSource:
        own = ArchivePhotos(archive, beside=folder)
        return ChainedPhotos(own, photos) if photos else own

    with ExitStack() as stack:
        archive = stack.enter_context(Archive(path, name=name))
        tables = [
            entry for entry in archive.entries if PurePosixPath(entry).suffix.lower() in _TABLES
        ]
        if len(tables) > 1:
            raise CatalogueImportError(
                "archive_several_tables",
                _("“%(file)s” holds several tables: %(tables)s. Leave one in it.")
                % {"file": name, "tables": ", ".join(table[:40] for table in tables[:5])},
            )
        if not tables:
            table: Table = PhotoNamesTable(archive.entries)
            if next(table.records(), None) is None:
                raise CatalogueImportError(
                    "archive_empty",
                    _("“%(file)s” holds neither a table nor photos.") % {"file": name},
                )
            yield Source(table, beside("."))
            return
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="kfashion-import-")))
        suffix = PurePosixPath(tables[0]).suffix.lower()
        unpacked = archive.unpack(archive.entries[tables[0]], to=folder / f"table{suffix}")
        parent = str(PurePosixPath(tables[0]).parent)
        yield Source(_open_table(unpacked, tables[0]), beside(parent))
