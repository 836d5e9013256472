"""What can be told of the benchmark's rivals without their packages."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import rivals
from benchmarks.rivals import Where

COLUMNS = {"price": np.array([1.0, 2.0, 2.5, 3.0]), "colour": np.array([0, 1, 1, 2])}


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (Where("price", 2, 2.5), [1, 2]),
        (Where("price", 2.1, 2.4), []),
        (Where("colour", 1, 1), [1, 2]),
        (Where("colour", 0.5, 9), [1, 2, 3]),
        (Where("colour", 2, 1), []),
    ],
)
def test_a_filter_keeps_what_lies_within_both_bounds(where: Where, kept: list[int]) -> None:
    assert np.flatnonzero(where.keeps(COLUMNS)).tolist() == kept


def test_a_filter_of_an_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError, match="size"):
        Where("size", 0, 1).keeps(COLUMNS)


def test_every_rival_is_offered_or_missing_with_what_pip_installs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rivals, "find_spec", lambda module: object() if module == "faiss" else None)

    offered = {rival.name for rival in rivals.rivals("postgresql://nowhere")}
    missing = rivals.missing()

    assert offered == {
        "FAISS HNSW with an id selector",
        "pgvector HNSW, plain",
        "pgvector HNSW, iterative scan",
    }
    assert missing == {
        "hnswlib with a filter function": "hnswlib==0.8.0",
        "LanceDB IVF_PQ": "lancedb==0.40.0",
        "LanceDB IVF_HNSW_SQ": "lancedb==0.40.0",
    }


def test_only_rivals_that_write_to_a_disk_are_durable() -> None:
    durable = {
        rival.name: rival.is_durable
        for rival in (kind() for kinds in rivals.KINDS.values() for kind in kinds)
    }

    assert durable == {
        "FAISS HNSW with an id selector": False,
        "hnswlib with a filter function": False,
        "LanceDB IVF_PQ": True,
        "LanceDB IVF_HNSW_SQ": True,
    }
