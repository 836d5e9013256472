"""The head that learns: from features to an embedding and a softmax per label set; for training.

Classes are directions: a class's logit is the cosine between its vector and the embedding, times a
fixed scale, so that photos of a class gather around one direction and cosine search finds them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.bridges import bridge_label_sets, find_bridges
from styles.ml.datasets import NO_LABEL
from styles.ml.features import Progress
from styles.ml.outputs import EMBEDDING_OUTPUT, TRUNK_LAYER, probabilities_output
from styles.ml.quiet_tensorflow import keras

PREDICT_BATCH = 1024
ENOUGH_NATS = 2.0
# What reads labels across label sets must not know its own photos too well: with a dropout of 0.4
# jeans on a model were read as shirts, with 0.6 as pants.
BRIDGE_EPOCHS = 6
BRIDGE_DROPOUT = 0.6


@dataclass(frozen=True)
class HeadConfig:
    """How wide the head is and how it is trained.

    Measured on phone photos that were not trained on (P@10 against the catalogue's types): a hidden
    width of 1,024 does 2 points better than 512, and a cosine scale of 8 better than 6 or 16.
    """

    embedding_dim: int = 256
    hidden_width: int = 1024
    dropout: float = 0.4
    cosine_scale: float = 8.0
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


def build_head(
    feature_width: int, *, label_sets: Mapping[str, Sequence[str]], config: HeadConfig
) -> Any:
    """Return an untrained Keras model from features (N, feature_width) to a dict of outputs.

    The outputs are the unit embedding (N, embedding_dim) and probabilities (N, C) per label set.
    """
    features = keras.Input((feature_width,), name="features")
    x = keras.layers.Dropout(config.dropout)(features)
    x = keras.layers.Dense(config.hidden_width, activation="gelu", name="hidden")(x)
    x = keras.layers.Dense(config.embedding_dim, name="projection")(x)
    embedding = keras.layers.UnitNormalization(name=EMBEDDING_OUTPUT)(x)
    outputs = {EMBEDDING_OUTPUT: embedding}
    for name, codes in label_sets.items():
        softmax = CosineSoftmax(len(codes), config.cosine_scale, name=probabilities_output(name))
        outputs[probabilities_output(name)] = softmax(embedding)
    return keras.Model(features, outputs, name="head")


def fit_head(
    head: Any,
    features: NDArray[np.float32],
    *,
    class_indexes: Mapping[str, NDArray[np.int64]],
    config: HeadConfig,
    on_epoch: Callable[[int], None],
) -> None:
    """Train the head in place on features (N, W) and class indexes (N,) per label set.

    NO_LABEL leaves an example out of a label set's loss. Calls `on_epoch(done)`.
    """
    batches = -(-len(features) // config.batch_size)
    learning_rate = keras.optimizers.schedules.CosineDecay(
        config.learning_rate, decay_steps=config.epochs * batches
    )
    targets = {probabilities_output(name): indexes for name, indexes in class_indexes.items()}
    head.compile(
        optimizer=keras.optimizers.AdamW(learning_rate, weight_decay=config.weight_decay),
        loss=dict.fromkeys(targets, "sparse_categorical_crossentropy"),
        loss_weights={name: weigh_label_set(indexes) for name, indexes in targets.items()},
        jit_compile=False,
    )
    head.fit(
        features,
        {name: np.maximum(indexes, 0) for name, indexes in targets.items()},
        sample_weight={
            name: (indexes != NO_LABEL).astype(np.float32) for name, indexes in targets.items()
        },
        batch_size=config.batch_size,
        epochs=config.epochs,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, _: on_epoch(epoch + 1))
        ],
    )


def weigh_label_set(class_indexes: NDArray[np.int64]) -> float:
    """Return how much a label set counts in the loss, from 0 to 1: by how much its labels tell.

    That is the entropy of its class indexes (N,) in nats, up to ENOUGH_NATS. Where four of five
    products are casual, telling that apart must not bend the space that types are told apart in.
    """
    shares = np.bincount(class_indexes[class_indexes != NO_LABEL])
    shares = shares[shares > 0] / shares.sum()
    return float(min(-np.sum(shares * np.log(shares)) / ENOUGH_NATS, 1.0))


def train_head(
    features: NDArray[np.float32],
    *,
    label_sets: Mapping[str, Sequence[str]],
    class_indexes: Mapping[str, NDArray[np.int64]],
    config: HeadConfig,
    progress: Progress,
) -> Any:
    """Return a head trained on features (N, W) and class indexes (N,) per label set.

    Where label sets come from different photos, a short round first finds out which labels of one
    mean labels of the other, so that both kinds of photo end up in one space; see bridges.py.
    Calls `progress("epochs", done, total)` over both rounds.
    """
    if not find_bridges(class_indexes, label_sets=label_sets):
        on_epoch = partial(_report, progress, 0, config.epochs)
        return _fit_new(features, label_sets, class_indexes, config, on_epoch)
    total = BRIDGE_EPOCHS + config.epochs
    reading = replace(config, epochs=BRIDGE_EPOCHS, dropout=BRIDGE_DROPOUT)
    on_epoch = partial(_report, progress, 0, total)
    reader = _fit_new(features, label_sets, class_indexes, reading, on_epoch)
    bridged = bridge_label_sets(
        class_indexes,
        label_sets=label_sets,
        probabilities=_predict(reader, features, label_sets),
    )
    on_epoch = partial(_report, progress, BRIDGE_EPOCHS, total)
    return _fit_new(features, label_sets, bridged, config, on_epoch)


def _fit_new(
    features: NDArray[np.float32],
    label_sets: Mapping[str, Sequence[str]],
    class_indexes: Mapping[str, NDArray[np.int64]],
    config: HeadConfig,
    on_epoch: Callable[[int], None],
) -> Any:
    head = build_head(features.shape[1], label_sets=label_sets, config=config)
    fit_head(head, features, class_indexes=class_indexes, config=config, on_epoch=on_epoch)
    return head


def _predict(
    head: Any, features: NDArray[np.float32], label_sets: Iterable[str]
) -> dict[str, NDArray[np.float32]]:
    outputs = head.predict(features, batch_size=PREDICT_BATCH, verbose=0)
    return {name: outputs[probabilities_output(name)] for name in label_sets}


def _report(progress: Progress, before: int, total: int, done: int) -> None:
    progress("epochs", before + done, total)


def pool(network: Any) -> Any:
    """Return the model from photos to features (N, W): the mean of the network's feature map."""
    pooled = keras.layers.GlobalAveragePooling2D(name="features")(network.output)
    return keras.Model(network.input, pooled, name="pooled")


def assemble(network: Any, head: Any) -> Any:
    """Return the whole model: uint8 photos (N, S, S, 3) to the head's dict of outputs."""
    photos = keras.Input(network.input_shape[1:], dtype="uint8", name="photos")
    trunk = keras.Model(network.input, network.output, name=TRUNK_LAYER)
    features = keras.layers.GlobalAveragePooling2D(name="features")(trunk(photos))
    return keras.Model(photos, head(features), name="photo_classifier")
