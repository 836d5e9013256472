from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from styles.appearance import ImageError, describe_photo, fingerprint_vectors, near_pairs
from tests.photos import draw_photo, encode


def textured(seed: int) -> Image.Image:
    cells = np.random.default_rng(seed).integers(0, 255, (9, 9, 3), dtype=np.uint8)
    return Image.fromarray(cells).resize((300, 300), Image.Resampling.BICUBIC)


def test_a_photo_saved_again_keeps_its_fingerprint_and_another_has_its_own() -> None:
    again = encode(textured(1).resize((180, 180)), quality=60)
    files = [encode(textured(1)), encode(textured(2)), again]
    fingerprints = [describe_photo(file).fingerprint for file in files]
    assert {len(fingerprint) for fingerprint in fingerprints} == {32}
    assert near_pairs(fingerprints) == [(0, 2)]


def test_a_photo_is_described_by_its_colours() -> None:
    palette = describe_photo(encode(draw_photo())).palette
    assert sum(colour.share for colour in palette) == pytest.approx(1, abs=2e-3)


def test_what_is_no_photo_is_refused_with_its_code() -> None:
    with pytest.raises(ImageError) as refused:
        describe_photo(b"no photo")
    assert refused.value.code == "image_unsupported_format"


def test_vectors_have_near_fingerprints_where_they_are_near() -> None:
    random = np.random.default_rng(0)
    vectors = random.standard_normal((400, 256)).astype(np.float32)
    near = vectors + 0.1 * random.standard_normal(vectors.shape).astype(np.float32)
    distances = 1 - np.sum(vectors * near, axis=1) / (
        np.linalg.norm(vectors, axis=1) * np.linalg.norm(near, axis=1)
    )
    assert distances.max() < 0.008
    found = near_pairs(fingerprint_vectors(np.concatenate([vectors, near])))
    expected = {(place, place + 400) for place in range(400)}
    assert set(found) <= expected
    assert len(found) > 0.95 * len(expected)


def test_nothing_has_no_pairs() -> None:
    assert near_pairs([]) == []
