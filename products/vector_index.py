"""The partition and the HNSW index of each model version's embeddings: made, built and dropped.

A partition comes with its model version's row. Its index is built when the version is put into
service, at once over all vectors, which takes a tenth of the time that growing it row by row takes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from products.models import ProductEmbedding
from styles.models import ModelVersion

OnProgress = Callable[[int, int], None]
"""Called with how many blocks or vectors are done and how many there are."""

TABLE = ProductEmbedding._meta.db_table
# Neighbours of a vector in the graph, and candidates weighed for them: pgvector's defaults.
M = 16
EF_CONSTRUCTION = 64
# What a vector of 256 half floats and its neighbours take while the graph is built: 1.0 KB were
# measured. A graph that outgrows its memory is finished on disk, and takes ten times as long.
BUILD_BYTES_PER_VECTOR = 1_200
LEAST_BUILD_BYTES = 64 << 20
MOST_BUILD_BYTES = 4 << 30
POLL_SECONDS = 0.2


def partition_name(model_version: ModelVersion) -> str:
    """Return the name of the table that holds a version's embeddings."""
    return f"{TABLE}_v{int(model_version.pk)}"


def index_name(model_version: ModelVersion) -> str:
    """Return the name of the HNSW index over a version's embeddings."""
    return f"embedding_hnsw_v{int(model_version.pk)}"


def prepare(model_version: ModelVersion) -> None:
    """Make the partition for a version's embeddings, unless it stands already.

    Made as a table and then attached, which locks nobody out, as ``PARTITION OF`` would.
    """
    partition = partition_name(model_version)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {partition} (LIKE {TABLE} INCLUDING ALL)")
        cursor.execute(
            "SELECT 1 FROM pg_inherits WHERE inhrelid = %s::regclass AND inhparent = %s::regclass",
            [partition, TABLE],
        )
        if cursor.fetchone() is None:
            cursor.execute(
                f"ALTER TABLE {TABLE} ATTACH PARTITION {partition} FOR VALUES IN (%s)",
                [model_version.pk],
            )


def is_built(model_version: ModelVersion) -> bool:
    """Return whether the version's index stands and is valid."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)",
            [index_name(model_version)],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def size_in_bytes(model_version: ModelVersion) -> int:
    """Return what the version's rows and all their indexes take on the disk; 0 once dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(pg_total_relation_size(to_regclass(%s)), 0)",
            [partition_name(model_version)],
        )
        (size,) = cursor.fetchone()
    return int(size)


def build(model_version: ModelVersion, *, on_progress: OnProgress | None = None) -> bool:
    """Build the version's HNSW index while its table is read and written; tell if there was need.

    An index that an interrupted build left invalid is dropped first. Whatever ``on_progress``
    raises ends the build. Within a transaction, where PostgreSQL can build nothing concurrently,
    the index is built at once instead.

    Raises:
        DatabaseError: PostgreSQL could not build it, as for want of disk.
    """
    if is_built(model_version):
        return False
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(_create_index(model_version, concurrently=False))
        return True
    with _connection_of_its_own() as other:
        with other.cursor() as cursor:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index_name(model_version)}")
            cursor.execute(
                "SELECT set_config('maintenance_work_mem', %s, false)", [_memory(model_version)]
            )
        _run_watched(
            other, _create_index(model_version, concurrently=True), on_progress=on_progress
        )
    return True


def drop(model_version: ModelVersion) -> None:
    """Drop the version's embeddings with their index; the disk has the room back at once."""
    partition = partition_name(model_version)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [partition])
        if cursor.fetchone() == (None,):
            return
        cursor.execute(
            "SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = %s::regclass", [partition]
        )
        row = cursor.fetchone()
        if row is not None:
            # Concurrently, searches go on meanwhile; a detachment that was cut off is finished.
            manner = "" if connection.in_atomic_block else "FINALIZE" if row[0] else "CONCURRENTLY"
            cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {partition} {manner}")
        cursor.execute(f"DROP TABLE {partition}")


def _create_index(model_version: ModelVersion, *, concurrently: bool) -> str:
    return (
        f"CREATE INDEX {'CONCURRENTLY' if concurrently else ''} {index_name(model_version)} "
        f"ON {partition_name(model_version)} USING hnsw (embedding halfvec_cosine_ops) "
        f"WITH (m = {M}, ef_construction = {EF_CONSTRUCTION})"
    )


def _memory(model_version: ModelVersion) -> str:
    vectors = ProductEmbedding.objects.filter(model_version=model_version).count()
    wanted = max(LEAST_BUILD_BYTES, min(vectors * BUILD_BYTES_PER_VECTOR, MOST_BUILD_BYTES))
    return f"{wanted >> 10}kB"


@contextmanager
def _connection_of_its_own() -> Iterator[BaseDatabaseWrapper]:
    """Give a second connection, for a statement that is watched from the first."""
    other = connection.copy()
    other.inc_thread_sharing()
    try:
        yield other
    finally:
        other.close()
        other.dec_thread_sharing()


def _run_watched(
    other: BaseDatabaseWrapper, statement: str, *, on_progress: OnProgress | None
) -> None:
    """Run a statement in a thread and report how far PostgreSQL says it is."""
    failures: list[DatabaseError] = []

    def run() -> None:
        try:
            with other.cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError as error:
            failures.append(error)

    other.ensure_connection()
    process_id = other.connection.info.backend_pid
    thread = threading.Thread(target=run, name="index-build", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(POLL_SECONDS)
            if on_progress is not None:
                on_progress(*_how_far(process_id))
    except BaseException:
        other.connection.cancel()
        thread.join()
        raise
    if failures:
        raise failures[0]


def _how_far(process_id: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(blocks_done, tuples_done), greatest(blocks_total, tuples_total) "
            "FROM pg_stat_progress_create_index WHERE pid = %s",
            [process_id],
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else (0, 0)
