"""What a rival does, and the filters that all of them understand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

# The defaults of pgvector, given to every HNSW graph; FAISS has the same links of the base layer.
LINKS = 16
EF_CONSTRUCTION = 64
EF_SEARCH = 100
BUILD_THREADS = 2


@dataclass(frozen=True)
class Where:
    """A filter: low <= column <= high, both finite."""

    column: str
    low: float
    high: float

    def keeps(self, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """Return for each row (N,) whether the filter keeps it.

        Raises:
            KeyError: there is no such column.
        """
        values = columns[self.column]
        return np.asarray((values >= self.low) & (values <= self.high))


class Rival(Protocol):
    """A vector index with filters; the number of a row is its id.

    Attributes:
        name: as tables of figures print it.
        is_durable: whether a crash of the process leaves what was built.
    """

    name: str
    is_durable: bool

    def build(self, vectors: NDArray[np.float32], columns: Mapping[str, NDArray[Any]]) -> None:
        """Index unit vectors (N, 256) and columns of int64 or float64 (N,), on two threads."""

    def prepare(self, where: Where) -> None:
        """Do what can be done for a filter before searches with it, outside of what is timed.

        Libraries learn here which rows the filter keeps. That flatters them: in a shop every new
        filter costs them a pass over all rows, or a question to a database. Databases do nothing
        here: they find the rows in the search itself.
        """

    def search(
        self, query: NDArray[np.float32], *, where: Where | None, count: int
    ) -> list[tuple[int, float]]:
        """Return (row, cosine distance) of the rows nearest to a unit vector (256,), nearest first.

        Raises:
            KeyError: a library was not prepared for the filter.
        """

    def close(self) -> None:
        """Give memory, files and tables back."""
