"""Compares and names the colours of photos; for the ranker by colour and for explained hits.

A palette is what ``styles.appearance`` found in a photo: a few colours with their shares. In rows
it is JSON, ``[["#1a2b3c", 0.6], ["#ffffff", 0.4]]``. NumPy only: web processes load this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from products import vocabulary
from products.models import PhotoTraits
from styles.appearance import PaletteColour, to_lab

Palette = tuple[PaletteColour, ...]

# Names of ``vocabulary.COLOURS_KO`` and what they look like; most of them in more than one shade.
NAMED_COLOURS: tuple[tuple[str, str], ...] = (
    ("black", "#141416"), ("black", "#2b2a2c"), ("charcoal", "#43454a"), ("grey", "#6f7173"),
    ("grey", "#9a9b9d"), ("grey", "#c6c7c9"), ("white", "#f2f2f0"), ("white", "#e3e3e4"),
    ("cream", "#f1e6c8"), ("beige", "#d9c7a8"), ("beige", "#c3b296"), ("taupe", "#8d7d70"),
    ("camel", "#bd9060"), ("brown", "#7a5133"), ("brown", "#4a3226"), ("burgundy", "#6e1c2e"),
    ("red", "#c41f2d"), ("red", "#9c1d26"), ("rust", "#a44c2b"), ("orange", "#ec7a24"),
    ("peach", "#f0b795"), ("mustard", "#c99a2e"), ("yellow", "#f2d53c"), ("olive", "#6c6a3b"),
    ("olive", "#464a31"), ("green", "#2f8c46"), ("green", "#1f4b30"), ("green", "#6faa62"),
    ("lime", "#a9cf3a"), ("mint", "#a8dcc3"), ("teal", "#17757a"), ("turquoise", "#41c3c4"),
    ("sky blue", "#9dc5e6"), ("blue", "#2e62b6"), ("blue", "#5b7cab"), ("blue", "#3d5580"),
    ("navy", "#1f2947"), ("navy", "#30395c"), ("purple", "#6e3a93"), ("purple", "#46295a"),
    ("lavender", "#b8a6d6"), ("mauve", "#a47f93"), ("magenta", "#bf2f86"), ("pink", "#eea6ba"),
    ("pink", "#dc5a8d"),
)  # fmt: skip
# Colours of two photos that are nearer than this (CIE76) are one to a person across the room.
SHARED_DISTANCE = 20.0
MIN_SHARED_SHARE = 0.08
# A name is hue first: light and shade fall on the same cloth.
NAMING_WEIGHTS = np.array([0.6, 1.0, 1.0])


@dataclass(frozen=True)
class SharedColour:
    """A colour that two photos have in common.

    Attributes:
        code: an English word of ``vocabulary.COLOURS_KO``.
        hex: what it looks like in the first photo.
        share: of both photos, from 0 to 1.
    """

    code: str
    hex: str
    share: float

    @property
    def name(self) -> str:
        """Its name in the active language."""
        return vocabulary.colour_name(self.code)


def as_json(palette: Palette) -> list[tuple[str, float]]:
    """Return a palette as rows keep it."""
    return [(colour.hex, colour.share) for colour in palette]


def from_json(stored: Iterable[Sequence[str | float]]) -> Palette:
    """Return a palette that a row kept; empty where none was found out."""
    return tuple(PaletteColour(str(code), float(share)) for code, share in stored)


def palettes_of(product_ids: Collection[int]) -> Mapping[int, Palette]:
    """Return the palettes of products' first described photos, in one query."""
    rows = (
        PhotoTraits.objects.filter(image__product_id__in=product_ids)
        .order_by("image__product_id", "image__position", "image_id")
        .distinct("image__product_id")
        .values_list("image__product_id", "palette")
    )
    return {product_id: from_json(palette) for product_id, palette in rows}


def palette_distance(one: Palette, other: Palette) -> float:
    """Return how far apart two palettes are; see ``palette_distances``."""
    return float(palette_distances(one, [other])[0])


