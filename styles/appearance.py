"""Door to what pixels alone tell of a photo, whatever the model: its colours and its fingerprint.

Workers describe photos here (``products.embedding``, ``products.photo_traits``); pages and the
search of duplicates only compare what was stored. Neither TensorFlow nor LiteRT is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from styles import conf
from styles.images import ImageError
from styles.ml.images import decode_image
from styles.ml.palettes import PaletteColour, extract_palette, to_lab

__all__ = [
    "FINGERPRINT_BYTES",
    "Appearance",
    "ImageError",
    "PaletteColour",
    "appearance_of",
    "describe_photo",
    "fingerprint_vectors",
    "near_pairs",
    "to_lab",
]

FINGERPRINT_BYTES = 32
# As large as models see photos; described apart from a model, a photo comes out the same.
PHOTO_SIDE = 224


@dataclass(frozen=True)
class Appearance:
    """What a photo looks like.

    Attributes:
        palette: its dominant colours, the largest share first; shares sum to 1.
        fingerprint: 256 bits of perceptual hash; all zero for a photo without contrast, which is
            like no other.
    """

    palette: tuple[PaletteColour, ...]
    fingerprint: bytes


def describe_photo(photo: bytes) -> Appearance:
    """Decode a photo and describe it.

    Raises:
        ImageError: the photo cannot be decoded.
    """
    return appearance_of(decode_image(photo, size=PHOTO_SIDE, limits=conf.image_limits()))


def appearance_of(pixels: np.ndarray) -> Appearance:
    """Describe a decoded photo, uint8 RGB (S, S, 3)."""
    from styles.ml.duplicates import hash_photo

    return Appearance(extract_palette(pixels), hash_photo(pixels).tobytes())


def near_pairs(fingerprints: Sequence[bytes]) -> list[tuple[int, int]]:
    """Return pairs of places, the lower first, whose fingerprints differ in at most 15 of 256 bits.

    Of equal fingerprints, each is paired with the first alone. Takes sorting, not comparing all.
    """
    from styles.ml.duplicates import near_pairs as pair

    if not fingerprints:
        return []
    hashes = np.frombuffer(b"".join(fingerprints), np.uint64).reshape(len(fingerprints), -1)
    return sorted({(min(places), max(places)) for places in pair(hashes).tolist()})


def fingerprint_vectors(vectors: np.ndarray) -> list[bytes]:
    """Return a fingerprint for each vector (N, D), float32: near vectors have near fingerprints.

    One bit a random hyperplane: the side that the vector lies on. Vectors at an angle differ in
    that share of a half turn of their bits (Charikar 2002), so that ``near_pairs`` finds those at a
    cosine distance of 0.005 in 99 of 100 cases, and of those at 0.04 four.
    """
    sides = np.asarray(vectors, np.float32) @ _hyperplanes(vectors.shape[1]) > 0
    return [row.tobytes() for row in np.packbits(sides, axis=1)]


@cache
def _hyperplanes(width: int) -> np.ndarray:
    shape = (width, 8 * FINGERPRINT_BYTES)
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)
