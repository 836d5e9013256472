"""System checks of the products app; each says how to mend what it found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

OLDEST_PGVECTOR = (0, 8, 4)


@register(Tags.database)
def check_pgvector(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a pgvector with known index corruption or leaks (fixed by 0.8.4)."""
    errors: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "postgresql":
            errors.append(
                Error(
                    f"Database {alias!r} is {connection.vendor}, not PostgreSQL.",
                    hint="kfashion keeps embeddings in PostgreSQL with pgvector.",
                    id="products.E001",
                )
            )
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
            row = cursor.fetchone()
        if row and tuple(int(part) for part in row[0].split(".")) < OLDEST_PGVECTOR:
            errors.append(
                Error(
                    f"pgvector is {row[0]}, at least 0.8.4 is needed.",
                    hint="Install a newer pgvector and run ALTER EXTENSION vector UPDATE.",
                    id="products.E002",
                )
            )
    return errors
