"""Where k-means reads embeddings from, a part at a time; for ``clustering`` and its callers."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import ClusteringError

UNIT_TOLERANCE = 1e-2


class VectorSource(Protocol):
    """Unit embeddings in rows 0 to N - 1, of which some may vanish while others are read."""

    def __len__(self) -> int:
        """Return N."""
        ...

    def read(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return those of the ascending `rows` that are still there (M,), and their embeddings.

        The embeddings are (M, D), float32.
        """
        ...


class HeldVectors:
    """Embeddings (N, D) that are held in memory; `rows` (N,) are theirs elsewhere, if any.

    Raises ClusteringError for no embeddings, and for vectors that are not of length 1.
    """

    def __init__(
        self, embeddings: NDArray[np.float32], *, rows: NDArray[np.int64] | None = None
    ) -> None:
        if embeddings.ndim != 2 or len(embeddings) == 0:
            raise ClusteringError(
                f"Expected at least one embedding of shape (N, D), received {embeddings.shape}."
            )
        self.embeddings = to_unit(embeddings)
        self.rows = np.arange(len(embeddings)) if rows is None else rows

    def __len__(self) -> int:
        return len(self.embeddings)

    def read(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return which rows these are elsewhere, and their embeddings."""
        return self.rows[rows], self.embeddings[rows]


def to_unit(embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors (N, D) of length 1 to the last bit from vectors of about that length.

    Raises ClusteringError where one's length is off by more than UNIT_TOLERANCE.
    """
    lengths = np.linalg.norm(embeddings.astype(np.float32, copy=False), axis=1)
    # Written so that NaN is refused as well.
    if not (np.abs(lengths - 1.0) <= UNIT_TOLERANCE).all():
        raise ClusteringError(
            "Expected embeddings of length 1, received lengths from "
            f"{lengths.min():.3f} to {lengths.max():.3f}."
        )
    unit: NDArray[np.float32] = (embeddings / lengths[:, np.newaxis]).astype(np.float32, copy=False)
    return unit
