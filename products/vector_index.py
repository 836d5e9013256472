"""The partition and the vector index of each model version's embeddings: made, built and dropped.

A partition comes with its model version's row. Its index is built when the version is put into
service, over all vectors at once, and again when it has been outgrown.

The index is pgvector's IVFFlat: lists of the vectors around centroids, of which a search opens the
nearest. HNSW was tried first. Embeddings that are trained to tell types apart lie in clumps, and
its graph has too few edges between them: a phone photo often ended in a wrong clump and found none
of its ten nearest, however long the search went on (recall 0.74 over a million products, where 16
of 2,000 lists gave 0.99). The lists are built in a third of the time (59 against 194 s) and take
two thirds of the room.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from products.models import ProductEmbedding
from styles.catalogue import OnProgress
from styles.models import ModelVersion

TABLE = ProductEmbedding._meta.db_table
# pgvector advises a list a thousand rows up to a million; with half of that, a search reads fewer
# vectors for the same recall. More lists than these take gigabytes to find: see _memory.
VECTORS_PER_LIST = 500
MOST_LISTS = 2_000
# Lists of this many times the usual length have searches read too much.
OUTGROWN = 3
POLL_SECONDS = 0.2


def partition_name(model_version: ModelVersion) -> str:
    """Return the name of the table that holds a version's embeddings."""
    return f"{TABLE}_v{int(model_version.pk)}"


def index_name(model_version: ModelVersion) -> str:
    """Return the name of the index over a version's embeddings."""
    return f"embedding_lists_v{int(model_version.pk)}"


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
    return _lists(model_version) is not None


def is_outgrown(model_version: ModelVersion) -> bool:
    """Return whether the version has so many more vectors by now that it wants a new index."""
    lists = _lists(model_version)
    wanted = _wanted_lists(expected_vectors(model_version))
    return lists is not None and wanted >= OUTGROWN * lists


def expected_vectors(model_version: ModelVersion) -> int:
    """Return how many embeddings the version has, as PostgreSQL last counted them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)",
            [partition_name(model_version)],
        )
        row = cursor.fetchone()
    return max(int(row[0]), 0) if row else 0


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
    """Build the version's index while its table is read and written; tell if there was need.

    One that stands and is not outgrown is left alone; another serves on until the new one takes its
    name. Whatever ``on_progress`` raises ends the build. Within a transaction, where PostgreSQL can
    build nothing concurrently, the index is built at once instead.

    Raises:
        DatabaseError: PostgreSQL could not build it, as for want of disk.
    """
    if is_built(model_version) and not is_outgrown(model_version):
        return False
    name, manner = index_name(model_version), "" if connection.in_atomic_block else "CONCURRENTLY"
    vectors = ProductEmbedding.objects.filter(model_version=model_version).count()
    lists = _wanted_lists(vectors)
    create = (
        f"CREATE INDEX {manner} {name}_next ON {partition_name(model_version)} "
        f"USING ivfflat (embedding halfvec_cosine_ops) WITH (lists = {lists})"
    )
    with _connection_of_its_own() as other, other.cursor() as cursor:
        # What an interrupted build has left behind is of no use.
        cursor.execute(f"DROP INDEX {manner} IF EXISTS {name}_next")
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [_memory(lists)])
        _run_watched(other, create, on_progress=on_progress)
        cursor.execute(f"DROP INDEX {manner} IF EXISTS {name}")
        cursor.execute(f"ALTER INDEX {name}_next RENAME TO {name}")
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute(f"ANALYZE {partition_name(model_version)}")
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


def _lists(model_version: ModelVersion) -> int | None:
    """Return how many lists the version's index has; None where no valid one stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reloptions FROM pg_class JOIN pg_index ON oid = indexrelid "
            "WHERE oid = to_regclass(%s) AND indisvalid",
            [index_name(model_version)],
        )
        row = cursor.fetchone()
    return int(row[0][0].partition("=")[2]) if row else None


def _wanted_lists(vectors: int) -> int:
    return max(1, min(vectors // VECTORS_PER_LIST, MOST_LISTS))


def _memory(lists: int) -> str:
    """Return what finding the lists takes: four bytes a list for each of 50 samples a list."""
    return f"{(64 << 10) + lists * lists * 240 // 1024}kB"


@contextmanager
def _connection_of_its_own() -> Iterator[BaseDatabaseWrapper]:
    """Give a second connection, for a statement that is watched from the first.

    Within a transaction it would wait for that for ever: there it is the first one.
    """
    if connection.in_atomic_block:
        yield connection
        return
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
    if other is connection:
        with other.cursor() as cursor:
            cursor.execute(statement)
        return
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
