"""Training a head: what is not labelled teaches nothing, and label sets teach each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from styles.ml.classifier import HeadConfig, build_head
from styles.ml.datasets import NO_LABEL, Example
from styles.ml.head_training import Lesson, fit_head, train_head
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


def lesson(
    features: NDArray[np.float32],
    label_sets: Mapping[str, Sequence[str]],
    class_indexes: Mapping[str, NDArray[np.int64]],
) -> Lesson:
    """Return a lesson on features alone; their examples have no photos."""
    example = Example("none", lambda: b"", {})
    return Lesson([example] * len(features), features, class_indexes, label_sets)


def test_an_example_without_a_label_does_not_move_its_label_set() -> None:
    features = points([[1, 0], [0, 1]])
    label_sets = {"style": ("a", "b"), "garment": ("x", "y")}
    keras.utils.set_random_seed(0)
    head = build_head(WIDTH, label_sets=label_sets, config=CONFIG)
    before = head.get_layer("garment_probabilities").get_weights()[0]
    fit_head(
        head,
        lesson(
            features,
            label_sets,
            {"style": np.repeat([0, 1], 20), "garment": np.full(40, NO_LABEL)},
        ),
        config=HeadConfig(**{**vars(CONFIG), "weight_decay": 0.0}),
        on_epoch=ignore,
    )
    assert np.array_equal(before, head.get_layer("garment_probabilities").get_weights()[0])
    found = head.predict(features, verbose=0)["style_probabilities"].argmax(axis=1)
    assert found.tolist() == [0] * 20 + [1] * 20


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
    photos = lesson(
        np.concatenate([products, phones]),
        label_sets,
        {
            "garment": np.concatenate([none, np.repeat([0, 1, 2], 20)]),
            "product_type": np.concatenate([np.repeat([0, 1, 2, 3], 20), none[:60]]),
        },
    )
    taught = train_head(photos, photos, config=CONFIG, progress=lambda *news: heard.append(news))
    jeans = taught.head.predict(products[20:40], verbose=0)["garment_probabilities"]
    assert jeans.argmax(axis=1).tolist() == [1] * 20
    assert [done for _, done, _ in heard] == list(range(1, 27))
    assert {(stage, total) for stage, _, total in heard} == {("epochs", 26)}
