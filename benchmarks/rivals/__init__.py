"""Other vector indexes behind one interface, for `rival_search`; `rivals` makes them all.

Their packages are no part of this project: `benchmarks/requirements-rivals.txt` pins them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from benchmarks.rivals.graphs import FaissHnsw, HnswlibHnsw
from benchmarks.rivals.interface import Rival, Where
from benchmarks.rivals.lance import lance_hnsw, lance_pq
from benchmarks.rivals.plain_pgvector import RivalTables, plain_pgvector

__all__ = ["REQUIREMENTS", "Rival", "Where", "missing", "rivals"]

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements-rivals.txt"
# What is imported -> what is installed.
PACKAGES = {"faiss": "faiss-cpu", "hnswlib": "hnswlib", "lancedb": "lancedb"}
KINDS: dict[str, tuple[Callable[[], Rival], ...]] = {
    "faiss": (FaissHnsw,),
    "hnswlib": (HnswlibHnsw,),
    "lancedb": (lance_pq, lance_hnsw),
}


def rivals(url: str) -> list[Rival]:
    """Return those rivals whose packages are installed; pgvector uses the database at the URL.

    Nothing is built or connected yet. A million vectors are a gigabyte: close each before the next
    is built. Both of pgvector come last and share their tables, which the last to be closed drops.
    """
    found: list[Rival] = [
        kind() for module, kinds in KINDS.items() if find_spec(module) for kind in kinds
    ]
    tables = RivalTables(url)
    return [
        *found,
        *(plain_pgvector(tables, is_iterative=iterative) for iterative in (False, True)),
    ]


def missing() -> dict[str, str]:
    """Return the names of the other rivals with what pip has to install for each."""
    lines = (line.split("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines())
    pinned = {line.split("==")[0]: line for line in lines if line}
    return {
        kind().name: pinned[PACKAGES[module]]
        for module, kinds in KINDS.items()
        if find_spec(module) is None
        for kind in kinds
    }
