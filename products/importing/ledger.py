"""What an import did, in rows, written in the transaction that does it; for who runs an import."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import F
from django.db.models.fields.files import FieldFile

from products.importing.chunks import save_drafts
from products.importing.drafts import Draft
from products.importing.engine import Chunk, Step
from products.importing.photos import StoredFile
from products.importing.sight import STATE, remember
from products.importing.undo import restore
from products.models import CatalogueImport, ImportedProduct, ProductImage, RefusedRow
from products.models.catalogue_import import import_storage
from styles.exceptions import JobError

_CELLS_KEPT: Final = 500
_FLUSH_ROWS: Final = 20_000
_NOTE: Final = """
    INSERT INTO products_importedproduct
        (catalogue_import_id, product_id, sku, number, action, changes, state_digest, undo)
    SELECT %s, p.id, p.sku, d.number, d.action, d.changes, {state}, ''
    FROM jsonb_to_recordset(%s::jsonb) AS d (id bigint, number int, action text, changes jsonb)
    JOIN products_product p ON p.id = d.id
    ON CONFLICT (catalogue_import_id, product_id) DO UPDATE
    SET changes = products_importedproduct.changes || EXCLUDED.changes,
        state_digest = EXCLUDED.state_digest
    RETURNING xmax = 0
""".replace("{state}", STATE)


class Ledger:
    """Saves the chunks of one import, each with what it changed, and how far the import is.

    Args:
        catalogue_import: its row; its counts are those in the database after each chunk.
        step: what the chunks are of; says which of its two counts goes on.
    """

    def __init__(self, catalogue_import: CatalogueImport, *, step: Step) -> None:
        self._import = catalogue_import
        self._step = step
        self._progress = "photos_done" if step is Step.PHOTOS else "rows_done"
        self._pending: Counter[str] = Counter()

    def keep(self, chunk: Chunk, stored: list[StoredFile]) -> None:
        """Save a chunk: all of it, or nothing where something goes wrong.

        Raises:
            JobError: another process has brought the import on in the meantime.
        """
        # Beforehand: saving makes new photos old ones.
        changed = chunk.changed
        if not (changed or chunk.drafts or chunk.refused):
            self._pending.update(
                {self._progress: len(chunk.records), "unchanged": chunk.known_at_sight}
            )
            if self._pending[self._progress] >= _FLUSH_ROWS:
                self.flush()
            return
        noted = [self._changes(draft, stored) for draft in changed]
        counts = {
            self._progress: len(chunk.records),
            "refused": len(chunk.refused),
            "photos_added": sum(len(draft.new_photos) for draft in changed),
            "photos_removed": sum(len(draft.dropped_photos) for draft in changed),
        }

        def note() -> None:
            new = self._note_changes(changed, noted)
            if self._step is Step.PHOTOS:
                more = self._count_photos(chunk, new=new)
            else:
                remember(chunk.drafts)
                more = _count_rows(chunk, changed)
            note_refusals(self._import, chunk)
            total = Counter(counts)
            total.update(self._pending)
            total.update(more)
            self._count(total)

        save_drafts(changed, stored=stored, beforehand=self._claim, afterwards=note)
        self._pending.clear()
        self._import.refresh_from_db()

    def flush(self) -> None:
        """Save how far the import is; of rows that are known at sight, many are counted at once."""
        if self._pending:
            with transaction.atomic():
                self._claim()
                self._count(self._pending)
            self._pending.clear()
            self._import.refresh_from_db()

    def _count(self, counts: Mapping[str, int]) -> None:
        CatalogueImport.objects.filter(pk=self._import.pk).update(
            **{name: F(name) + count for name, count in counts.items() if count}
        )

    def _claim(self) -> None:
        expected = getattr(self._import, self._progress)
        rows = CatalogueImport.objects.select_for_update().filter(pk=self._import.pk)
        if rows.values_list(self._progress, flat=True).first() != expected:
            raise JobError(f"Import {self._import.pk} was taken over by another process.")

    def _count_photos(self, chunk: Chunk, *, new: int) -> dict[str, int]:
        """Take back the rows whose photos are refused; return how the counts of rows change.

        Args:
            new: products that are changed by their photos alone: till now they were left alone.
        """
        created, updated = self._take_back([refusal.sku for refusal in chunk.refused])
        return {
            "created": -created,
            "updated": new - updated,
            "unchanged": created + updated - len(chunk.refused) - new,
        }

    def _note_changes(self, drafts: Sequence[Draft], changes: Sequence[dict[str, Any]]) -> int:
        """Note what was changed; return of how many products nothing was noted before."""
        if not drafts:
            return 0
        with connection.cursor() as cursor:
            rows = [
                {
                    "id": draft.product.pk,
                    "number": draft.row.number,
                    "action": "created" if draft.is_new else "updated",
                    "changes": each,
                }
                for draft, each in zip(drafts, changes, strict=True)
            ]
            cursor.execute(_NOTE, [self._import.pk, json.dumps(rows)])
            return sum(is_new for (is_new,) in cursor.fetchall())

    def _changes(self, draft: Draft, stored: list[StoredFile]) -> dict[str, Any]:
        changes = changed_fields(draft)
        if draft.photos is not None and draft.has_other_photos:
            dropped = {photo.pk for photo in draft.dropped_photos}
            changes["photos"] = [
                [
                    {
                        "sha256": photo.sha256,
                        "width": photo.width,
                        "height": photo.height,
                        "file": _keep_file(photo, stored) if photo.pk in dropped else "",
                    }
                    for photo in draft.known.photos
                ],
                [photo.sha256 for photo in draft.photos],
            ]
        return changes

    def _take_back(self, skus: Collection[str]) -> tuple[int, int]:
        """Undo what was done for rows whose photos are refused: they change nothing at all.

        Returns:
            How many of them were created, and how many were changed.
        """
        noted = list(
            ImportedProduct.objects.filter(catalogue_import=self._import, sku__in=skus).exclude(
                action=ImportedProduct.Action.HIDDEN
            )
        )
        restore(noted)
        ImportedProduct.objects.filter(pk__in=[each.pk for each in noted]).delete()
        created = sum(each.action == ImportedProduct.Action.CREATED for each in noted)
        return created, len(noted) - created


def _count_rows(chunk: Chunk, changed: Sequence[Draft]) -> dict[str, int]:
    created = sum(draft.is_new for draft in changed)
    return {
        "created": created,
        "updated": len(changed) - created,
        "unchanged": chunk.known_at_sight + len(chunk.drafts) - len(changed),
    }


def changed_fields(draft: Draft) -> dict[str, Any]:
    """Return field -> values before and after, as JSON-able values; nothing of a new product."""
    if draft.is_new:
        return {}
    changes: dict[str, Any] = {
        name: [_plain(before), _plain(getattr(draft.product, name))]
        for name, before in draft.before.items()
    }
    if draft.style_ids is not None:
        changes["styles"] = [sorted(draft.known.style_ids), sorted(draft.style_ids)]
    return changes


def note_refusals(catalogue_import: CatalogueImport, chunk: Chunk) -> None:
    """Keep the refused rows of a chunk with their cells, each once."""
    RefusedRow.objects.bulk_create(
        (
            RefusedRow(
                catalogue_import=catalogue_import,
                number=refusal.record.number,
                sku=refusal.sku,
                code=refusal.code,
                message=refusal.message,
                cells=[_storable(cell) for cell in refusal.record.cells[:_CELLS_KEPT]],
            )
            for refusal in chunk.refused
        ),
        ignore_conflicts=True,
    )


def _storable(cell: str) -> str:
    """Return a cell as text that PostgreSQL keeps."""
    text = cell.encode(errors="surrogateescape").decode(errors="replace")
    return text.replace("\0", "\ufffd")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _keep_file(photo: ProductImage, stored: list[StoredFile]) -> str:
    """Return the name under which a photo is kept for an undo, or "" where its file is gone."""
    try:
        with photo.file.open("rb") as file:
            content = file.read()
    except FileNotFoundError:
        return ""
    storage = import_storage()
    name = storage.save(f"photos/{photo.sha256}.jpg", ContentFile(content))
    kept = FieldFile(photo, photo._meta.get_field("file"), name)
    kept.storage = storage
    stored.append(kept)
    return name
