"""What a search answers: hits and the page they stand on; read by views, API and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from products.search.cursors import HitCursor


@dataclass(frozen=True)
class Hit:
    """A product found.

    Attributes:
        rank: from 1.
        distance: cosine distance to the query, 0 to 2.
        is_in_group: whether it lies in the predicted group.
        scores: what a reordered list decided by, ranker -> score; empty in order of distance.
    """

    rank: int
    product_id: int
    distance: float
    is_in_group: bool
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def similarity(self) -> float:
        """1 - distance, not below 0."""
        return max(0.0, 1.0 - self.distance)


@dataclass(frozen=True)
class Page:
    """A part of the products found.

    Attributes:
        count: how many match in all; a lower bound where ``is_count_exact`` is False.
        next: leads to the part behind this one; None at the end.
    """

    hits: tuple[Hit, ...]
    count: int
    is_count_exact: bool = True
    next: HitCursor | None = None
