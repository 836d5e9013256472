"""The study's head as one that serves: its softmax, and an embedding of unit length beside it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.datasets import NO_LABEL, Example
from styles.ml.errors import TrainingError
from styles.ml.export import export_trainable
from styles.ml.head_training import Lesson, TaughtHead
from styles.ml.progress import ignore_stage
from styles.ml.study import STUDY_HIDDEN_LAYER, StudyConfig
from styles.ml.study_head import train_study_head
from styles.ml.trained_model import load_trainable

CODES = ("a", "b", "c")
CONFIG = StudyConfig(epochs=10, hidden_width=32, batch_size=8, learning_rate=1e-2)
WIDTH = 6


def lesson(count: int, *, seed: int = 0, unlabelled: int = 0) -> Lesson:
    """Return features around one corner a class; the last ones have no label."""
    random = np.random.default_rng(seed)
    indexes = np.arange(count) % len(CODES)
    features = 3 * np.eye(len(CODES), WIDTH)[indexes] + random.normal(0, 0.3, (count, WIDTH))
    indexes[count - unlabelled :] = NO_LABEL
    return Lesson(
        examples=[Example(str(number), bytes, {}) for number in range(count)],
        features=features.astype(np.float32),
        class_indexes={"style": indexes},
        label_sets={"style": CODES},
    )


def teach(
    trained: Lesson, *, embedding_dim: int = 16, held_out: Lesson | None = None
) -> TaughtHead:
    return train_study_head(
        trained,
        held_out or lesson(9, seed=1),
        config=CONFIG,
        embedding_dim=embedding_dim,
        progress=ignore_stage,
    )


@pytest.fixture(scope="module")
def taught() -> TaughtHead:
    return teach(lesson(60))


def hidden_of(taught: TaughtHead, features: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the hidden layer's activations, computed anew."""
    (layer,) = [
        one
        for one in taught.head._flatten_layers(include_self=False)
        if one.name == STUDY_HIDDEN_LAYER
    ]
    kernel, bias = layer.get_weights()
    activations: NDArray[np.float64] = np.maximum(features @ kernel + bias, 0).astype(np.float64)
    return activations


def test_the_softmax_learns_and_every_epoch_is_told() -> None:
    heard: list[tuple[str, int, int]] = []
    held_out = lesson(30, seed=1)
    taught = train_study_head(
        lesson(60),
        held_out,
        config=CONFIG,
        embedding_dim=16,
        progress=lambda *one: heard.append(one),
    )
    assert heard == [("epochs", done, 10) for done in range(1, 11)]
    probabilities = taught.head.predict(held_out.features, verbose=0)["style_probabilities"]
    right = probabilities.argmax(axis=1) == held_out.class_indexes["style"]
    assert right.mean() > 0.9
    assert [scores.epoch for scores in taught.history] == list(range(1, 11))
    assert taught.history[-1].accuracy["style"] == pytest.approx(right.mean(), abs=1e-6)
    assert taught.history[-1].loss < taught.history[0].loss


def test_the_embedding_is_the_principal_components_of_the_hidden_layer(taught: TaughtHead) -> None:
    features = lesson(60).features
    activations = hidden_of(taught, features)
    centred = activations - activations.mean(axis=0)
    variances, directions = np.linalg.eigh(centred.T @ centred)
    components = centred @ directions[:, np.argsort(variances)[::-1][:16]]
    expected = components / np.linalg.norm(components, axis=1, keepdims=True)
    embeddings = taught.head.predict(features, verbose=0)["embedding"]
    # The sign of a component is anybody's choice; cosines between photos are not.
    assert embeddings @ embeddings.T == pytest.approx(expected @ expected.T, abs=1e-3)


@pytest.mark.parametrize("count", [6, 60])
def test_embeddings_are_of_unit_length_and_full_width_however_few_photos(count: int) -> None:
    head = teach(lesson(count), embedding_dim=256).head
    embeddings = head.predict(lesson(9, seed=1).features, verbose=0)["embedding"]
    assert embeddings.shape == (9, 256)
    assert np.linalg.norm(embeddings, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_photos_of_a_class_lie_together(taught: TaughtHead) -> None:
    unseen = lesson(30, seed=1)
    embeddings = taught.head.predict(unseen.features, verbose=0)["embedding"]
    cosines = embeddings @ embeddings.T
    same = np.equal.outer(unseen.class_indexes["style"], unseen.class_indexes["style"])
    assert cosines[same].mean() > cosines[~same].mean() + 0.5


def test_photos_without_a_label_teach_the_softmax_nothing() -> None:
    trained = lesson(60, unlabelled=30)
    with_others, without = teach(trained), teach(lesson(30))
    features = lesson(9, seed=1).features
    first, second = (
        taught.head.predict(features, verbose=0)["style_probabilities"]
        for taught in (with_others, without)
    )
    assert first.shape == second.shape
    assert np.isfinite(first).all()
    assert with_others.history[0].accuracy.keys() == {"style"}


def test_without_held_out_photos_only_the_loss_is_known() -> None:
    taught = teach(lesson(30), held_out=lesson(0))
    assert [scores.held_out_loss for scores in taught.history] == [None] * 10
    assert [dict(scores.accuracy) for scores in taught.history] == [{}] * 10


def test_a_saved_head_says_the_same(taught: TaughtHead) -> None:
    again = load_trainable(export_trainable(taught.head))
    features = lesson(9, seed=1).features
    for name, values in taught.head.predict(features, verbose=0).items():
        assert again.predict(features, verbose=0)[name] == pytest.approx(values, abs=1e-6)


def test_several_label_sets_are_refused_in_a_sentence() -> None:
    both = lesson(6)
    several = Lesson(
        both.examples,
        both.features,
        {**both.class_indexes, "garment": np.zeros(6, np.int64)},
        {**both.label_sets, "garment": ("x",)},
    )
    with pytest.raises(TrainingError, match=r"one label set, received style, garment\. Name one"):
        teach(several)
