"""Augmented photos: the seed decides, and each change is no larger than it may be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.augmentation import AugmentationConfig, augment

SIDE = 65
CENTRE = (SIDE - 1) / 2
NOTHING = AugmentationConfig(
    turn=0, zoom=0, shift=0, light=0, contrast=0, tint=0, rooms=0, unchanged=0
)
PHOTOS = 48


def changed(
    photos: NDArray[np.uint8], config: AugmentationConfig, *, seed: int = 0
) -> NDArray[np.uint8]:
    result: NDArray[np.uint8] = augment(photos, seed=(seed, 1), config=config).numpy()
    return result


def only(**changes: float) -> AugmentationConfig:
    """Return a configuration that mirrors, and does what is given."""
    return AugmentationConfig(**{**vars(NOTHING), **changes})


def noise(count: int = 4) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (count, SIDE, SIDE, 3), dtype=np.uint8)


def dots(x: float, y: float) -> NDArray[np.uint8]:
    """Return PHOTOS black photos with a soft white dot at a place."""
    across = np.arange(SIDE)
    far = (across[None, :] - x) ** 2 + (across[:, None] - y) ** 2
    dot = (250 * np.exp(-far / (2 * 2.0**2))).round().astype(np.uint8)
    return np.repeat(dot[None, :, :, None], PHOTOS, axis=0).repeat(3, axis=3)


def places(photos: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return where the dots are, as x and y (N, 2) from the middle."""
    levels = photos[..., 0].astype(float)
    across = np.arange(SIDE) - CENTRE
    total = levels.sum(axis=(1, 2))
    x = (levels.sum(axis=1) * across).sum(axis=1) / total
    y = (levels.sum(axis=2) * across).sum(axis=1) / total
    return np.stack([x, y], axis=1)


