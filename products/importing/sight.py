"""Rows that are known at sight: the very cells a product was imported from, and it is unchanged.

This makes a second import fast: such a row is neither read nor compared. ``engine`` asks here, and
whoever saves a chunk has it remembered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Final

from django.db import connection

from products.importing.drafts import Draft
from products.importing.records import Record

STATE: Final = """hashtextextended(ROW(
    p.name, p.name_ko, p.brand, p.price, p.currency, p.stock, p.gender, p.category, p.colour, p.url,
    p.style_group_id, p.attributes, p.is_published,
    (SELECT string_agg(s.style_id::text, ',' ORDER BY s.style_id)
       FROM products_product_styles s WHERE s.product_id = p.id)
)::text, 0)"""
"""SQL for the digest of all that an import may change of the product ``p``, but for its photos."""

_UNCHANGED: Final = """
    SELECT p.sku, l.row_digest FROM products_product p
    JOIN products_lastimport l ON l.product_id = p.id
    WHERE p.sku = ANY(%s) AND l.state_digest = {state}
""".replace("{state}", STATE)
_REMEMBER: Final = """
    INSERT INTO products_lastimport (product_id, row_digest, state_digest)
    SELECT p.id, d.digest, {state}
    FROM jsonb_to_recordset(%s::jsonb) AS d (id bigint, digest bigint)
    JOIN products_product p ON p.id = d.id
    ON CONFLICT (product_id) DO UPDATE
    SET row_digest = EXCLUDED.row_digest, state_digest = EXCLUDED.state_digest
""".replace("{state}", STATE)

# A change of how rows are read must not leave products as the old way made them.
_READER: Final = "2"


class RowDigests:
    """Digests of records that mean the same under the same circumstances.

    Args:
        circumstances: whatever else decides what a row means: columns, options.
    """

    def __init__(self, *circumstances: object) -> None:
        digest = hashlib.blake2b(repr((_READER, *circumstances)).encode(errors="replace"))
        self._key = digest.digest()

    def digest(self, record: Record) -> int:
        """Return the digest of a record, of 64 bits with sign."""
        text = "\x1f".join(record.cells).encode(errors="surrogatepass")
        digest = hashlib.blake2b(text, digest_size=8, key=self._key).digest()
        return int.from_bytes(digest, "big", signed=True)


def load_unchanged(skus: Sequence[str]) -> dict[str, int]:
    """Return the row digests of products that are as their last import left them, by SKU."""
    with connection.cursor() as cursor:
        cursor.execute(
            _UNCHANGED,
            [list(skus)],
        )
        return dict(cursor.fetchall())


def load_photo_hashes(skus: Sequence[str]) -> dict[str, list[str]]:
    """Return the SHA-256 of products' photos in order, by SKU; products without one too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.sku, array_remove(array_agg(i.sha256 ORDER BY i.position, i.id), NULL) "
            "FROM products_product p LEFT JOIN products_productimage i ON i.product_id = p.id "
            "WHERE p.sku = ANY(%s) GROUP BY p.id",
            [list(skus)],
        )
        return dict(cursor.fetchall())


def remember(drafts: Collection[Draft]) -> None:
    """Note which row each product was read from. Call within the transaction that saves them."""
    if not drafts:
        return
    with connection.cursor() as cursor:
        rows = [{"id": draft.product.pk, "digest": draft.digest} for draft in drafts]
        cursor.execute(_REMEMBER, [json.dumps(rows)])
