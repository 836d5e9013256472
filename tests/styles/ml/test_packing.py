"""Packing: what the artifact of a model holds, and that it is compared with unseen photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.artifact import (
    HEAD_FILE,
    HEAT_MAP_FILE,
    TRAINABLE_FILE,
    TRUNK_FILE,
    Artifact,
    checksum,
)
from styles.ml.classifier import HeadConfig, assemble, build_head
from styles.ml.export import Parity
from styles.ml.packing import pack_artifact
from styles.ml.quiet_tensorflow import keras
from styles.ml.trained_model import load_trainable
from tests.styles.ml import tiny

LABEL_SETS: Mapping[str, tuple[str, ...]] = {"style": ("a", "b", "c")}


def shown(count: int, *, seed: int) -> NDArray[np.uint8]:
    random = np.random.default_rng(seed)
    colours = random.integers(0, 256, (count, 1, 1, 3))
    photos: NDArray[np.uint8] = np.clip(
        colours + random.integers(-20, 21, (count, 32, 32, 3)), 0, 255
    ).astype(np.uint8)
    return photos


@pytest.fixture(scope="module")
def model() -> Any:
    network = tiny.build_backbone()
    keras.utils.set_random_seed(2)
    config = HeadConfig(embedding_dim=8, hidden_width=16)
    return assemble(network, build_head(tiny.FEATURE_WIDTH, label_sets=LABEL_SETS, config=config))


@pytest.fixture(scope="module")
def packed(model: Any) -> tuple[Artifact, Parity]:
    return pack_artifact(
        model,
        calibration=shown(12, seed=0),
        unseen=shown(7, seed=1),
        label_sets=LABEL_SETS,
        metrics={"style": {"accuracy": 0.5}},
        backbone="tiny",
        config={"epochs": 3},
        seed=11,
    )


def test_the_artifact_holds_what_serves_and_what_trains_on(
    packed: tuple[Artifact, Parity],
) -> None:
    artifact, _ = packed
    assert set(artifact.files) == {TRUNK_FILE, HEAD_FILE, HEAT_MAP_FILE, TRAINABLE_FILE}
    expected = {name: checksum(content) for name, content in artifact.files.items()}
    assert artifact.metadata.files == expected


def test_the_metadata_says_what_was_packed(packed: tuple[Artifact, Parity]) -> None:
    metadata = packed[0].metadata
    assert (metadata.backbone, metadata.input_size, metadata.embedding_dim) == ("tiny", 32, 8)
    assert metadata.label_sets == LABEL_SETS
    assert metadata.metrics == {"style": {"accuracy": 0.5}}
    assert (metadata.config, metadata.seed) == ({"epochs": 3}, 11)


def test_parity_is_measured_on_the_unseen_photos(packed: tuple[Artifact, Parity]) -> None:
    artifact, parity = packed
    assert parity.photos == 7
    assert parity.mean_cosine > 0.99
    assert artifact.metadata.parity == asdict(parity)


def test_what_trains_on_says_what_the_model_says(
    model: Any, packed: tuple[Artifact, Parity]
) -> None:
    photos = shown(4, seed=2)
    again = load_trainable(packed[0].files[TRAINABLE_FILE]).predict(photos, verbose=0)
    for name, values in model.predict(photos, verbose=0).items():
        assert again[name] == pytest.approx(values, abs=1e-6)
