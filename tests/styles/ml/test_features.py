"""Photos become features once, and pixels as often as asked."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from styles.ml.classifier import pool
from styles.ml.datasets import Box, Example
from styles.ml.duplicates import group_photos
from styles.ml.errors import DatasetError
from styles.ml.feature_cache import FeatureCache
from styles.ml.features import (
    FEATURE_BATCH,
    Features,
    SkippedPhoto,
    decode_examples,
    extract_features,
    garment_area,
    photo_batches,
)
from tests.styles.ml import tiny

BROKEN = Example("broken", lambda: b"no photo", {"style": "red"})
MISSING = Example("missing", Path("/nowhere.jpg").read_bytes, {"style": "red"})


@cache
def network() -> Any:
    return pool(tiny.build_backbone())


def extract(examples: list[Example], **options: Any) -> Features:
    options = {"progress": lambda *told: None, "network": network(), **options}
    return extract_features(examples, input_size=tiny.INPUT_SIZE, threads=2, **options)


def test_features_are_those_of_the_network_in_the_order_of_the_examples() -> None:
    examples = tiny.examples(15)
    features = extract([*examples[:20], BROKEN, *examples[20:], MISSING])
    assert features.examples == examples
    assert features.skipped == [
        SkippedPhoto("broken", "image_unsupported_format"),
        SkippedPhoto("missing", "file_unreadable"),
    ]
    pixels = decode_examples(examples, size=tiny.INPUT_SIZE, threads=2)
    expected = network().predict(pixels, verbose=0)
    assert features.vectors.dtype == np.float32
    assert features.vectors == pytest.approx(expected, rel=1e-3)
    assert len(features.digests) == len(features.hashes) == len(examples)
    assert features.reused == 0


def test_progress_ends_at_the_end_even_where_the_last_photos_are_skipped() -> None:
    heard: list[tuple[str, int, int]] = []
    examples = [*tiny.examples(FEATURE_BATCH), BROKEN, BROKEN]
    extract(examples, progress=lambda *told: heard.append(told))
    assert heard[0] == ("features", FEATURE_BATCH, len(examples))
    assert heard[-1] == ("features", len(examples), len(examples))


def test_known_photos_are_not_run_again_and_give_the_same_features(tmp_path: Path) -> None:
    examples = tiny.examples(15)
    with FeatureCache(tmp_path, network="tiny") as kept:
        first = extract(examples[:40], cache=kept)
        both = extract([BROKEN, *examples], cache=kept)
        alone = extract(examples)
        never = Mock(wraps=network(), output_shape=network().output_shape)
        again = extract(examples, cache=kept, network=never)
    assert (first.reused, both.reused, again.reused) == (0, 40, 45)
    assert never.call_count == 0
    for features in (both, again):
        assert np.array_equal(features.vectors, alone.vectors)
        assert np.array_equal(features.hashes, alone.hashes)
        assert features.digests == alone.digests


def test_features_of_another_width_are_kept_beside(tmp_path: Path) -> None:
    from styles.ml.quiet_tensorflow import keras

    examples = tiny.examples(2)
    with FeatureCache(tmp_path, network="tiny") as kept:
        extract(examples, cache=kept)
        photos = keras.Input((tiny.INPUT_SIZE, tiny.INPUT_SIZE, 3), dtype="uint8")
        narrow = keras.Model(photos, network()(photos)[:, :4])
        assert extract(examples, cache=kept, network=narrow).vectors.shape == (6, 4)
        assert extract(examples, cache=kept, network=narrow).reused == 6
        assert extract(examples, cache=kept).reused == 6


def test_near_copies_are_found_by_the_hashes_of_features(tmp_path: Path) -> None:
    examples = tiny.examples(4)
    copy = replace(examples[0], key="copy")
    with FeatureCache(tmp_path, network="tiny") as kept:
        for _ in range(2):
            features = extract([*examples, copy], cache=kept)
            groups = group_photos(features.digests, hashes=features.hashes)
            assert groups.numbers[0] == groups.numbers[-1]
            # Photos of one number differ in nothing but colour, which a hash does not see.
            assert (groups.duplicates, groups.near_duplicates) == (1, 8)


def test_cropping_to_the_garment_is_another_photo_to_the_cache(tmp_path: Path) -> None:
    examples = [replace(one, boxes=(Box(2, 2, 12, 20),)) for one in tiny.examples(3)]
    with FeatureCache(tmp_path, network="tiny") as kept:
        whole = extract(examples, cache=kept)
        cropped = extract(examples, cache=kept, crop_to_garment=True)
        again = extract(examples, cache=kept, crop_to_garment=True)
    assert (cropped.reused, again.reused) == (0, 9)
    assert not np.allclose(whole.vectors, cropped.vectors)
    assert np.array_equal(cropped.vectors, again.vectors)


def test_the_area_of_garments_has_a_margin_and_stays_on_the_photo() -> None:
    boxes = [Box(30, 20, 40, 60), Box(50, 70, 30, 50)]
    assert garment_area(boxes, width=200, height=200) == (20, 10, 90, 130)
    assert garment_area(boxes, width=85, height=100) == (20, 10, 85, 100)
    assert garment_area([Box(500, 500, 10, 10)], width=85, height=100) == (0, 0, 85, 100)


def test_a_crop_shows_the_garment_alone() -> None:
    from tests.styles.ml.k_fashion_tree import draw_photo

    content = draw_photo("로맨틱", shoot=0, number=0)
    whole = Example("1", lambda: content, {}, boxes=(Box(0, 0, 48, 48),))
    corner = replace(whole, boxes=(Box(0, 0, 16, 16),))
    batches = [next(photo_batches([one], size=48, crop_to_garment=True)) for one in (whole, corner)]
    enlarged = np.kron(batches[0].pixels[0, 4:12, 4:12], np.ones((1, 1, 1)))
    assert batches[1].pixels[0, 12:32, 12:32].mean() == pytest.approx(enlarged.mean(), abs=12)
    assert not np.array_equal(batches[0].pixels, batches[1].pixels)


def test_batches_name_the_places_of_their_photos() -> None:
    examples = [*tiny.examples(3)[:5], BROKEN, *tiny.examples(3)[5:], MISSING]
    batches = list(photo_batches(examples, size=16, batch=4, threads=2))
    assert [batch.positions for batch in batches] == [[0, 1, 2, 3], [4, 6, 7, 8], [9]]
    assert [batch.pixels.shape for batch in batches] == [(n, 16, 16, 3) for n in (4, 4, 1)]
    assert [[photo.key for photo in batch.skipped] for batch in batches] == [
        [],
        ["broken"],
        ["missing"],
    ]
    assert batches[0].pixels.dtype == np.uint8


def test_batches_end_without_photos_where_only_skipped_ones_are_left() -> None:
    (batch,) = photo_batches([BROKEN], size=16)
    assert (batch.positions, batch.pixels.shape) == ([], (0, 16, 16, 3))
    assert list(photo_batches([], size=16)) == []


def test_who_stops_early_waits_for_nobody() -> None:
    read: list[int] = []

    def example(number: int) -> Example:
        def content() -> bytes:
            read.append(number)
            return tiny.photo("red", number=number)

        return Example(f"{number}", content, {})

    batches = photo_batches([example(number) for number in range(2000)], size=16, batch=2)
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert len(read) < 1000


def test_photos_that_all_fail_are_refused() -> None:
    with pytest.raises(DatasetError, match="received 2 unusable ones"):
        extract([BROKEN, MISSING])
