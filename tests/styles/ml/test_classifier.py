"""The head: unit embeddings, cosine classes, and label sets that only some photos have."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.classifier import (
    CosineSoftmax,
    HeadConfig,
    build_head,
    fit_head,
    train_head,
    weigh_label_set,
)
from styles.ml.datasets import NO_LABEL
from styles.ml.quiet_tensorflow import keras

CONFIG = HeadConfig(
    embedding_dim=8, hidden_width=16, dropout=0.0, epochs=20, batch_size=16, learning_rate=1e-2
)
WIDTH = 6


def ignore(*_: object) -> None:
    """Hear of no progress."""


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


def test_an_example_without_a_label_does_not_move_its_label_set() -> None:
    features = points([[1, 0], [0, 1]])
    label_sets = {"style": ("a", "b"), "garment": ("x", "y")}
    keras.utils.set_random_seed(0)
    head = build_head(WIDTH, label_sets=label_sets, config=CONFIG)
    before = head.get_layer("garment_probabilities").get_weights()[0]
    fit_head(
        head,
        features,
        class_indexes={
            "style": np.repeat([0, 1], 20),
            "garment": np.full(40, NO_LABEL),
        },
        config=HeadConfig(**{**vars(CONFIG), "weight_decay": 0.0}),
        on_epoch=ignore,
    )
    assert np.array_equal(before, head.get_layer("garment_probabilities").get_weights()[0])
    found = head.predict(features, verbose=0)["style_probabilities"].argmax(axis=1)
    assert found.tolist() == [0] * 20 + [1] * 20


@pytest.mark.parametrize(
    ("class_indexes", "weight"),
    [
        ([0, 0, 0, 0], 0.0),
        ([NO_LABEL, NO_LABEL], 0.0),
        ([0, 1, NO_LABEL, NO_LABEL], np.log(2) / 2),
        (list(range(20)), 1.0),
    ],
    ids=["one label", "no label", "two labels", "twenty labels"],
)
def test_a_label_set_counts_by_how_much_its_labels_tell(
    class_indexes: list[int], weight: float
) -> None:
    assert weigh_label_set(np.array(class_indexes)) == pytest.approx(weight)


def test_labels_of_one_kind_of_photo_are_learnt_for_the_other() -> None:
    # Product photos have one axis of their own; where they are alike to phone photos is another.
    label_sets = {
        "garment": ("hat", "pants", "shirt"),
        "product_type": ("Hats", "Jeans", "Shirts", "Ties"),
    }
    products = points([[3, 0, 0, 2], [0, 3, 0, 2], [0, 0, 3, 2], [-3, -3, -3, 2]])
    phones = points([[3, 0, 0, -2], [0, 3, 0, -2], [0, 0, 3, -2]])
    none = np.full(80, NO_LABEL)
    heard: list[tuple[str, int, int]] = []
    keras.utils.set_random_seed(0)
    head = train_head(
        np.concatenate([products, phones]),
        label_sets=label_sets,
        class_indexes={
            "garment": np.concatenate([none, np.repeat([0, 1, 2], 20)]),
            "product_type": np.concatenate([np.repeat([0, 1, 2, 3], 20), none[:60]]),
        },
        config=CONFIG,
        progress=lambda *news: heard.append(news),
    )
    jeans = head.predict(products[20:40], verbose=0)["garment_probabilities"]
    assert jeans.argmax(axis=1).tolist() == [1] * 20
    assert [done for _, done, _ in heard] == list(range(1, 27))
    assert {(stage, total) for stage, _, total in heard} == {("epochs", 26)}
