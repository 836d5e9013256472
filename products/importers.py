"""Imports a catalogue file with its photos; called by the import_products command."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from products.importing.chunks import save_drafts
from products.importing.drafts import Draft, Known, Taxonomy, draft_product
from products.importing.files import CatalogueFile, CatalogueImportError, Record
from products.importing.photos import PhotoFolder, load_photos, stored_files
from products.importing.rows import ProductRow, read_row, readable_sku
from products.models import ProductImage
from styles.catalogue import OnProgress

__all__ = ["CatalogueImportError", "ImportResult", "RowError", "import_catalogue"]

CHUNK_ROWS: Final = 500
"""Rows in one transaction: what a crash can cost, and what memory holds."""
_MAX_THREADS: Final = 8
_BATCH: Final = 16
_LOCK_KEY: Final = 0x6B66_6173_6869_6F6E  # "kfashion" in ASCII; any fixed number would do

_Photos = list[ProductImage] | ValidationError | None
"""The photos of a row, or why it cannot have them; None without such a column."""


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


def import_catalogue(
    file: Path,
    *,
    images: Path | None = None,
    dry_run: bool = False,
    demo_prices: bool = False,
    on_progress: OnProgress | None = None,
) -> ImportResult:
    """Create and update products from a CSV file; call it outside a transaction.

    Rows are committed in chunks of ``CHUNK_ROWS``. After an interruption, run it again: what is
    done already is found unchanged. Fields without a column keep their values; products without a
    row stay. New photos are queued for embedding.

    Args:
        file: UTF-8; comma, semicolon or tab; English or Korean headers in any order.
        images: the folder that photo paths start from; that of the file if None.
        dry_run: count and check everything, photos too, but store nothing.
        demo_prices: make up a price in won, and a stock, for products without a price.

    Raises:
        CatalogueImportError: nothing can be imported: file, folder or header are at fault, or
            another import is running.
    """
    catalogue = CatalogueFile(file)
    folder = PhotoFolder(images or file.parent)
    with _sole_import():
        run = _Import(catalogue, folder=folder, dry_run=dry_run, demo_prices=demo_prices)
        total = catalogue.count() if on_progress else 0
        records = catalogue.records()
        done = 0
        while chunk := list(islice(records, CHUNK_ROWS)):
            for more in run.take(chunk):
                done += more
                if on_progress:
                    on_progress(done, total)
    if not done:
        raise CatalogueImportError(
            "no_rows", _("“%(file)s” holds a header but no products.") % {"file": file}
        )
    run.result.errors.sort(key=lambda error: error.row)
    return run.result


class _Import:
    """One run over a catalogue file, a chunk at a time."""

    def __init__(
        self, catalogue: CatalogueFile, *, folder: PhotoFolder, dry_run: bool, demo_prices: bool
    ) -> None:
        self.result = ImportResult()
        self._columns = catalogue.columns
        self._folder = folder
        self._dry_run = dry_run
        self._demo_prices = demo_prices
        self._taxonomy = Taxonomy.load()
        self._first_rows: dict[str, int] = {}

    def take(self, records: Sequence[Record]) -> Iterator[int]:
        """Import a chunk; yield how many more rows are through, as they are."""
        rows = self._read(records)
        drafts = self._draft(rows)
        yield len(records) - len(drafts)
        complete: list[Draft] = []
        with stored_files() as stored:
            for draft, photos in self._photos_of(drafts, stored):
                if isinstance(photos, ValidationError):
                    self._refuse(draft.row.number, draft.row.sku, photos)
                else:
                    draft.photos = photos
                    complete.append(draft)
                yield 1
            self._count(complete)
            changed = [draft for draft in complete if draft.is_changed]
            if changed and not self._dry_run:
                save_drafts(changed, stored=stored)

    def _read(self, records: Sequence[Record]) -> list[ProductRow]:
        rows = []
        for record in records:
            try:
                row = read_row(record, columns=self._columns)
                self._check_first(row)
                rows.append(row)
            except ValidationError as error:
                sku = readable_sku(record, columns=self._columns)
                self._refuse(record.number, sku, error)
        return rows

    def _check_first(self, row: ProductRow) -> None:
        first = self._first_rows.setdefault(row.sku, row.number)
        if first != row.number:
            raise ValidationError(
                _("Row %(first)s has the SKU “%(sku)s” already."),
                code="duplicate_sku",
                params={"first": first, "sku": row.sku},
            )

    def _draft(self, rows: Sequence[ProductRow]) -> list[Draft]:
        known = Known.load([row.sku for row in rows])
        drafts = []
        for row in rows:
            try:
                drafts.append(
                    draft_product(
                        row,
                        known.get(row.sku),
                        taxonomy=self._taxonomy,
                        demo_prices=self._demo_prices,
                    )
                )
            except ValidationError as error:
                self._refuse(row.number, row.sku, error)
        return drafts

    def _photos_of(
        self, drafts: Sequence[Draft], stored: list[FieldFile]
    ) -> Iterator[tuple[Draft, _Photos]]:
        """Yield each draft with its photos, or with the reason why it cannot have them."""
        load = partial(_load_photos, folder=self._folder, stored=None if self._dry_run else stored)
        # A task for each row would spend the second run on handing rows from thread to thread.
        batches = [drafts[start : start + _BATCH] for start in range(0, len(drafts), _BATCH)]
        with ThreadPoolExecutor(min(_MAX_THREADS, os.cpu_count() or 1)) as pool:
            try:
                for batch, outcomes in zip(batches, pool.map(load, batches), strict=True):
                    yield from zip(batch, outcomes, strict=True)
            except BaseException:
                # Waits for those that run: what they store must be in the list to be deleted.
                pool.shutdown(cancel_futures=True)
                raise

    def _count(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            self.result.created += draft.is_new
            self.result.updated += draft.is_changed and not draft.is_new
            self.result.unchanged += not draft.is_changed
            self.result.images_added += len(draft.new_photos)
            self.result.images_removed += len(draft.dropped_photos)

    def _refuse(self, number: int, sku: str, error: ValidationError) -> None:
        self.result.failed += 1
        code = error.code or "invalid"
        self.result.errors.append(RowError(number, sku, code, error.messages[0]))


def _load_photos(
    drafts: Sequence[Draft], *, folder: PhotoFolder, stored: list[FieldFile] | None
) -> list[_Photos]:
    outcomes: list[_Photos] = []
    for draft in drafts:
        known = {photo.sha256: photo for photo in draft.known.photos}
        names = draft.row.photos
        try:
            outcomes.append(
                None
                if names is None
                else load_photos(names, folder=folder, known=known, stored=stored)
            )
        except ValidationError as error:
            outcomes.append(error)
    return outcomes


@contextlib.contextmanager
def _sole_import() -> Iterator[None]:
    """Refuse to run beside another import of the same shop; the lock ends with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK_KEY])
        if cursor.fetchone() != (True,):
            raise CatalogueImportError(
                "import_running", _("Another import is running. Try again when it has finished.")
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])
