"""LanceDB: a table of vectors and columns in files, searched by an embedded library."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.rivals.interface import BUILD_THREADS, EF_SEARCH, LINKS, Where

ROWS_PER_PARTITION = 4096
ROWS_PER_GRAPH = 1_048_576
DIMENSIONS_PER_SUB_VECTOR = 8
LANCE_EF_CONSTRUCTION = 150
REFINE_FACTOR = 10
FEW_VALUES = 1_000


class LanceTable:
    """A table in a temporary folder, with an index on the vectors and one on every column.

    A column of fewer than 1,000 whole numbers has a bitmap, others a B-tree; filters apply before
    the vectors are searched. ``nprobes`` is left to the library, which probes 20 partitions at
    first and more where too few rows are found. Ten times as many candidates as asked are compared
    by their whole vectors. Indexes are read into memory before the first search.

    Lance builds and searches with the threads of one pool, set to two: its searches may have both
    cores, where the others have one. It leaves it to the system when files reach the disk: they
    outlive the process, not for certain a power cut.

    Source: docs.lancedb.com, "Vector Indexes", "Scalar Indexes", "Metadata Filtering" and
    "Optimize Query Performance".
    """

    is_durable = True

    def __init__(self, *, name: str, ef: int | None = None) -> None:
        self.name = name
        self._ef = ef
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._table: Any = None
        self._whole: set[str] = set()

    def build(self, vectors: NDArray[np.float32], columns: Mapping[str, NDArray[Any]]) -> None:
        os.environ.setdefault("LANCE_CPU_THREADS", str(BUILD_THREADS))
        import lancedb
        import pyarrow
        from lancedb.index import Bitmap, BTree

        columns = {name: _narrowed(column) for name, column in columns.items()}
        self._whole = {name for name, column in columns.items() if column.dtype == np.int64}
        flat = pyarrow.array(np.ascontiguousarray(vectors).reshape(-1))
        content = {
            "id": np.arange(len(vectors)),
            "vector": pyarrow.FixedSizeListArray.from_arrays(flat, vectors.shape[1]),
        } | columns
        self._folder = tempfile.TemporaryDirectory(prefix="kfashion-lance-")
        self._table = lancedb.connect(self._folder.name).create_table(
            "rival", pyarrow.table(content)
        )
        self._table.create_index("vector", config=self._vector_index(*vectors.shape))
        for name, column in columns.items():
            has_few = name in self._whole and len(np.unique(column)) < FEW_VALUES
            self._table.create_index(name, config=Bitmap() if has_few else BTree())
        for index in self._table.list_indices():
            self._table.prewarm_index(index.name)

    def _vector_index(self, rows: int, dimensions: int) -> Any:
        from lancedb.index import HnswSq, IvfPq

        if self._ef is None:
            return IvfPq(
                distance_type="cosine",
                num_partitions=max(1, rows // ROWS_PER_PARTITION),
                num_sub_vectors=dimensions // DIMENSIONS_PER_SUB_VECTOR,
            )
        return HnswSq(
            distance_type="cosine",
            num_partitions=max(1, rows // ROWS_PER_GRAPH),
            m=LINKS,
            ef_construction=LANCE_EF_CONSTRUCTION,
        )

    def prepare(self, where: Where) -> None:
        """Do nothing: filters are part of the search."""

    def search(
        self, query: NDArray[np.float32], *, where: Where | None, count: int
    ) -> list[tuple[int, float]]:
        asked = self._table.search(query).distance_type("cosine").refine_factor(REFINE_FACTOR)
        asked = asked.select(["id", "_distance"]).limit(count)
        if self._ef is not None:
            asked = asked.ef(self._ef)
        if where is not None:
            asked = asked.where(self._bounds(where), prefilter=True)
        found = asked.to_arrow()
        return list(zip(found["id"].to_pylist(), found["_distance"].to_pylist(), strict=True))

    def _bounds(self, where: Where) -> str:
        """Return the filter in SQL, with numbers of the column's type: others pass its index by."""
        low, high = float(where.low), float(where.high)
        if where.column in self._whole:
            low, high = math.ceil(low), math.floor(high)
        return f"`{where.column}` >= {low!r} AND `{where.column}` <= {high!r}"

    def close(self) -> None:
        self._table = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _narrowed(column: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers as int64, which a bitmap asks for, others as float64."""
    whole = column.astype(np.int64)
    return whole if np.array_equal(whole, column) else column.astype(np.float64)


def lance_pq() -> LanceTable:
    """Return IVF_PQ, which LanceDB advises for filtered searches and up to 256 dimensions.

    Partitions: rows / 4,096; sub-vectors: dimensions / 8, both as its docs have it. They advise no
    index at all up to some 100,000 rows.
    """
    return LanceTable(name="LanceDB IVF_PQ")


def lance_hnsw() -> LanceTable:
    """Return IVF_HNSW_SQ, by LanceDB's docs the best of recall and latency without filters.

    Partitions: rows / 1,048,576, at least one; M 16, ef 100. ef_construction is the 150 that the
    docs start with, for the API names 100 the least for good results.
    """
    return LanceTable(name="LanceDB IVF_HNSW_SQ", ef=EF_SEARCH)
