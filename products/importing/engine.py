"""The way of records into the shop, a chunk at a time; ``importers`` and ``import_jobs`` drive it.

Each chunk is read, compared with what the shop has, its photos are loaded, and whoever drives the
engine is given what came of it, to save it or to count it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Final, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from products.importing.columns import Columns
from products.importing.drafts import Draft, Known, Taxonomy, draft_product
from products.importing.photos import StoredFile, hash_photos, load_photos, stored_files
from products.importing.records import Record
from products.importing.rows import ProductRow, photo_names, read_row, readable_sku
from products.importing.sight import RowDigests, load_photo_hashes, load_unchanged
from products.importing.sources import Source
from products.models import ProductImage

_MAX_THREADS: Final = 8
_BATCH: Final = 16

_T = TypeVar("_T")
_Photos = list[ProductImage] | ValidationError | None
"""The photos of a row, or why it cannot have them; None without such a column."""


class Step(Enum):
    """How much of each record is done in one go."""

    WHOLE = "whole"
    ROWS = "rows"
    PHOTOS = "photos"


@dataclass(frozen=True)
class Refusal:
    """Why a record was refused, in the active language."""

    record: Record
    sku: str
    code: str
    message: str


@dataclass
class Chunk:
    """What came of some records: each is refused, known at sight, or a draft.

    A draft need not change anything. With ``Step.PHOTOS``, records that were refused before, and
    those whose product has gone since, are in none of the three.
    """

    records: Sequence[Record]
    refused: list[Refusal] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    known_at_sight: int = 0
    skipped: frozenset[int] = frozenset()

    @property
    def changed(self) -> list[Draft]:
        """The drafts that change something."""
        return [draft for draft in self.drafts if draft.is_changed]


Keep = Callable[[Chunk, list[StoredFile]], None]


class Engine:
    """One run over a catalogue file.

    Args:
        keep: given each chunk, with the files stored for it; what it raises deletes them again.
        step: ``ROWS`` leaves photos alone, ``PHOTOS`` everything else.
        stores: whether new photos are stored; else they are only looked at.
        is_thorough: whether photos that are not stored are decoded to be sure of them.
        demo_prices: make up a price in won, and a stock, for products without a price.
    """

    def __init__(
        self,
        source: Source,
        columns: Columns,
        *,
        keep: Keep,
        step: Step = Step.WHOLE,
        stores: bool = True,
        is_thorough: bool = True,
        demo_prices: bool = False,
    ) -> None:
        self._columns = columns
        self._photos = source.photos
        self._keep = keep
        self._step = step
        self._stores = stores
        self._is_thorough = is_thorough
        self._draft = partial(
            draft_product,
            taxonomy=Taxonomy.load(),
            demo_prices=demo_prices,
            is_named_by_sku=source.table.format == "photos",
        )
        self._digests = RowDigests(source.table.header, columns, demo_prices)
        self.first_rows: dict[str, int] = {}
        self._refused_skus: set[str] = set()

    def take(
        self, records: Sequence[Record], *, skipped: frozenset[int] = frozenset()
    ) -> Iterator[int]:
        """Take a chunk through; yield how many more records are, as they are.

        Args:
            skipped: numbers of records of which nothing is to be done any more.
        """
        chunk = Chunk(records, skipped=skipped)
        drafts = self._drafts(chunk)
        yield len(records) - len(drafts)
        with stored_files() as stored:
            for draft, photos in self._photos_of(drafts, stored):
                if isinstance(photos, ValidationError):
                    self._refuse(chunk, draft.record, photos)
                else:
                    draft.photos = photos
                    chunk.drafts.append(draft)
                yield 1
            self._keep(chunk, stored)

    def pass_over(self, records: Sequence[Record], *, refused: frozenset[int]) -> None:
        """Note the SKUs of records that an earlier run is through with, and those it refused."""
        for record in records:
            if record.number in refused:
                self._refused_skus.add(self._sku(record))
            else:
                self.first_rows.setdefault(self._sku(record), record.number)

    def skus(self) -> set[str]:
        """Return the SKUs of all records so far, of refused ones as far as they can be read."""
        return self._refused_skus.union(self.first_rows)

    def _drafts(self, chunk: Chunk) -> list[Draft]:
        rows = self._rows_of_photos(chunk) if self._step is Step.PHOTOS else self._rows(chunk)
        known = Known.load([row.sku for row, _record, _digest in rows])
        drafts = []
        for row, record, digest in rows:
            try:
                if self._step is not Step.PHOTOS:
                    draft = self._draft(row, known.get(row.sku))
                elif row.sku in known:
                    draft = Draft(row, known[row.sku], is_new=False)
                else:
                    continue
                draft.digest, draft.record = digest, record
                drafts.append(draft)
            except ValidationError as error:
                self._refuse(chunk, record, error)
        return drafts

    def _rows(self, chunk: Chunk) -> list[tuple[ProductRow, Record, int]]:
        """Return the records that are to be looked at closely."""
        skus = [self._sku(record) for record in chunk.records]
        unchanged = load_unchanged(skus)
        alike = []
        rows = []
        for record, sku in zip(chunk.records, skus, strict=True):
            digest = self._digests.digest(record)
            is_alike = unchanged.get(sku) == digest and not record.error
            # Of two such rows the second is refused below.
            if is_alike and self.first_rows.setdefault(sku, record.number) == record.number:
                alike.append((record, sku, digest))
            else:
                rows += self._read(chunk, record, digest)
        exchanged = []
        if self._columns.photos and self._step is Step.WHOLE:
            exchanged = self._exchanged(alike)
        for record, _sku, digest in exchanged:
            rows += self._read(chunk, record, digest)
        chunk.known_at_sight = len(alike) - len(exchanged)
        return rows

    def _rows_of_photos(self, chunk: Chunk) -> list[tuple[ProductRow, Record, int]]:
        """Return the records that have other photos than their product."""
        records = [
            (record, self._sku(record), self._digests.digest(record))
            for record in chunk.records
            if record.number not in chunk.skipped
            and not record.error
            and photo_names(record, columns=self._columns)
        ]
        rows = []
        for record, _sku, digest in self._exchanged(records):
            rows += self._read(Chunk(()), record, digest)
        return rows

    def _exchanged(
        self, records: Sequence[tuple[Record, str, int]]
    ) -> list[tuple[Record, str, int]]:
        """Return the records that have other photos than their product, or photos at fault."""
        stored = load_photo_hashes([sku for _record, sku, _digest in records])
        names = [photo_names(record, columns=self._columns) for record, _sku, _digest in records]
        hashes_of = partial(hash_photos, source=self._photos, is_thorough=self._is_thorough)
        with ThreadPoolExecutor(_threads()) as pool:
            batches = pool.map(lambda batch: list(map(hashes_of, batch)), _batches(names))
            hashes = [found for batch in batches for found in batch]
        return [
            known
            for known, found in zip(records, hashes, strict=True)
            if found is None or stored.get(known[1]) != found
        ]

    def _read(
        self, chunk: Chunk, record: Record, digest: int
    ) -> list[tuple[ProductRow, Record, int]]:
        try:
            row = read_row(record, columns=self._columns)
            if self._step is not Step.PHOTOS:
                self._check_first(row)
            if self._step is Step.ROWS:
                for name in row.photos or ():
                    self._photos.check(name)
        except ValidationError as error:
            self._refuse(chunk, record, error)
            return []
        return [(row, record, digest)]

    def _check_first(self, row: ProductRow) -> None:
        first = self.first_rows.setdefault(row.sku, row.number)
        if first != row.number:
            raise ValidationError(
                _("Row %(first)s has the SKU “%(sku)s” already."),
                code="duplicate_sku",
                params={"first": first, "sku": row.sku},
            )

    def _photos_of(
        self, drafts: Sequence[Draft], stored: list[StoredFile]
    ) -> Iterator[tuple[Draft, _Photos]]:
        """Yield each draft with its photos, or with the reason why it cannot have them."""
        if self._step is Step.ROWS or not self._columns.photos:
            yield from ((draft, None) for draft in drafts)
            return
        load = partial(
            _load_all,
            load=partial(
                load_photos,
                source=self._photos,
                stored=stored if self._stores else None,
                is_thorough=self._is_thorough,
            ),
        )
        # A task for each row would spend the second run on handing rows from thread to thread.
        batches = _batches(drafts)
        with ThreadPoolExecutor(_threads()) as pool:
            try:
                for batch, outcomes in zip(batches, pool.map(load, batches), strict=True):
                    yield from zip(batch, outcomes, strict=True)
            except BaseException:
                # Waits for those that run: what they store must be in the list to be deleted.
                pool.shutdown(cancel_futures=True)
                raise

    def _sku(self, record: Record) -> str:
        return readable_sku(record, columns=self._columns)

    def _refuse(self, chunk: Chunk, record: Record, error: ValidationError) -> None:
        sku, code = self._sku(record), error.code or "invalid"
        self._refused_skus.add(sku)
        chunk.refused.append(Refusal(record, sku, code, error.messages[0]))


def _threads() -> int:
    return min(_MAX_THREADS, os.cpu_count() or 1)


def _batches(items: Sequence[_T]) -> list[Sequence[_T]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]


def _load_all(drafts: Sequence[Draft], *, load: Callable[..., list[ProductImage]]) -> list[_Photos]:
    outcomes: list[_Photos] = []
    for draft in drafts:
        known = {photo.sha256: photo for photo in draft.known.photos}
        names = draft.row.photos
        try:
            outcomes.append(None if names is None else load(names, known=known))
        except ValidationError as error:
            outcomes.append(error)
    return outcomes
