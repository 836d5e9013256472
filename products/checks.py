"""System checks of the products app: is the database good enough? Each says how to mend it.

``migrate`` runs them, and ``manage.py check --database default``; without a database they are
silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from products.models import ProductEmbedding
from styles.models import EMBEDDING_DIM

OLDEST_PGVECTOR = (0, 8, 4)
# What brings each extension to the machine, and who may then create it in a database.
SOURCES = {
    "vector": "Install pgvector 0.8.4 or later for this PostgreSQL (Debian and Ubuntu: the package "
    "postgresql-NN-pgvector; else see https://github.com/pgvector/pgvector)",
    "pg_trgm": "Install PostgreSQL's own additional modules (the package postgresql-contrib, where "
    "they are apart)",
}
CREATORS = {
    "vector": "a superuser, or on a hosted database the role that its operator names",
    "pg_trgm": "the owner of the database",
}

# What creates each, so that a database of an older shop is not refused before it can be migrated.
MIGRATIONS = {"vector": "0001_catalogue_and_searches", "pg_trgm": "0004_exchanged_photos"}


@register(Tags.database)
def check_database(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a database without the extensions, or with those known to lose rows."""
    return [message for alias in databases or () for message in _check(alias)]


def _check(alias: str) -> Iterator[CheckMessage]:
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield Error(
            f"Database {alias!r} is {connection.vendor}, not PostgreSQL.",
            hint="kfashion keeps embeddings in PostgreSQL with pgvector: have DATABASE_URL begin "
            "with postgresql://.",
            id="products.E001",
        )
        return
    yield from _check_pgvector(connection)
    applied = _migrations(connection)
    for extension, migration in MIGRATIONS.items():
        yield from _check_extension(connection, extension, is_migrated=migration in applied)
    if MIGRATIONS["vector"] in applied:
        yield from _check_width(connection)


def _check_pgvector(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    """Yield an error for a pgvector whose indexes lose rows (fixed by 0.8.4)."""
    created, available = _versions(connection, "vector")
    version = created or available
    if version is None or _parsed(version) >= OLDEST_PGVECTOR:
        return
    newer = ".".join(map(str, OLDEST_PGVECTOR))
    is_at_hand = available is not None and _parsed(available) >= OLDEST_PGVECTOR
    first = "" if is_at_hand else f"{SOURCES['vector']}. Then "
    yield Error(
        f"pgvector is {version}, at least {newer} is needed: older ones build indexes that miss "
        "rows.",
        hint=f"{first}{'r' if first else 'R'}un `ALTER EXTENSION vector UPDATE` in the database "
        f"as {CREATORS['vector']}, and build the index anew: `REINDEX TABLE CONCURRENTLY "
        f"{ProductEmbedding._meta.db_table}`.",
        id="products.E002",
    )


def _check_extension(
    connection: BaseDatabaseWrapper, extension: str, *, is_migrated: bool
) -> Iterator[CheckMessage]:
    """Yield an error where an extension is missing and `migrate` will not, or cannot, create it."""
    created, available = _versions(connection, extension)
    if created is not None or (available is not None and not is_migrated):
        return
    first = "" if available is not None else f"{SOURCES[extension]}. Then "
    yield Error(
        f"The extension {extension} is missing from database {connection.alias!r}.",
        hint=f"{first}{'r' if first else 'R'}un `CREATE EXTENSION {extension}` in the database; "
        f"{CREATORS[extension]} may do that.",
        id="products.E003" if extension == "vector" else "products.E004",
    )


def _check_width(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    """Yield an error where the column holds vectors of another width than the models make."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = to_regclass(%s) AND attname = 'embedding' AND NOT attisdropped",
            [ProductEmbedding._meta.db_table],
        )
        row = cursor.fetchone()
    expected = f"halfvec({EMBEDDING_DIM})"
    received = row[0] if row else "missing"
    if received != expected:
        yield Error(
            f"The column embedding is {received}, and {expected} is expected.",
            hint="The width is part of the schema: it was changed by hand, or the database belongs "
            "to another release. Run `manage.py migrate`; if that does not help, migrate products "
            "back to `zero` and forth again, import the catalogue and embed it anew.",
            id="products.E005",
        )


def _versions(connection: BaseDatabaseWrapper, extension: str) -> tuple[str | None, str | None]:
    """Return the version of an extension in the database, and of the one on the machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT installed_version, default_version FROM pg_available_extensions "
            "WHERE name = %s",
            [extension],
        )
        row = cursor.fetchone()
        if row is not None:
            return row[0], row[1]
        # Its files may be gone from the machine while the database still has it.
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = %s", [extension])
        row = cursor.fetchone()
    return (row[0] if row else None), None


def _parsed(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _migrations(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of this app's migrations that the database has gone through."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {name for app, name in applied if app == "products"}
