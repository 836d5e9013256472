"""Finds photos that show the same thing, so that a split never puts one on each side.

Called where features are extracted (`hash_photo`) and before examples are split (`group_photos`).
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

HASH_SIDE = 16
HASH_WORDS = HASH_SIDE * HASH_SIDE // 64
# Bits that may differ between photos of the same thing. On 2,000 product and 2,000 phone photos,
# saving again at quality 50 and at 0.6 of the size changes at most 7 bits in 99 of 100; different
# products that are photographed alike start at 18 (the same tie in another colour), different phone
# photos at 46. An 8 x 8 hash cannot tell those apart: 766 pairs of products within 4 of its bits.
MAX_DIFFERENT_BITS = 15
# By the pigeonhole principle, hashes that differ in 15 bits agree in one of 16 bands.
BANDS = MAX_DIFFERENT_BITS + 1
# In a band that very many hashes share (white backgrounds), each is compared with so many of its
# neighbours in the order of whole hashes: work grows with the photos and not with their square.
MAX_COMPARED = 256
# Grey levels: a photo without more contrast than that has nothing to hash.
MIN_CONTRAST = 1.0

# Neighbouring frequencies go together; scattered over the bands they make these independent.
_BIT_ORDER = np.random.default_rng(0).permutation(HASH_SIDE * HASH_SIDE)


@dataclass(frozen=True)
class PhotoGroups:
    """Which photos belong together: `numbers` (N,), int64, are equal within a group.

    `duplicates` and `near_duplicates` are the photos that add nothing to one already counted;
    `shoots` the shoots of two photos or more.
    """

    numbers: NDArray[np.int64]
    duplicates: int
    near_duplicates: int
    shoots: int


def hash_photo(pixels: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the perceptual hash (HASH_WORDS,) of a photo, uint8 RGB (S, S, 3).

    One bit for each of the 16 x 16 lowest frequencies of its brightness (DCT of 64 x 64 pixels):
    whether it is above their median. A garment photographed alike in two colours has one hash: a
    split should not tear it apart either. All zero for a photo without contrast, like no other.
    Source: pHash (Zauner 2010), with 256 bits in place of 64.
    """
    side = 4 * HASH_SIDE
    grey = Image.fromarray(pixels).convert("L").resize((side, side), Image.Resampling.BILINEAR)
    levels = np.asarray(grey, dtype=np.float32)
    if levels.std() < MIN_CONTRAST:
        return np.zeros(HASH_WORDS, dtype=np.uint64)
    frequencies = dctn(levels)[:HASH_SIDE, :HASH_SIDE].ravel()
    bits = (frequencies > np.median(frequencies))[_BIT_ORDER]
    return np.packbits(bits).view(np.uint64)


def group_photos(
    digests: Sequence[Hashable],
    *,
    hashes: NDArray[np.uint64] | None = None,
    shoots: Sequence[str] | None = None,
) -> PhotoGroups:
    """Join photos of equal digest, of nearly equal hash and of one shoot, directly or by others.

    Args:
        digests: of N photos' bytes.
        hashes: (N, HASH_WORDS) from `hash_photo`; None to look for exact copies only.
        shoots: "" where the shoot is not known.
    """
    count = len(digests)
    copies = _pair_equal(digests)
    pairs = [copies]
    duplicates = len(copies)
    near_duplicates = 0
    if hashes is not None:
        pairs.append(near_pairs(hashes))
        near_duplicates = count - duplicates - _join(pairs, count)[0]
    known = [(index, shoot) for index, shoot in enumerate(shoots or ()) if shoot]
    positions = np.array([index for index, _ in known], dtype=np.int64)
    names = [shoot for _, shoot in known]
    in_shoots = _pair_equal(names)
    pairs.append(positions[in_shoots])
    _, numbers = _join(pairs, count)
    return PhotoGroups(
        numbers=numbers.astype(np.int64),
        duplicates=duplicates,
        near_duplicates=near_duplicates,
        shoots=len({names[first] for first, _ in in_shoots.tolist()}),
    )


def near_pairs(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return pairs (M, 2) of rows of hashes (N, HASH_WORDS) at most MAX_DIFFERENT_BITS apart.

    Equal hashes are paired with the first of them only: enough to join them.
    """
    rows = np.flatnonzero(hashes.any(axis=1))
    # `distinct` comes sorted, and a stable sort by one band keeps that order within the band.
    distinct, first, inverse = np.unique(
        hashes[rows], axis=0, return_index=True, return_inverse=True
    )
    inverse = inverse.reshape(-1)
    repeats = np.flatnonzero(first[inverse] != np.arange(len(rows)))
    found = [np.stack([rows[first[inverse[repeats]]], rows[repeats]], axis=1)]
    bands = distinct.view(np.uint16)
    for band in range(BANDS):
        found += [rows[first[pairs]] for pairs in _compare(distinct, bands[:, band])]
    return np.concatenate(found).astype(np.int64)


def _compare(hashes: NDArray[np.uint64], keys: NDArray[np.uint16]) -> Iterator[NDArray[np.int64]]:
    """Yield pairs (M, 2) of near hashes among those of equal key, the next one of each first."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    positions = np.arange(len(keys))
    for step in range(1, MAX_COMPARED + 1):
        positions = positions[positions + step < len(keys)]
        positions = positions[keys[positions] == keys[positions + step]]
        if not len(positions):
            return
        one, other = order[positions], order[positions + step]
        near = np.bitwise_count(hashes[one] ^ hashes[other]).sum(axis=1) <= MAX_DIFFERENT_BITS
        yield np.stack([one[near], other[near]], axis=1)


def _pair_equal(values: Sequence[Hashable]) -> NDArray[np.int64]:
    """Return pairs (M, 2): the first occurrence of a value and each later one."""
    first: dict[Hashable, int] = {}
    pairs = [
        (first[value], index)
        for index, value in enumerate(values)
        if first.setdefault(value, index) != index
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _join(pairs: Sequence[NDArray[np.int64]], count: int) -> tuple[int, NDArray[np.int32]]:
    """Return how many groups the pairs leave of `count` photos, and each photo's group."""
    if not count:
        return 0, np.empty(0, dtype=np.int32)
    one, other = np.concatenate(pairs).T
    edges = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(count, count))
    groups, numbers = connected_components(edges, directed=False)
    return int(groups), numbers
