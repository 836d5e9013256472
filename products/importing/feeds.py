"""Products that are missing from a file which names the whole catalogue; for ``import_jobs``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

from products.importing.sight import STATE
from products.models import CatalogueImport, Product

_MISSING: Final = """
    p.is_published AND NOT EXISTS (SELECT FROM feed_sku f WHERE f.sku = p.sku)
"""
_HIDE: Final = """
    INSERT INTO feed_hidden
    SELECT p.id FROM products_product p WHERE {missing}
""".replace("{missing}", _MISSING)
_NOTE: Final = """
    INSERT INTO products_importedproduct
        (catalogue_import_id, product_id, sku, number, action, changes, state_digest, undo)
    SELECT %s, p.id, p.sku, 0, 'hidden', '{"is_published": [true, false]}'::jsonb, {state}, ''
    FROM feed_hidden h JOIN products_product p ON p.id = h.id
    ON CONFLICT (catalogue_import_id, product_id) DO NOTHING
""".replace("{state}", STATE)


def count_missing(skus: Collection[str]) -> int:
    """Return how many products that shoppers see are not among these SKUs."""
    with _known_skus(skus), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM products_product p WHERE {missing}".replace("{missing}", _MISSING)
        )
        (missing,) = cursor.fetchone()
    return int(missing)


def hide_missing(catalogue_import: CatalogueImport, skus: Collection[str]) -> int:
    """Hide the products that are not among these SKUs, and note it; return how many.

    Nothing is hidden, and 0 returned, where it would be most of the shop and nobody allowed that.
    """
    with _known_skus(skus), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE feed_hidden (id bigint) ON COMMIT DROP")
        cursor.execute(_HIDE)
        cursor.execute("SELECT count(*) FROM feed_hidden")
        (missing,) = cursor.fetchone()
        if is_most(missing) and not catalogue_import.may_hide_most:
            return 0
        cursor.execute(
            "UPDATE products_product SET is_published = false, updated_at = now() "
            "WHERE id IN (SELECT id FROM feed_hidden)"
        )
        cursor.execute(_NOTE, [catalogue_import.pk])
        CatalogueImport.objects.filter(pk=catalogue_import.pk).update(hidden=missing)
    return int(missing)


def is_most(missing: int) -> bool:
    """Whether so many products are more than half of those that shoppers see."""
    return 2 * missing > Product.objects.published().count()


@contextmanager
def _known_skus(skus: Collection[str]) -> Iterator[None]:
    """Have the SKUs in a table, within a transaction that takes it away again."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE feed_sku (sku text) ON COMMIT DROP")
            with cursor.copy("COPY feed_sku FROM STDIN") as copy:
                for sku in skus:
                    copy.write_row((sku,))
            cursor.execute("ANALYZE feed_sku")
        yield
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS feed_sku, feed_hidden")
