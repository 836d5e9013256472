"""The head: unit embeddings, cosine classes, and a part of its own for colours."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.classifier import CosineSoftmax, HeadConfig, build_head
from styles.ml.quiet_tensorflow import keras

CONFIG = HeadConfig(
    embedding_dim=8, hidden_width=16, dropout=0.0, epochs=20, batch_size=16, learning_rate=1e-2
)
WIDTH = 6


def points(centres: list[list[float]], *, each: int = 20) -> NDArray[np.float32]:
    """Return features (len(centres) * each, WIDTH) around the centres."""
    random = np.random.default_rng(0)
    middle = np.repeat(np.array(centres, dtype=np.float32), each, axis=0)
    return np.pad(middle, ((0, 0), (0, WIDTH - middle.shape[1]))) + random.normal(
        0, 0.1, (len(middle), WIDTH)
    ).astype(np.float32)


def test_the_outputs_are_a_unit_embedding_and_a_distribution_per_label_set() -> None:
    label_sets = {"style": ("a", "b", "c"), "garment": ("x", "y")}
    outputs = build_head(WIDTH, label_sets=label_sets, config=CONFIG).predict(
        points([[1, 0], [0, 1]]), verbose=0
    )
    assert sorted(outputs) == ["embedding", "garment_probabilities", "style_probabilities"]
    assert outputs["embedding"].shape == (40, 8)
    assert np.linalg.norm(outputs["embedding"], axis=1) == pytest.approx(1.0, abs=1e-5)
    assert outputs["style_probabilities"].shape == (40, 3)
    assert outputs["garment_probabilities"].sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_class_is_a_direction() -> None:
    layer = CosineSoftmax(2, 3.0)
    layer.build((None, 2))
    # A class vector's length counts for nothing.
    layer.set_weights([np.array([[5.0, 0.0], [0.0, 0.1]], dtype=np.float32)])
    probabilities = np.asarray(layer(np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32)))
    logits = 3.0 * np.array([[1.0, 0.0], [0.6, 0.8]])
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert probabilities == pytest.approx(expected, abs=1e-5)


def test_a_head_is_read_back_as_it_was_saved() -> None:
    layer = CosineSoftmax(3, 7.0, name="style")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert (again.classes, again.scale, again.name) == (3, 7.0, "style")
