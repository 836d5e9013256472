"""Imports a catalogue file with its photos in one go; called by the import_products command.

What staff send through the admin or the API goes the same way, step by step, as a job: see
``products.import_jobs``.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from products.importing.columns import Columns, fingerprint_header
from products.importing.engine import Chunk, Engine
from products.importing.ledger import Ledger
from products.importing.photo_sources import PhotoFolder
from products.importing.photos import StoredFile
from products.importing.records import CatalogueImportError, Table
from products.importing.remote_photos import with_addresses
from products.importing.sources import Source, open_source
from products.models import CatalogueImport, ColumnMapping
from styles.catalogue import OnProgress

__all__ = ["CatalogueImportError", "ImportResult", "RowError", "import_catalogue"]

CHUNK_ROWS: Final = 2000
"""Rows in one transaction: what a crash can cost, and what memory holds."""
CHUNK_ROWS_WITH_PHOTOS: Final = 500
_LOCK_KEY: Final = 0x6B66_6173_6869_6F6E  # "kfashion" in ASCII; any fixed number would do


@dataclass(frozen=True)
class RowError:
    """Why a row was not imported; ``row`` is its number in a spreadsheet, the header being 1."""

    row: int
    sku: str
    code: str
    message: str


@dataclass
class ImportResult:
    """What an import came to, in rows; photos are counted apart. ``errors`` are in row order."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    images_added: int = 0
    images_removed: int = 0
    errors: list[RowError] = field(default_factory=list)

    def count(self, chunk: Chunk) -> None:
        """Add what came of a chunk, before it is saved."""
        changed = chunk.changed
        created = sum(draft.is_new for draft in changed)
        self.created += created
        self.updated += len(changed) - created
        self.unchanged += chunk.known_at_sight + len(chunk.drafts) - len(changed)
        self.images_added += sum(len(draft.new_photos) for draft in changed)
        self.images_removed += sum(len(draft.dropped_photos) for draft in changed)
        self.failed += len(chunk.refused)
        self.errors += [
            RowError(refusal.record.number, refusal.sku, refusal.code, refusal.message)
            for refusal in chunk.refused
        ]


def import_catalogue(
    file: Path,
    *,
    images: Path | None = None,
    dry_run: bool = False,
    demo_prices: bool = False,
    on_progress: OnProgress | None = None,
) -> ImportResult:
    """Create and update products from a file of any format; call it outside a transaction.

    Rows are committed in chunks of ``CHUNK_ROWS``. After an interruption, run it again: what is
    done already is found unchanged. Fields without a column keep their values; products without a
    row stay. New photos are queued for embedding. The import is noted, so that it can be undone.

    Args:
        file: see ``products.importing.sources``; English or Korean headers in any order.
        images: the folder that photo paths start from; that of the file if None.
        dry_run: count and check everything, photos too, but store nothing.
        demo_prices: make up a price in won, and a stock, for products without a price.

    Raises:
        CatalogueImportError: nothing can be imported: file, folder or header are at fault, or
            another import is running.
    """
    result = ImportResult()
    if not file.is_file():
        raise CatalogueImportError(
            "file_missing", _("There is no file “%(file)s”.") % {"file": file}
        )
    photos = PhotoFolder(images or file.parent)
    with (
        open_source(file, photos=photos) as opened,
        with_addresses(opened) as source,
        sole_import(),
    ):
        columns = recognise_columns(source.table)
        if next(source.table.records(), None) is None:
            raise no_rows(str(file))
        with contextlib.ExitStack() as stack:
            ledger = None if dry_run else stack.enter_context(_noted(file, source))

            def keep(chunk: Chunk, stored: list[StoredFile]) -> None:
                result.count(chunk)
                if ledger:
                    ledger.keep(chunk, stored)

            engine = Engine(source, columns, keep=keep, stores=not dry_run, demo_prices=demo_prices)
            size = min(CHUNK_ROWS, CHUNK_ROWS_WITH_PHOTOS) if columns.photos else CHUNK_ROWS
            _run(engine, source.table, on_progress, size=size)
            if ledger:
                ledger.flush()
    result.errors.sort(key=lambda error: error.row)
    return result


def _run(engine: Engine, table: Table, on_progress: OnProgress | None, *, size: int) -> None:
    total = sum(1 for _record in table.records()) if on_progress else 0
    records = table.records()
    done = 0
    while chunk := list(islice(records, size)):
        for more in engine.take(chunk):
            done += more
            if on_progress:
                on_progress(done, total)


@contextlib.contextmanager
def _noted(file: Path, source: Source) -> Iterator[Ledger]:
    """Keep an account of an import, from which it can be undone, whatever becomes of it."""
    from products.importing.engine import Step

    noted = CatalogueImport.objects.create(
        file_name=file.name[-255:],
        format=source.table.format,
        header=list(source.table.header),
        state=CatalogueImport.State.IMPORTING,
        confirmed_at=timezone.now(),
    )
    ended = CatalogueImport.State.CANCELLED
    try:
        yield Ledger(noted, step=Step.WHOLE)
        ended = CatalogueImport.State.EMBEDDING
    finally:
        if not connection.in_atomic_block or not connection.needs_rollback:
            CatalogueImport.objects.filter(pk=noted.pk).update(
                state=ended, finished_at=timezone.now()
            )
    noted.refresh_from_db()
    noted.settle()


def recognise_columns(table: Table, *, mapping: dict[str, str] | None = None) -> Columns:
    """Return what the columns of a file mean, by what people said of them once, or else by name.

    Raises:
        CatalogueImportError: ``duplicate_column`` or ``sku_column_missing``.
    """
    if mapping is None:
        mapping = recall_mapping(table.header)
    columns = Columns.of(table.header, mapping=mapping)
    if columns.ambiguous:
        raise CatalogueImportError(
            "duplicate_column",
            _("The column “%(column)s” stands in the file twice. Rename or delete one.")
            % {"column": columns.ambiguous[:40]},
        )
    if "sku" not in columns.fields:
        raise CatalogueImportError(
            "sku_column_missing",
            _("No column holds the SKU: name one “sku”. The columns are: %(columns)s.")
            % {"columns": ", ".join(name.strip()[:40] for name in table.header[:20])},
        )
    return columns


def recall_mapping(header: tuple[str, ...]) -> dict[str, str]:
    """Return what people said of the columns of such a file; nothing where nobody did."""
    remembered = ColumnMapping.objects.filter(header_fingerprint=fingerprint_header(header))
    return remembered.values_list("mapping", flat=True).first() or {}


def no_rows(name: str) -> CatalogueImportError:
    """Return the refusal of a file that holds nothing to import."""
    return CatalogueImportError(
        "no_rows", _("“%(file)s” holds a header but no products.") % {"file": name}
    )


@contextlib.contextmanager
def sole_import(*, patience_seconds: float = 0) -> Iterator[None]:
    """Refuse to run beside another import of the same shop; the lock ends with the connection.

    Args:
        patience_seconds: how long to wait for the other: the lock of a killed process may outlive
            it by moments.

    Raises:
        CatalogueImportError: ``import_running``.
    """
    deadline = time.monotonic() + patience_seconds
    while not _is_locked():
        if time.monotonic() >= deadline:
            raise CatalogueImportError(
                "import_running", _("Another import is running. Try again when it has finished.")
            )
        time.sleep(0.1)
    try:
        yield
    finally:
        # Where the connection is beyond use, the lock has gone with it.
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])


def _is_locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK_KEY])
        return bool(cursor.fetchone() == (True,))
