"""pgvector as its README has it: one HNSW index, filters in ``WHERE`` over a join."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from psycopg import sql

from benchmarks.binary_copy import write_rows
from benchmarks.rivals.interface import BUILD_THREADS, EF_CONSTRUCTION, LINKS, Where

# Room for the graph of a million vectors, so that it is built in memory.
BUILD_MEMORY = "2GB"


class RivalTables:
    """Two tables in a schema of their own, built once for all rivals that hold them.

    ``rival.embeddings`` has id and halfvec, ``rival.properties`` id and the filter columns, each
    with a B-tree, as pgvector's README advises for filters.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._is_built = False
        self._holders: set[object] = set()

    def hold(self, holder: object) -> None:
        """Keep the tables for a holder until it releases them."""
        self._holders.add(holder)

    def release(self, holder: object) -> None:
        """Drop the tables with their last holder."""
        self._holders.discard(holder)
        if not self._holders and self._is_built:
            with self.connect() as connection:
                connection.execute("DROP SCHEMA rival CASCADE")
            self._is_built = False

    def connect(self) -> psycopg.Connection[Any]:
        """Open a connection that commits each statement and plans each for its own values."""
        connection = psycopg.connect(self._url, autocommit=True, prepare_threshold=None)
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        register_vector(connection)
        return connection

    def build(self, vectors: NDArray[np.float32], columns: Mapping[str, NDArray[Any]]) -> None:
        """Fill and index the tables, unless that is done already."""
        if self._is_built:
            return
        with self.connect() as connection:
            connection.execute("DROP SCHEMA IF EXISTS rival CASCADE")
            connection.execute("CREATE SCHEMA rival")
            _fill_embeddings(connection, vectors)
            _fill_properties(connection, columns, rows=len(vectors))
            connection.execute(f"SET maintenance_work_mem = '{BUILD_MEMORY}'")
            # The process that builds is one of them.
            connection.execute(f"SET max_parallel_maintenance_workers = {BUILD_THREADS - 1}")
            connection.execute(
                "CREATE INDEX ON rival.embeddings USING hnsw (embedding halfvec_cosine_ops) "
                f"WITH (m = {LINKS}, ef_construction = {EF_CONSTRUCTION})"
            )
            for name in columns:
                connection.execute(
                    sql.SQL("CREATE INDEX ON rival.properties ({})").format(sql.Identifier(name))
                )
            connection.execute("VACUUM (ANALYZE) rival.embeddings")
            connection.execute("VACUUM (ANALYZE) rival.properties")
        self._is_built = True


def _fill_embeddings(connection: psycopg.Connection[Any], vectors: NDArray[np.float32]) -> None:
    connection.execute(
        f"CREATE TABLE rival.embeddings (id bigint PRIMARY KEY, "
        f"embedding halfvec({vectors.shape[1]}) NOT NULL)"
    )
    columns: dict[str, NDArray[Any]] = {"id": np.arange(len(vectors)), "embedding": vectors}
    write_rows(connection.cursor(), "rival.embeddings", [columns])


def _fill_properties(
    connection: psycopg.Connection[Any], columns: Mapping[str, NDArray[Any]], *, rows: int
) -> None:
    names = sql.SQL(", ").join(
        sql.SQL("{} double precision NOT NULL").format(sql.Identifier(name)) for name in columns
    )
    connection.execute(
        sql.SQL("CREATE TABLE rival.properties (id bigint PRIMARY KEY, {})").format(names)
    )
    values = {name: column.astype(float) for name, column in columns.items()}
    write_rows(connection.cursor(), "rival.properties", [{"id": np.arange(rows), **values}])


class PlainPgvector:
    """pgvector's HNSW over halfvec: m 16, ef_construction 64, ef_search 40, all its defaults.

    Two processes build. PostgreSQL chooses between the graph and the B-tree of the filter by its
    statistics. Plain, the graph gives 40 rows and the filter thins them; with
    ``hnsw.iterative_scan = relaxed_order`` it gives more until enough are left or 20,000 were seen.
    Relaxed rows come nearly in order and are sorted here. The second rival finds the tables of the
    first: time the first one's build.

    Source: pgvector's README, "HNSW", "Filtering" and "Iterative Index Scans".
    """

    is_durable = True

    def __init__(self, tables: RivalTables, *, name: str, settings: Mapping[str, str]) -> None:
        self.name = name
        self._settings = settings
        self._tables = tables
        self._connection: psycopg.Connection[Any] | None = None
        tables.hold(self)

    def build(self, vectors: NDArray[np.float32], columns: Mapping[str, NDArray[Any]]) -> None:
        self._tables.build(vectors, columns)
        self._connection = self._tables.connect()
        for setting, value in self._settings.items():
            self._connection.execute("SELECT set_config(%s, %s, false)", [setting, value])

    def prepare(self, where: Where) -> None:
        """Do nothing: filters are part of the search."""

    def search(
        self, query: NDArray[np.float32], *, where: Where | None, count: int
    ) -> list[tuple[int, float]]:
        assert self._connection is not None, "not built"
        filters: sql.Composable = sql.SQL("")
        values: list[float] = []
        if where is not None:
            filters = sql.SQL("JOIN rival.properties USING (id) WHERE {} BETWEEN %s AND %s").format(
                sql.Identifier(where.column)
            )
            values = [float(where.low), float(where.high)]
        statement = sql.SQL(
            "SELECT id, embedding <=> %b AS distance FROM rival.embeddings {} "
            "ORDER BY distance LIMIT %s"
        ).format(filters)
        found = self._connection.execute(statement, [HalfVector(query), *values, count]).fetchall()
        return sorted(found, key=lambda hit: (hit[1], hit[0]))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._tables.release(self)


def plain_pgvector(tables: RivalTables, *, is_iterative: bool) -> PlainPgvector:
    """Return pgvector at its defaults, or with iterative scans in relaxed order."""
    if is_iterative:
        return PlainPgvector(
            tables,
            name="pgvector HNSW, iterative scan",
            settings={"hnsw.iterative_scan": "relaxed_order"},
        )
    return PlainPgvector(
        tables, name="pgvector HNSW, plain", settings={"hnsw.iterative_scan": "off"}
    )
