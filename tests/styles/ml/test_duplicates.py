"""Photos that show the same thing are found, and others are not."""

from __future__ import annotations

import io
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from styles.ml.duplicates import (
    HASH_WORDS,
    MAX_DIFFERENT_BITS,
    group_photos,
    hash_photo,
    near_pairs,
)
from styles.ml.images import decode_image


def random_hashes(count: int, *, seed: int = 0) -> NDArray[np.uint64]:
    random = np.random.default_rng(seed)
    return random.integers(1, 2**64, (count, HASH_WORDS), dtype=np.uint64)


def flip(photo_hash: NDArray[np.uint64], bits: int, *, seed: int) -> NDArray[np.uint64]:
    """Return the hash with that many of its bits changed."""
    unpacked = np.unpackbits(photo_hash.view(np.uint8))
    unpacked[np.random.default_rng(seed).permutation(256)[:bits]] ^= 1
    return np.packbits(unpacked).view(np.uint64)


def saved(image: Image.Image, *, quality: int = 85) -> bytes:
    content = io.BytesIO()
    image.save(content, "JPEG", quality=quality)
    return content.getvalue()


def different_bits(one: bytes, other: bytes) -> int:
    hashes = [hash_photo(decode_image(content, size=224)) for content in (one, other)]
    return int(np.bitwise_count(hashes[0] ^ hashes[1]).sum())


@pytest.mark.parametrize("folder", ["dress", "shoes", "t-shirt"])
def test_a_photo_saved_again_is_the_same_and_another_is_not(shared_data: Path, folder: str) -> None:
    photos = sorted((shared_data / "uploads" / "train" / folder).iterdir())[:6]
    for path, other in pairwise(photos):
        content = path.read_bytes()
        image = Image.open(io.BytesIO(content)).convert("RGB")
        smaller = image.resize((image.width * 2 // 3, image.height * 2 // 3))
        brighter = ImageEnhance.Brightness(image).enhance(1.05)
        for variant in (saved(image, quality=50), saved(smaller), saved(brighter)):
            assert different_bits(content, variant) <= MAX_DIFFERENT_BITS
        assert different_bits(content, other.read_bytes()) > 2 * MAX_DIFFERENT_BITS


def test_photos_without_contrast_are_like_nothing() -> None:
    hashes = np.stack([hash_photo(np.full((64, 64, 3), 7, np.uint8)) for _ in range(3)])
    assert not hashes.any()
    assert near_pairs(hashes).shape == (0, 2)


def test_a_hash_does_not_depend_on_the_size_of_the_photo() -> None:
    small = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    large = np.array(Image.fromarray(small).resize((224, 224), Image.Resampling.BICUBIC))
    larger = np.array(Image.fromarray(small).resize((299, 299), Image.Resampling.BICUBIC))
    assert int(np.bitwise_count(hash_photo(large) ^ hash_photo(larger)).sum()) <= 10


def test_all_pairs_within_the_limit_are_found_and_no_others() -> None:
    hashes = random_hashes(300)
    near = [flip(hashes[number], MAX_DIFFERENT_BITS, seed=number) for number in range(50)]
    far = [flip(hashes[number], MAX_DIFFERENT_BITS + 1, seed=number) for number in range(50, 100)]
    pairs = near_pairs(np.stack([*hashes, *near, *far]))
    assert {tuple(sorted(pair)) for pair in pairs.tolist()} == {
        (number, 300 + number) for number in range(50)
    }


def test_equal_hashes_are_joined_however_many_they_are() -> None:
    hashes = np.repeat(random_hashes(2), 5000, axis=0)
    groups = group_photos([f"{number}" for number in range(10_000)], hashes=hashes)
    assert len(set(groups.numbers.tolist())) == 2
    assert groups.near_duplicates == 9998


def test_tens_of_thousands_of_photos_are_compared_in_seconds() -> None:
    hashes = random_hashes(30_000)
    # A band that is alike in all of them, as white backgrounds make it.
    hashes.view(np.uint16)[:, 3] = 7
    hashes[-1] = flip(hashes[0], 10, seed=0)
    start = time.perf_counter()
    pairs = near_pairs(hashes)
    assert [0, 29_999] in [sorted(pair) for pair in pairs.tolist()]
    assert time.perf_counter() - start < 30


def test_copies_near_copies_and_shoots_are_joined_and_counted() -> None:
    hashes = random_hashes(8)
    hashes[1] = hashes[0]
    hashes[2] = flip(hashes[0], 5, seed=0)
    groups = group_photos(
        ["a", "a", "b", "c", "d", "e", "f", "g"],
        hashes=hashes,
        shoots=["", "", "s1", "s1", "s2", "s2", "", "s3"],
    )
    assert groups.numbers.tolist() == [0, 0, 0, 0, 1, 1, 2, 3]
    assert (groups.duplicates, groups.near_duplicates, groups.shoots) == (1, 1, 2)


def test_without_hashes_and_shoots_copies_are_joined_alone() -> None:
    groups = group_photos(["a", "b", "a"])
    assert groups.numbers.tolist() == [0, 1, 0]
    assert (groups.duplicates, groups.near_duplicates, groups.shoots) == (1, 0, 0)


def test_no_photos_are_no_groups() -> None:
    groups = group_photos([], hashes=np.empty((0, HASH_WORDS), dtype=np.uint64), shoots=[])
    assert groups.numbers.shape == (0,)
    assert (groups.duplicates, groups.near_duplicates, groups.shoots) == (0, 0, 0)
