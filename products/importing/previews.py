"""What an import would do, counted and with examples; ``import_jobs`` makes it, pages show it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from products.importing.drafts import Draft
from products.importing.engine import Chunk
from products.importing.ledger import changed_fields, note_refusals
from products.importing.photos import StoredFile
from products.models import CatalogueImport

SHOWN_CHANGES: Final = 50
SHOWN_NEW: Final = 10
SHOWN_CHARACTERS: Final = 80


@dataclass
class Preview:
    """What would become of the rows of a file. Nothing of it is written to products.

    Attributes:
        changes: the first products that would change: row, SKU, and field -> before and after.
        new: the first products that would be created: row, SKU, name.
        codes: how many rows are refused by each code.
        missing: products that shoppers see and a whole catalogue does not name; None for others.
        columns: column -> what it stands for.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    photos_added: int = 0
    photos_removed: int = 0
    missing: int | None = None
    hides_most: bool = False
    changes: list[dict[str, Any]] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    columns: list[list[str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored with its import."""
        return asdict(self)


class PreviewCounter:
    """Counts the chunks of an engine that stores nothing, and keeps the refused rows."""

    def __init__(self, catalogue_import: CatalogueImport) -> None:
        self.preview = Preview()
        self._import = catalogue_import
        self._codes: Counter[str] = Counter()

    def keep(self, chunk: Chunk, stored: list[StoredFile]) -> None:
        """Count a chunk."""
        preview, changed = self.preview, chunk.changed
        created = sum(draft.is_new for draft in changed)
        preview.rows += len(chunk.records)
        preview.created += created
        preview.updated += len(changed) - created
        preview.unchanged += chunk.known_at_sight + len(chunk.drafts) - len(changed)
        preview.refused += len(chunk.refused)
        preview.photos_added += sum(len(draft.new_photos) for draft in changed)
        preview.photos_removed += sum(len(draft.dropped_photos) for draft in changed)
        self._codes.update(refusal.code for refusal in chunk.refused)
        preview.codes = dict(self._codes.most_common())
        for draft in changed:
            if draft.is_new and len(preview.new) < SHOWN_NEW:
                shown = {"row": draft.row.number, "sku": draft.row.sku, "name": draft.product.name}
                preview.new.append(shown)
            elif not draft.is_new and len(preview.changes) < SHOWN_CHANGES:
                preview.changes.append(_shown(draft))
        note_refusals(self._import, chunk)


def _shown(draft: Draft) -> dict[str, Any]:
    fields = {
        name: [_short(before), _short(after)]
        for name, (before, after) in changed_fields(draft).items()
    }
    if draft.photos is not None and draft.has_other_photos:
        fields["photos"] = [str(len(draft.known.photos)), str(len(draft.photos))]
    return {"row": draft.row.number, "sku": draft.row.sku, "fields": fields}


def _short(value: Any) -> Any:
    """Return a value as it is shown: attributes alone are more than a text."""
    if isinstance(value, dict):
        return {key: _short(part) for key, part in list(value.items())[:20]}
    if isinstance(value, list):
        return value
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