def palette_distances(palette: Palette, others: Sequence[Palette]) -> np.ndarray:
    """Return the distance of a palette to each of N others, float64 (N,), in units of CIE76.

    The energy distance of two sets of weighted colours in L*a*b* (Székely and Rizzo 2013), halved:
    the distance of a colour here from a colour there, less half of what each palette is apart in
    itself. It is 0 for equal palettes alone, for single colours it is their distance, and for all
    others at once it needs no matching of colours to be solved. NaN where a palette is empty.
    """
    count, width = len(others), max((len(other) for other in others), default=0)
    if not count or not palette or not width:
        return np.full(count, np.nan)
    colours, shares = _arrays(palette)
    other_colours, other_shares = np.zeros((count, width, 3)), np.zeros((count, width))
    is_used = np.arange(width) < np.array([len(other) for other in others])[:, np.newaxis]
    # All at once: a palette at a time takes four times as long.
    other_colours[is_used] = _lab([colour.hex for other in others for colour in other])
    other_shares[is_used] = [colour.share for other in others for colour in other]
    other_shares /= np.maximum(other_shares.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    between = np.linalg.norm(other_colours[:, :, None] - colours, axis=-1)
    within = np.linalg.norm(other_colours[:, :, None] - other_colours[:, None], axis=-1)
    own = np.linalg.norm(colours[:, None] - colours, axis=-1)
    distances: np.ndarray = (
        np.einsum("nij,ni,j->n", between, other_shares, shares)
        - np.einsum("nij,ni,nj->n", within, other_shares, other_shares) / 2
        - float(shares @ own @ shares) / 2
    )
    distances = np.maximum(distances, 0.0)
    distances[~other_shares.any(axis=1)] = np.nan
    return distances


@lru_cache(maxsize=4096)
def colour_code(code: str) -> str:
    """Return the word of ``vocabulary.COLOURS_KO`` nearest to a colour such as #1a2b3c."""
    apart = (_lab([code]) - _lab([shade for _, shade in NAMED_COLOURS])) * NAMING_WEIGHTS
    return NAMED_COLOURS[int(np.linalg.norm(apart, axis=1).argmin())][0]


def shared_colours(one: Palette, other: Palette) -> tuple[SharedColour, ...]:
    """Return the colours that two photos have in common, the largest share first.

    Each colour of one is matched with the nearest of the other, as far as their shares go; those of
    one name are put together.
    """
    if not one or not other:
        return ()
    (first, left), (second, right) = _arrays(one), _arrays(other)
    left, right = left.copy(), right.copy()
    apart = np.linalg.norm(first[:, None] - second, axis=-1)
    found: dict[str, SharedColour] = {}
    for place in np.argsort(apart, axis=None, kind="stable"):
        here, there = divmod(int(place), len(other))
        if apart[here, there] > SHARED_DISTANCE:
            break
        share = float(min(left[here], right[there]))
        left[here] -= share
        right[there] -= share
        code = colour_code(one[here].hex)
        before = found.get(code, SharedColour(code, one[here].hex, 0.0))
        found[code] = SharedColour(code, before.hex, before.share + share)
    shared = [colour for colour in found.values() if colour.share >= MIN_SHARED_SHARE]
    return tuple(sorted(shared, key=lambda colour: (-colour.share, colour.code)))


def _arrays(palette: Palette) -> tuple[np.ndarray, np.ndarray]:
    """Return the colours in L*a*b* (C, 3) and their shares (C,), which sum to 1."""
    shares = np.array([colour.share for colour in palette])
    return _lab([colour.hex for colour in palette]), shares / shares.sum()


def _lab(codes: Sequence[str]) -> np.ndarray:
    """Return colours such as #1a2b3c in L*a*b*, (N, 3)."""
    levels = bytes.fromhex("".join(code[1:] for code in codes))
    return to_lab(np.frombuffer(levels, np.uint8).reshape(-1, 3)).astype(float)
