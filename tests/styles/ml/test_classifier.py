"""The head: unit embeddings, cosine classes, and a part of its own for colours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.classifier import (
    STANDARDISED_COLOURS,
    CosineSoftmax,
    HeadConfig,
    assemble,
    build_head,
    find_colour_width,
    has_colours,
    part_of,
    pool,
)
from styles.ml.colour import HISTOGRAM_WIDTH
from styles.ml.export import export_trainable
from styles.ml.packing import pack_artifact
from styles.ml.predictor import Predictor
from styles.ml.quiet_tensorflow import keras
from styles.ml.trained_model import load_trainable
from tests.styles.ml import tiny

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


COLOUR_CONFIG = HeadConfig(
    embedding_dim=16, colour_dim=4, hidden_width=16, colour_hidden_width=8, dropout=0.0
)
COLOURED = {"colour": ("black", "red", "white"), "style": ("a", "b")}


def described(count: int, *, seed: int) -> NDArray[np.float32]:
    """Return features (count, WIDTH) with a colour histogram behind each."""
    drawn = np.random.default_rng(seed).random((count, WIDTH + HISTOGRAM_WIDTH))
    return drawn.astype(np.float32)


@pytest.fixture(scope="module")
def coloured_head() -> Any:
    return build_head(WIDTH + HISTOGRAM_WIDTH, label_sets=COLOURED, config=COLOUR_CONFIG)


def test_colours_make_up_their_share_of_every_similarity(coloured_head: Any) -> None:
    embeddings = coloured_head.predict(described(20, seed=0), verbose=0)["embedding"]
    assert embeddings.shape == (20, 16)
    assert np.linalg.norm(embeddings, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.linalg.norm(embeddings[:, -4:], axis=1) ** 2 == pytest.approx(0.3, abs=1e-5)
    assert np.linalg.norm(embeddings[:, :-4], axis=1) ** 2 == pytest.approx(0.7, abs=1e-5)


def test_a_whole_model_says_how_wide_its_colour_part_is(coloured_head: Any) -> None:
    photos = keras.Input((32, 32, 3), dtype="uint8")
    network = keras.Model(photos, keras.layers.Conv2D(WIDTH, 4, 4)(photos / 255))
    plain = build_head(WIDTH, label_sets={"style": ("a", "b")}, config=CONFIG)
    assert find_colour_width(assemble(network, coloured_head)) == COLOUR_CONFIG.colour_dim
    assert find_colour_width(assemble(network, plain)) == 0


def test_each_label_set_has_its_part_of_the_embedding() -> None:
    embeddings = np.array([[0.6, 0.0, 0.0, 0.8], [0.0, 0.3, 0.4, 0.5]], np.float32)
    main = np.asarray(part_of(embeddings, "style", colour_width=2))
    colours = np.asarray(part_of(embeddings, "colour", colour_width=2))
    assert main == pytest.approx(np.array([[1, 0], [0, 1]]), abs=1e-6)
    assert colours == pytest.approx(np.array([[0, 1], [0.4, 0.5]]) / [[1], [0.41**0.5]], abs=1e-6)
    assert part_of(embeddings, "style", colour_width=0) is embeddings


def test_only_the_colour_part_moves_with_the_histogram(coloured_head: Any) -> None:
    features = described(20, seed=0)
    other = features.copy()
    other[:, WIDTH:] = described(20, seed=1)[:, WIDTH:]
    before, after = (coloured_head.predict(x, verbose=0) for x in (features, other))
    assert np.array_equal(before["embedding"][:, :-4], after["embedding"][:, :-4])
    assert np.array_equal(before["style_probabilities"], after["style_probabilities"])
    assert not np.allclose(before["embedding"][:, -4:], after["embedding"][:, -4:], atol=1e-3)
    assert not np.allclose(before["colour_probabilities"], after["colour_probabilities"], atol=1e-3)


def test_colours_are_read_from_the_colour_part_alone(coloured_head: Any) -> None:
    layer = coloured_head.get_layer("colour_probabilities")
    outputs = coloured_head.predict(described(20, seed=0), verbose=0)
    part = outputs["embedding"][:, -4:] / np.sqrt(0.3)
    assert layer.scale == COLOUR_CONFIG.colour_scale
    assert np.asarray(layer(part)) == pytest.approx(outputs["colour_probabilities"], abs=1e-4)


@pytest.mark.parametrize(
    ("label_sets", "learnt"),
    [
        ({"style": ("a", "b")}, False),
        ({"style": ("a", "b"), "colour": ("red",)}, False),
        ({"colour": ("blue", "red")}, True),
    ],
)
def test_one_colour_alone_is_nothing_to_learn(
    label_sets: dict[str, tuple[str, ...]], learnt: bool
) -> None:
    assert has_colours(label_sets) is learnt


def test_without_colours_there_is_no_colour_part() -> None:
    label_sets = {"style": ("a", "b")}
    head = build_head(WIDTH, label_sets=label_sets, config=COLOUR_CONFIG)
    assert head.output["embedding"].shape == (None, 16)
    assert not {layer.name for layer in head.layers} & {"colour_part", STANDARDISED_COLOURS}
    assert head.get_layer("projection").units == 16


@pytest.fixture
def coloured_model() -> Any:
    network = tiny.build_backbone()
    width = tiny.FEATURE_WIDTH + HISTOGRAM_WIDTH
    return assemble(network, build_head(width, label_sets=COLOURED, config=COLOUR_CONFIG))


def shown(count: int) -> NDArray[np.uint8]:
    """Return photos (count, 32, 32, 3) of one noisy colour each."""
    random = np.random.default_rng(0)
    colours = random.integers(0, 256, (count, 1, 1, 3))
    noise = random.integers(-20, 21, (count, 32, 32, 3))
    photos: NDArray[np.uint8] = np.clip(colours + noise, 0, 255).astype(np.uint8)
    return photos


def test_the_whole_model_says_what_head_and_features_say(coloured_model: Any) -> None:
    photos = shown(6)
    network = coloured_model.get_layer("network")
    head = coloured_model.get_layer("head")
    features = pool(network, with_colours=True).predict(photos, verbose=0)
    assert features.shape == (6, tiny.FEATURE_WIDTH + HISTOGRAM_WIDTH)
    plain = pool(network).predict(photos, verbose=0)
    assert np.array_equal(features[:, : tiny.FEATURE_WIDTH], plain)
    expected, whole = head.predict(features, verbose=0), coloured_model.predict(photos, verbose=0)
    for name, values in expected.items():
        assert whole[name] == pytest.approx(values, abs=1e-5)


def test_a_saved_model_with_colours_says_the_same(coloured_model: Any) -> None:
    photos = shown(6)
    again = load_trainable(export_trainable(coloured_model)).predict(photos, verbose=0)
    for name, values in coloured_model.predict(photos, verbose=0).items():
        assert again[name] == pytest.approx(values, abs=1e-6)


def test_what_is_served_with_colours_stays_true_and_says_where_it_looked(
    coloured_model: Any,
) -> None:
    photos = shown(24)
    expected = coloured_model.predict(photos[:4], verbose=0)
    artifact, parity = pack_artifact(
        coloured_model,
        calibration=photos[:12],
        unseen=photos[12:],
        label_sets=COLOURED,
        metrics={},
        backbone=tiny.BACKBONE,
        config={},
        seed=0,
    )
    assert parity.photos == 12
    assert parity.mean_cosine > 0.99
    assert parity.top_1_agreement == {"colour": 1.0, "style": 1.0}
    assert artifact.metadata.parity["mean_cosine"] == parity.mean_cosine
    served = Predictor(
        artifact.trunk,
        head=artifact.head,
        metadata=artifact.metadata,
        heat_map=artifact.heat_map,
    )
    outputs = served.predict(photos[:4], with_heat_maps=True)
    assert outputs.embeddings[:, -4:] == pytest.approx(expected["embedding"][:, -4:], abs=5e-3)
    assert outputs.heat_maps is not None
    assert outputs.heat_maps.shape == (4, 8, 8)
    assert outputs.heat_maps.max(axis=(1, 2)) == pytest.approx(1.0, abs=1e-5)
    assert outputs.heat_maps.min() >= 0