def test_the_same_seed_changes_alike_and_another_otherwise() -> None:
    config = AugmentationConfig(unchanged=0.0)
    one, again, other = (changed(noise(), config, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_photos_of_a_batch_are_changed_differently() -> None:
    same = np.repeat(noise(1), 4, axis=0)
    assert len(np.unique(changed(same, AugmentationConfig(unchanged=0.0)), axis=0)) == 4


def test_photos_stay_photos() -> None:
    result = changed(noise(), AugmentationConfig())
    assert result.dtype == np.uint8
    assert result.shape == (4, SIDE, SIDE, 3)


def test_unchanged_photos_are_the_same_to_the_bit() -> None:
    assert np.array_equal(changed(noise(), AugmentationConfig(unchanged=1.0)), noise())


def test_some_photos_stay_as_they_are() -> None:
    photos = noise(PHOTOS)
    stayed = (changed(photos, AugmentationConfig(unchanged=0.5)) == photos).all(axis=(1, 2, 3))
    assert 0.25 < stayed.mean() < 0.75


def test_without_any_change_photos_are_mirrored_or_not() -> None:
    photos = noise(PHOTOS)
    result = changed(photos, NOTHING)
    same = (result == photos).all(axis=(1, 2, 3))
    mirrored = (result == photos[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (same ^ mirrored).all()
    assert 0.25 < mirrored.mean() < 0.75


def test_a_turn_goes_around_the_middle_and_no_further_than_allowed() -> None:
    config = only(turn=20)
    moved = places(changed(dots(CENTRE + 16, CENTRE), config))
    assert np.hypot(*moved.T) == pytest.approx(16, abs=0.3)
    angles = np.degrees(np.arctan2(moved[:, 1], np.abs(moved[:, 0])))
    assert np.abs(angles).max() <= 20.5
    assert angles.max() > 10
    assert angles.min() < -10
    assert np.abs(places(changed(dots(CENTRE, CENTRE), config))).max() < 0.05


def test_a_point_below_turns_with_a_point_beside() -> None:
    config = only(turn=20)
    beside = places(changed(dots(CENTRE + 16, CENTRE), config))
    below = places(changed(dots(CENTRE, CENTRE + 16), config))
    assert np.sum(beside * below, axis=1) == pytest.approx(0, abs=0.02 * 16 * 16)
    mirrored = np.where(beside[:, 0] < 0, -1, 1)
    turned = beside[:, 0] * below[:, 1] - beside[:, 1] * below[:, 0]
    assert np.sign(turned).tolist() == mirrored.tolist()


def test_a_zoom_goes_out_from_the_middle() -> None:
    config = only(zoom=0.25)
    distances = np.abs(places(changed(dots(CENTRE + 12, CENTRE), config)))
    assert distances[:, 0].min() >= 12 / 1.25 - 0.3
    assert distances[:, 0].max() <= 12 / 0.75 + 0.3
    assert distances[:, 0].max() - distances[:, 0].min() > 3
    assert distances[:, 1].max() < 0.05
    assert np.abs(places(changed(dots(CENTRE, CENTRE), config))).max() < 0.05


def test_a_shift_moves_every_point_alike_and_no_further_than_allowed() -> None:
    config = only(shift=0.1)
    middle = places(changed(dots(CENTRE, CENTRE), config))
    below = places(changed(dots(CENTRE, CENTRE + 8), config))
    assert np.abs(middle).max() <= 0.1 * SIDE + 0.1
    assert np.abs(middle).max(axis=0).min() > 3
    assert np.abs(middle.mean(axis=0)).max() < 2
    assert below - middle == pytest.approx(np.tile([0, 8], (PHOTOS, 1)), abs=0.1)


def test_all_moves_together_keep_the_middle_near_the_middle() -> None:
    config = only(turn=15, zoom=0.25, shift=0.1)
    farthest = np.hypot(*places(changed(dots(CENTRE, CENTRE), config)).T).max()
    assert farthest <= math.sqrt(2) * 0.1 * SIDE / 0.75 + 0.3


def test_brighter_than_white_is_white() -> None:
    photos = np.full((PHOTOS, 8, 8, 3), 200, np.uint8)
    levels = changed(photos, only(light=0.5))[:, 0, 0, 0].astype(int)
    assert levels.max() == 255
    assert 99 <= levels.min() < 150
    assert np.median(levels) > 150


def test_contrast_leaves_the_mean_and_tint_is_small() -> None:
    photos = np.full((PHOTOS, 8, 8, 3), 100, np.uint8)
    photos[:, :4] = 140
    contrasted = changed(photos, only(contrast=0.5)).astype(float)
    assert contrasted.mean(axis=(1, 2, 3)) == pytest.approx(120, abs=0.6)
    spread = contrasted[:, 0, 0, 0] - contrasted[:, 7, 7, 0]
    assert 19 <= spread.min() < 30
    assert 50 < spread.max() <= 61
    tinted = changed(photos, only(tint=0.05))[:, 0, 0].astype(float)
    assert np.abs(tinted - 140).max() <= 7.5
    assert (tinted.max(axis=1) - tinted.min(axis=1)).max() > 3


def test_only_the_white_behind_a_product_becomes_a_room() -> None:
    photos = np.full((PHOTOS, SIDE, SIDE, 3), 255, np.uint8)
    photos[:, 20:45, 20:45] = (160, 20, 40)
    photos[:, 50:60] = (250, 240, 200)  # light, and yet a colour
    result = changed(photos, only(rooms=1.0))
    assert (result[:, 22:43, 22:43] == (160, 20, 40)).all()
    assert (result[:, 52:58] == (250, 240, 200)).all()
    corners = result[:, :12, :12].astype(float)
    assert (corners.mean(axis=(1, 2, 3)) < 245).all()
    assert len(np.unique(corners.mean(axis=(1, 2)).round(), axis=0)) > PHOTOS // 2
    # A room has a texture: it is no plain colour.
    assert np.median(corners.std(axis=(1, 2)).mean(axis=-1)) > 1


def test_a_share_of_the_photos_gets_a_room() -> None:
    photos = np.full((PHOTOS, 16, 16, 3), 255, np.uint8)
    stayed = (changed(photos, only(rooms=0.5)) == 255).all(axis=(1, 2, 3))
    assert 0.25 < stayed.mean() < 0.75


def test_a_black_photo_stays_black() -> None:
    photos = np.zeros((8, 16, 16, 3), np.uint8)
    assert not changed(photos, AugmentationConfig(rooms=1.0, unchanged=0.0)).any()
