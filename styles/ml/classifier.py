"""The head and the whole model: from features to an embedding and a softmax per label set.

Classes are directions: a class's logit is the cosine between its vector and the embedding, times a
fixed scale, so that photos of a class gather around one direction and cosine search finds them.
Where colours are learnt, the embedding's last numbers are a part of their own: it alone knows them,
and how much it counts in a distance is set, not learnt.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from styles.ml.colour import HISTOGRAM_WIDTH, ColourHistogram
from styles.ml.outputs import EMBEDDING_OUTPUT, PHOTOS, TRUNK_LAYER, probabilities_output
from styles.ml.quiet_tensorflow import keras

COLOUR = "colour"
STANDARDISED_COLOURS = "standardised_colours"
COLOUR_PART = "colour_part"
HEAD_LAYER = "head"


@dataclass(frozen=True)
class HeadConfig:
    """How wide the head is and how it is trained on frozen features.

    Measured on phone photos that were not trained on (P@10 against the catalogue's types): a hidden
    width of 1,024 does 2 points better than 512, and a cosine scale of 8 better than 6 or 16.
    `colour_dim` numbers of the embedding are the colour part, where colours are learnt, and make up
    `colour_share` of every similarity: a larger share buys look-alikes in colour with look-alikes
    in type. Colours are named with much noise; a `colour_scale` of 6 gathers them better than 12.
    """

    embedding_dim: int = 256
    hidden_width: int = 1024
    dropout: float = 0.4
    cosine_scale: float = 8.0
    colour_dim: int = 64
    colour_share: float = 0.3
    colour_hidden_width: int = 256
    colour_scale: float = 6.0
    label_smoothing: float = 0.0
    balance_classes: bool = False
    epochs: int = 15
    batch_size: int = 128
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4


@keras.saving.register_keras_serializable(package="kfashion")
class CosineSoftmax(keras.layers.Layer):  # type: ignore[misc]
    """Probabilities (N, classes) from unit embeddings (N, D) by scaled cosine to class vectors."""

    def __init__(self, classes: int, scale: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.classes = classes
        self.scale = scale

    def build(self, input_shape: tuple[int | None, int]) -> None:
        self.class_vectors = self.add_weight(
            shape=(input_shape[-1], self.classes),
            initializer="glorot_uniform",
            name="class_vectors",
        )

    def call(self, embeddings: Any) -> Any:
        directions = self.scale * keras.ops.normalize(self.class_vectors, axis=0)
        return keras.ops.softmax(keras.ops.matmul(embeddings, directions))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "classes": self.classes, "scale": self.scale}


def has_colours(label_sets: Mapping[str, Sequence[str]]) -> bool:
    """Return whether there are colours to learn."""
    return len(label_sets.get(COLOUR, ())) > 1


def build_head(
    feature_width: int, *, label_sets: Mapping[str, Sequence[str]], config: HeadConfig
) -> Any:
    """Return an untrained Keras model from features (N, feature_width) to a dict of outputs.

    The outputs are the unit embedding (N, embedding_dim) and probabilities (N, C) per label set.
    Where colours are learnt, the features' last HISTOGRAM_WIDTH numbers are a colour histogram.
    """
    features = keras.Input((feature_width,), name="features")
    colour_part = None
    if has_colours(label_sets):
        main_part = _build_main_part(
            features[:, :-HISTOGRAM_WIDTH], config.embedding_dim - config.colour_dim, config
        )
        colour_part = _build_colour_part(features, config)
        embedding = keras.layers.Concatenate(name=EMBEDDING_OUTPUT)(
            [
                main_part * math.sqrt(1.0 - config.colour_share),
                colour_part * math.sqrt(config.colour_share),
            ]
        )
    else:
        main_part = embedding = _build_main_part(features, config.embedding_dim, config)
    outputs = {EMBEDDING_OUTPUT: embedding}
    for name, codes in label_sets.items():
        is_colour = name == COLOUR and colour_part is not None
        scale = config.colour_scale if is_colour else config.cosine_scale
        softmax = CosineSoftmax(len(codes), scale, name=probabilities_output(name))
        outputs[probabilities_output(name)] = softmax(colour_part if is_colour else main_part)
    return keras.Model(features, outputs, name=HEAD_LAYER)


def _build_main_part(features: Any, width: int, config: HeadConfig) -> Any:
    x = keras.layers.Dropout(config.dropout)(features)
    x = keras.layers.Dense(config.hidden_width, activation="gelu", name="hidden")(x)
    x = keras.layers.Dense(width, name="projection")(x)
    return keras.layers.UnitNormalization(name="main_part")(x)


def _build_colour_part(features: Any, config: HeadConfig) -> Any:
    """Standardise first: rare bins of the histogram tell as much as the frequent ones."""
    x = keras.layers.BatchNormalization(
        center=False, scale=False, trainable=False, name=STANDARDISED_COLOURS
    )(features)
    x = keras.layers.Dropout(config.dropout)(x)
    x = keras.layers.Dense(config.colour_hidden_width, activation="gelu", name="colour_hidden")(x)
    x = keras.layers.Dense(config.colour_dim, name="colour_projection")(x)
    return keras.layers.UnitNormalization(name=COLOUR_PART)(x)


def part_of(embeddings: Any, label_set: str, *, colour_width: int) -> Any:
    """Return the part of embeddings (N, D) that knows a label set, at unit length.

    `colour_width` numbers at the end are the colour part; of 0, all of an embedding knows all.
    """
    if not colour_width:
        return embeddings
    is_colour = label_set == COLOUR
    part = embeddings[:, -colour_width:] if is_colour else embeddings[:, :-colour_width]
    return keras.ops.normalize(part, axis=-1)


def find_colour_width(model: Any) -> int:
    """Return how many numbers at an embedding's end are the colour part of an assembled model."""
    head = model.get_layer(HEAD_LAYER)
    names = {layer.name for layer in head.layers}
    return int(head.get_layer(COLOUR_PART).output.shape[-1]) if COLOUR_PART in names else 0


def pool(network: Any, *, with_colours: bool = False) -> Any:
    """Return the model from photos to features (N, W): the mean of the network's feature map.

    Each of them is followed by the photo's colour histogram where that is wanted.
    """
    return keras.Model(
        network.input,
        _pool(network.output, network.input, with_colours=with_colours),
        name="pooled",
    )


def assemble(network: Any, head: Any) -> Any:
    """Return the whole model: uint8 photos (N, S, S, 3) to the head's dict of outputs."""
    photos = keras.Input(network.input_shape[1:], dtype="uint8", name=PHOTOS)
    trunk = keras.Model(network.input, network.output, name=TRUNK_LAYER)
    feature_map = trunk(photos)
    with_colours = head.input_shape[-1] != feature_map.shape[-1]
    features = _pool(feature_map, photos, with_colours=with_colours)
    return keras.Model(photos, head(features), name="photo_classifier")


def _pool(feature_map: Any, photos: Any, *, with_colours: bool) -> Any:
    pooled = keras.layers.GlobalAveragePooling2D(name="features")(feature_map)
    if not with_colours:
        return pooled
    return keras.layers.Concatenate(name="features_and_colours")(
        [pooled, ColourHistogram()(photos)]
    )
