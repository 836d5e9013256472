"""Heat maps: on heads whose answer is known, through export and LiteRT."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from styles.ml.artifact import ArtifactMetadata
from styles.ml.attention import draw_heat, make_differentiable
from styles.ml.errors import ExportRefusedError
from styles.ml.export import export_head, export_heat_map, export_trunk
from styles.ml.outputs import FEATURE_MAP, PHOTOS
from styles.ml.predictor import Predictor
from styles.ml.quiet_tensorflow import keras, tf

SIDE = 32
WIDTH = 8


def colour_trunk() -> Any:
    """Return a trunk whose feature map (8, 8, 3) is the mean colour of each 4 x 4 pixels."""
    photos = keras.Input((SIDE, SIDE, 3), dtype="uint8")
    x = keras.layers.Rescaling(1 / 255.0)(photos)
    return keras.Model(photos, keras.layers.AveragePooling2D(4)(x))


def finish(inputs: dict[str, Any], x: Any) -> Any:
    embedding = keras.layers.UnitNormalization()(keras.layers.Dense(WIDTH)(x))
    probabilities = keras.layers.Dense(2, activation="softmax")(embedding)
    return keras.Model(inputs, {"embedding": embedding, "style_probabilities": probabilities})


def simple_head(channels: int = 3, *, activation: str | None = None) -> Any:
    keras.utils.set_random_seed(3)
    feature_map = keras.Input((8, 8, channels), name=FEATURE_MAP)
    x = keras.layers.GlobalAveragePooling2D()(feature_map)
    if activation:
        x = keras.layers.Dense(64, activation=activation)(x)
    return finish({FEATURE_MAP: feature_map}, x)


def head_with_photos() -> Any:
    """Return a head that slices its features and takes something from the photo itself."""
    keras.utils.set_random_seed(3)
    feature_map = keras.Input((8, 8, 3), name=FEATURE_MAP)
    photos = keras.Input((SIDE, SIDE, 3), dtype="uint8", name=PHOTOS)
    seen = keras.layers.GlobalAveragePooling2D()(feature_map)
    colours = keras.layers.GlobalMaxPooling2D()(keras.layers.Rescaling(1 / 255.0)(photos))
    features = keras.layers.Concatenate()([seen, colours])
    main = keras.layers.Dense(32, activation="gelu")(features[:, :-3])
    x = keras.layers.Concatenate()([main, features])
    return finish({FEATURE_MAP: feature_map, PHOTOS: photos}, x)


def square(row: int, column: int) -> NDArray[np.uint8]:
    """Return a black photo with an orange square of 8 pixels at a place of the feature map."""
    photo = np.zeros((SIDE, SIDE, 3), np.uint8)
    photo[4 * row : 4 * row + 8, 4 * column : 4 * column + 8] = (250, 120, 10)
    return photo


def served(head: Any) -> Predictor:
    metadata = ArtifactMetadata(
        backbone="by hand", input_size=SIDE, embedding_dim=WIDTH, label_sets={"style": ("a", "b")},
        files={}, parity={}, metrics={}, config={}, seed=0,
    )  # fmt: skip
    photos = np.stack([square(row, 3) for row in range(7)])
    return Predictor(
        export_trunk(colour_trunk(), photos),
        head=export_head(head),
        metadata=metadata,
        heat_map=export_heat_map(head),
    )


def heat_of(predictor: Predictor, photos: NDArray[np.uint8]) -> NDArray[np.float32]:
    heat = predictor.predict(photos, with_heat_maps=True).heat_maps
    assert heat is not None
    return heat


@pytest.mark.parametrize("activation", [None, "relu", "gelu"])
def test_a_square_in_a_corner_lights_that_corner(activation: str | None) -> None:
    predictor = served(simple_head(activation=activation))
    for row, column in [(0, 0), (0, 6), (6, 0), (6, 6), (3, 4)]:
        heat = heat_of(predictor, square(row, column)[np.newaxis])[0]
        assert heat.max() == pytest.approx(1.0)
        lit = np.zeros((8, 8), bool)
        lit[row : row + 2, column : column + 2] = True
        assert (heat[lit] > 0.9).all()
        assert (heat[~lit] < 0.1).all()


@pytest.mark.parametrize("saved", [False, True], ids=["as trained", "as stored"])
def test_a_head_may_slice_its_features_and_see_the_photo(saved: bool, tmp_path: Path) -> None:
    head = head_with_photos()
    if saved:
        head.save(tmp_path / "head.keras")
        head = keras.models.load_model(tmp_path / "head.keras")
    photos = np.random.default_rng(0).integers(0, 256, (3, SIDE, SIDE, 3), np.uint8)
    inputs = {FEATURE_MAP: colour_trunk()(photos), PHOTOS: tf.constant(photos)}
    predictor = served(head)
    heat, embeddings = heat_of(predictor, photos), predictor.predict(photos).embeddings
    for number in range(3):
        one = {name: tensor[number : number + 1] for name, tensor in inputs.items()}
        expected = draw_heat(make_differentiable(head), one)
        assert heat[number] == pytest.approx(expected.numpy()[0], abs=0.05)
        assert embeddings[number] == pytest.approx(head(one)["embedding"].numpy()[0], abs=0.02)


def test_where_there_is_nothing_there_is_no_heat() -> None:
    nothing = {FEATURE_MAP: tf.zeros((1, 8, 8, 3))}
    heat = draw_heat(make_differentiable(simple_head()), nothing)
    assert np.array_equal(heat, np.zeros((1, 8, 8), np.float32))


def test_the_heat_is_grad_cam_of_the_embedding_before_it_is_brought_to_unit_length() -> None:
    head = simple_head(16, activation="gelu")
    feature_map = tf.constant(np.random.default_rng(0).random((4, 8, 8, 16), np.float32))
    found = draw_heat(make_differentiable(head), {FEATURE_MAP: feature_map})
    unit_layer = next(
        layer for layer in head.layers if isinstance(layer, keras.layers.UnitNormalization)
    )
    before = keras.Model(head.input, unit_layer.input)
    with tf.GradientTape() as tape:
        tape.watch(feature_map)
        length = tf.norm(before({FEATURE_MAP: feature_map}), axis=-1)
    weights = tf.reduce_mean(tape.gradient(length, feature_map), axis=(1, 2), keepdims=True)
    heat = tf.nn.relu(tf.reduce_sum(weights * feature_map, axis=-1)).numpy()
    expected = heat / heat.max(axis=(1, 2), keepdims=True)
    assert found.numpy() == pytest.approx(expected, abs=2e-3)


def test_a_differentiable_head_answers_as_before() -> None:
    head = simple_head(activation="gelu")
    inputs = {FEATURE_MAP: np.random.default_rng(0).random((4, 8, 8, 3), np.float32)}
    before, after = head(inputs), make_differentiable(head)(inputs)
    assert np.array_equal(before["embedding"], after["embedding"])


def test_a_head_that_takes_no_notice_of_the_feature_map_is_refused() -> None:
    feature_map = keras.Input((8, 8, 3), name=FEATURE_MAP)
    photos = keras.Input((SIDE, SIDE, 3), dtype="uint8", name=PHOTOS)
    colours = keras.layers.GlobalMaxPooling2D()(keras.layers.Rescaling(1 / 255.0)(photos))
    head = finish({FEATURE_MAP: feature_map, PHOTOS: photos}, colours)
    with pytest.raises(ExportRefusedError, match="takes no notice of it"):
        export_heat_map(head)
