"""FAISS and hnswlib: HNSW graphs in the memory of one process, gone with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.rivals.interface import BUILD_THREADS, EF_CONSTRUCTION, EF_SEARCH, LINKS, Where


class FaissHnsw:
    """IndexHNSWFlat over whole vectors, searched with an ``IDSelectorBitmap``.

    M 16, efConstruction 64, efSearch 100; two OpenMP threads build, one searches. A bitmap of a
    million rows is 125 kB and answers quicker than the hash set of ``IDSelectorBatch``. Of rows
    that the selector leaves out, the graph is still walked; nothing scans instead, so that fewer
    than asked may come back. Inner products of unit vectors are cosines.

    Source: FAISS's wiki, "Setting search parameters for one query"; its issues 3186 and 4727.
    """

    name = "FAISS HNSW with an id selector"
    is_durable = False

    def __init__(self) -> None:
        self._index: Any = None
        self._columns: Mapping[str, NDArray[Any]] = {}
        self._parameters: dict[Where | None, Any] = {}

    def build(self, vectors: NDArray[np.float32], columns: Mapping[str, NDArray[Any]]) -> None:
        import faiss

        self._columns = columns
        self._index = faiss.IndexHNSWFlat(vectors.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
        self._index.hnsw.efConstruction = EF_CONSTRUCTION
        faiss.omp_set_num_threads(BUILD_THREADS)
        self._index.add(vectors)
        faiss.omp_set_num_threads(1)
        self._parameters[None] = faiss.SearchParametersHNSW(efSearch=EF_SEARCH)

    def prepare(self, where: Where) -> None:
        import faiss

        if where not in self._parameters:
            bits = np.packbits(where.keeps(self._columns), bitorder="little")
            self._parameters[where] = faiss.SearchParametersHNSW(
                efSearch=EF_SEARCH, sel=faiss.IDSelectorBitmap(bits)
            )

    def search(
        self, query: NDArray[np.float32], *, where: Where | None, count: int
    ) -> list[tuple[int, float]]:
        cosines, rows = self._index.search(query[None], count, params=self._parameters[where])
        found = zip(rows[0].tolist(), cosines[0].tolist(), strict=True)
        return [(row, 1 - cosine) for row, cosine in found if row >= 0]

    def close(self) -> None:
        self._index = None
        self._columns = {}
        self._parameters = {}


class HnswlibHnsw:
    """hnswlib's Index of space "cosine", searched with a filter function.

    M 16, ef_construction 64, ef 100; two threads build, one searches, as its filters are Python and
    hold the interpreter's lock. The function is ``__contains__`` of a frozenset, the least Python
    there can be. Where the graph yields fewer rows than asked, hnswlib raises instead of returning
    them: the search is then repeated for fewer, as users have to.

    Source: hnswlib's README, ALGO_PARAMS.md and examples/python; its issues 444 and 465.
    """

    name = "hnswlib with a filter function"
    is_durable = False

    def __init__(self) -> None:
        self._index: Any = None
        self._columns: Mapping[str, NDArray[Any]] = {}
        self._kept: dict[Where, frozenset[int]] = {}
        self._rows = 0

    def build(self, vectors: NDArray[np.float32], columns: Mapping[str, NDArray[Any]]) -> None:
        import hnswlib

        self._columns = columns
        self._rows = len(vectors)
        self._index = hnswlib.Index(space="cosine", dim=vectors.shape[1])
        self._index.init_index(
            max_elements=self._rows, M=LINKS, ef_construction=EF_CONSTRUCTION, random_seed=0
        )
        self._index.add_items(vectors, num_threads=BUILD_THREADS)
        self._index.set_ef(EF_SEARCH)

    def prepare(self, where: Where) -> None:
        if where not in self._kept:
            kept = np.flatnonzero(where.keeps(self._columns)).tolist()
            self._kept[where] = frozenset(kept)

    def search(
        self, query: NDArray[np.float32], *, where: Where | None, count: int
    ) -> list[tuple[int, float]]:
        if where is None:
            return self._most(query, count=min(count, self._rows), keeps=None)
        kept = self._kept[where]
        return self._most(query, count=min(count, len(kept)), keeps=kept.__contains__)

    def _most(
        self, query: NDArray[np.float32], *, count: int, keeps: Callable[[object], bool] | None
    ) -> list[tuple[int, float]]:
        """Return as many as the graph yields, by halving where it raises."""
        found: list[tuple[int, float]] = []
        most = wanted = count
        while wanted > len(found):
            try:
                rows, distances = self._index.knn_query(
                    query, k=wanted, num_threads=1, filter=keeps
                )
            except RuntimeError as error:
                if "contiguous 2D array" not in str(error):
                    raise
                most = wanted - 1
            else:
                found = list(zip(rows[0].tolist(), distances[0].tolist(), strict=True))
            wanted = (len(found) + most + 1) // 2
        return found

    def close(self) -> None:
        self._index = None
        self._columns = {}
        self._kept = {}
