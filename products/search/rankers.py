"""Rankers: what else counts, beside looking alike, when the nearest products are put in order.

Each gives every candidate a score from 0 to 1. A product's total is the weighted mean of its
likeness, which weighs 1, and its scores, so that a page can say why a product stands where it does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from products import conf, vocabulary
from products.palette import Palette, palette_distances
from products.search.candidates import Candidates, StyleMix
from styles import taxonomy

LIKENESS: Final = "likeness"
TOTAL: Final = "total"
# Palettes further apart than this (CIE76) have nothing to do with each other: red and orange.
PALETTE_REACH: Final = 50.0

_GROUP_OF: Final = {style.code: style.group for style in taxonomy.STYLES}
_GROUPS: Final = {group.code for group in taxonomy.STYLE_GROUPS}


class Ranker(Protocol):
    """Scores candidates. ``name`` is what explanations and the API call it."""

    @property
    def name(self) -> str:
        """The name of its scores."""

    def score(self, candidates: Candidates) -> np.ndarray:
        """Return float64 (N,), from 0 to 1: how well each candidate fits."""


@dataclass(frozen=True)
class StyleMixRanker:
    """Prefers products whose style mix overlaps a wanted one.

    Attributes:
        mix: (code of a style or style group, share); shares sum to 1.
    """

    mix: tuple[tuple[str, float], ...]
    name = "mix"

    def score(self, candidates: Candidates) -> np.ndarray:
        """Return how much of the wanted mix each product holds."""
        return np.array([overlap(self.mix, mix) for mix in candidates.mixes], float)


@dataclass(frozen=True)
class ColourRanker:
    """Prefers products of any of these colours, in the words of the shop or in Korean."""

    colours: tuple[str, ...]
    name = "colour"

    def score(self, candidates: Candidates) -> np.ndarray:
        """Return 1 for a product of a wanted colour, else 0."""
        wanted = {colour.casefold() for colour in self.colours}
        return np.array(
            [
                not wanted.isdisjoint(
                    (words.colour.casefold(), vocabulary.colour_name(words.colour, "ko"))
                )
                for words in candidates.words
            ],
            float,
        )


@dataclass(frozen=True)
class WordRanker:
    """Prefers products that carry these words in name or brand."""

    words: tuple[str, ...]
    name = "words"

    def score(self, candidates: Candidates) -> np.ndarray:
        """Return which share of the words each product carries."""
        wanted = [word.casefold() for word in self.words]
        texts = [
            " ".join((words.name, words.name_ko, words.brand)).casefold()
            for words in candidates.words
        ]
        return np.array([np.mean([word in text for word in wanted]) for text in texts], float)


@dataclass(frozen=True)
class PaletteRanker:
    """Prefers products whose photo has the colours of another photo."""

    palette: Palette
    name = "palette"

    def score(self, candidates: Candidates) -> np.ndarray:
        """Return 1 for the same colours, falling to 0 at a distance of PALETTE_REACH."""
        apart = palette_distances(self.palette, candidates.palettes)
        return np.nan_to_num(np.clip(1.0 - apart / PALETTE_REACH, 0.0, 1.0))


def overlap(wanted: Sequence[tuple[str, float]], mix: StyleMix) -> float:
    """Return how much of a wanted mix a mix holds, 0 to 1: the sum of the smaller shares."""
    return sum(min(share, share_of(code, mix)) for code, share in wanted)


def share_of(code: str, mix: StyleMix) -> float:
    """Return the share of a style or style group in a mix.

    A group holds the shares of its styles. Where a mix knows groups alone, a style has its group's.
    """
    if code in _GROUPS:
        return sum(share for each, share in mix.items() if _GROUP_OF.get(each, each) == code)
    return mix.get(code, mix.get(_GROUP_OF[code], 0.0) if is_of_groups(mix) else 0.0)


def is_of_groups(mix: StyleMix) -> bool:
    """Tell whether a mix names style groups, not styles."""
    return all(code in _GROUPS for code in mix)


def totals(
    candidates: Candidates, rankers: Sequence[Ranker]
) -> tuple[np.ndarray, Mapping[str, np.ndarray]]:
    """Return each candidate's total, float64 (N,), 0 to 1, and its scores by name."""
    weight = conf.get("RANKER_WEIGHT")
    scores = {LIKENESS: candidates.similarities}
    scores |= {ranker.name: ranker.score(candidates) for ranker in rankers}
    wanted = sum((scores[ranker.name] for ranker in rankers), np.zeros(len(candidates.product_ids)))
    total = (candidates.similarities + weight * wanted) / (1.0 + weight * len(rankers))
    return total, {**scores, TOTAL: total}
