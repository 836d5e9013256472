"""Exports a trained model to LiteRT and measures how true it stayed; called by training.

What is exported comes in three: the trunk in int8, calibrated on photos, the head, which computes
in float32 with its weights in int8, takes a second and can be exported anew for other clusters, and
the heat map, a graph of its own so that nobody waits for it who does not look at it.
The export refuses itself when it strays too far: better no new model version than a wrong one.
"""

import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.artifact import TRAINABLE_FILE
from styles.ml.attention import draw_heat, make_differentiable
from styles.ml.cluster_classifier import ClusterClassifier
from styles.ml.errors import ExportRefusedError
from styles.ml.outputs import (
    CLUSTERS_OUTPUT,
    EMBEDDING_OUTPUT,
    FEATURE_MAP,
    HEAT_MAP_OUTPUT,
    PHOTOS,
    TRUNK_LAYER,
    probabilities_output,
)
from styles.ml.predictor import Predictor
from styles.ml.quiet_tensorflow import keras, native_log_hidden, tf

PARITY_BATCH = 32
MIN_MEAN_COSINE = 0.97
MIN_COSINE = 0.80
MIN_TOP_1_AGREEMENT = 0.80

Tensors = Mapping[str, Any]


@dataclass(frozen=True)
class Parity:
    """How the exported model compares with the trained one on `photos` held-out photos.

    Cosines are between the two embeddings of a photo; agreement is the share of photos, per label
    set, whose most probable code is the same.
    """

    photos: int
    mean_cosine: float
    min_cosine: float
    top_1_agreement: Mapping[str, float]


def export_trunk(trunk: Any, calibration_photos: NDArray[np.uint8]) -> bytes:
    """Return the LiteRT model of a trunk for one photo a time, in int8 but for its float32 output.

    `trunk` is a Keras model from uint8 photos (N, S, S, 3) to its feature map, or to a dict with
    FEATURE_MAP and others. `calibration_photos`, uint8 (N, S, S, 3), should look like what the
    model will be shown. Raises ExportRefusedError.
    """

    def forward(inputs: Tensors) -> Tensors:
        outputs = trunk(inputs[PHOTOS], training=False)
        return outputs if isinstance(outputs, Mapping) else {FEATURE_MAP: outputs}

    def calibration() -> Iterator[list[NDArray[np.uint8]]]:
        for photo in calibration_photos:
            yield [photo[np.newaxis]]

    def quantise(converter: Any) -> None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = calibration

    photo = tf.TensorSpec((1, *trunk.input_shape[1:]), tf.uint8, name=PHOTOS)
    return _convert(forward, (photo,), variables=trunk.variables, configure=quantise)


def export_head(head: Any, *, clusters: ClusterClassifier | None = None) -> bytes:
    """Return the LiteRT model of a head for one photo a time.

    `head` is a Keras model from a dict of inputs (trunk outputs by name, FEATURE_MAP among them,
    and PHOTOS if it wants them) to a dict of outputs. `clusters` adds cluster probabilities; the
    other outputs stay the same to the bit. Raises ExportRefusedError.
    """

    def forward(inputs: Tensors) -> Tensors:
        outputs: Tensors = head(inputs, training=False)
        if clusters is None:
            return outputs
        # Not a matrix product, whose weights would be rounded to int8: these tell neighbours apart.
        products = outputs[EMBEDDING_OUTPUT][..., tf.newaxis] * clusters.weights
        logits = tf.reduce_sum(products, axis=1) + clusters.bias
        return {**outputs, CLUSTERS_OUTPUT: tf.nn.softmax(logits)}

    return _convert(forward, _one_photo(head), variables=head.variables, configure=_shrink)


def export_heat_map(head: Any) -> bytes:
    """Return the LiteRT model of a head's heat map for one photo a time, with the same inputs.

    Its one output is the HEAT_MAP_OUTPUT. Raises ExportRefusedError.
    """
    differentiable = make_differentiable(head)
    return _convert(
        lambda inputs: {HEAT_MAP_OUTPUT: draw_heat(differentiable, inputs)},
        _one_photo(head),
        variables=differentiable.variables,
        configure=_shrink,
    )


def _one_photo(head: Any) -> list[Any]:
    return [
        tf.TensorSpec((1, *tensor.shape[1:]), tensor.dtype, name=name)
        for name, tensor in head.input.items()
    ]


def _shrink(converter: Any) -> None:
    """Keep weights in int8 and compute in float32: without photos to calibrate by, that is done.

    The weights are read for every photo: the fewer bytes, the faster.
    """
    converter.optimizations = [tf.lite.Optimize.DEFAULT]


def export_trainable(model: Any) -> bytes:
    """Return the Keras file of a whole model, to train on from. Raises ExportRefusedError."""
    with _temporary_folder() as folder:
        path = Path(folder) / TRAINABLE_FILE
        model.save(path)
        return path.read_bytes()


def part_model(model: Any) -> tuple[Any, Any]:
    """Return the trunk and the head of a trained model, sharing its weights.

    The trunk is its sub-model named TRUNK_LAYER; the head, from a dict of inputs to a dict of
    outputs, is everything behind it, and what it takes from the photos themselves.
    """
    trunk = model.get_layer(TRUNK_LAYER)
    names = sorted(trunk.output) if isinstance(trunk.output, Mapping) else [FEATURE_MAP]
    taken = {}
    for node in (node for nodes in model._nodes_by_depth.values() for node in nodes):
        for tensor in node.input_tensors:
            source = tensor._keras_history
            if source.operation is trunk:
                taken[names[source.tensor_index]] = tensor
            elif tensor is model.input and node.operation is not trunk:
                taken[PHOTOS] = tensor
    behind = keras.Model(list(taken.values()), model.output)
    inputs = {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in taken.items()
    }
    return trunk, keras.Model(inputs, behind(list(inputs.values())))


def _convert(
    forward: Callable[[Tensors], Tensors],
    inputs: Sequence[Any],
    *,
    variables: Sequence[Any],
    configure: Callable[[Any], None] = lambda converter: None,
) -> bytes:
    """Return the LiteRT model of a function on a dict of tensors, its inputs and outputs named."""
    module = tf.Module()
    module.kept = [variable.value for variable in variables]
    specification = {tensor.name: tensor for tensor in inputs}
    with _temporary_folder() as folder, warnings.catch_warnings(), native_log_hidden():
        warnings.filterwarnings("ignore", "Statistics for quantized inputs", UserWarning)
        # Keras has an export of its own, which takes thrice as long.
        signature = tf.function(forward).get_concrete_function(specification)
        tf.saved_model.save(module, folder, signatures=signature)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        configure(converter)
        return bytes(converter.convert())


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """Give a folder for what TensorFlow writes; a disk that fills ends in a sentence."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield folder
    except (OSError, tf.errors.OpError) as error:
        raise ExportRefusedError(
            f"The model could not be exported: {str(error).splitlines()[0]}. Its files pass "
            f"through {tempfile.gettempdir()}: see that there is space, and try again."
        ) from error


def measure_parity(model: Any, exported: Predictor, photos: NDArray[np.uint8]) -> Parity:
    """Compare both models on photos, uint8 (N, S, S, 3), N at least 1."""
    trained = model.predict(photos, batch_size=PARITY_BATCH, verbose=0)
    served = exported.predict(photos)
    cosines = np.sum(trained[EMBEDDING_OUTPUT] * served.embeddings, axis=1)
    return Parity(
        photos=len(photos),
        mean_cosine=float(cosines.mean()),
        min_cosine=float(cosines.min()),
        top_1_agreement={
            name: float(
                np.mean(
                    trained[probabilities_output(name)].argmax(axis=1)
                    == probabilities.argmax(axis=1)
                )
            )
            for name, probabilities in served.probabilities.items()
        },
    )


def check_parity(parity: Parity) -> None:
    """Raise ExportRefusedError where a figure is below its threshold."""
    figures = {
        "mean cosine": (parity.mean_cosine, MIN_MEAN_COSINE),
        "lowest cosine": (parity.min_cosine, MIN_COSINE),
        **{
            f"top-1 agreement for {name}": (agreement, MIN_TOP_1_AGREEMENT)
            for name, agreement in parity.top_1_agreement.items()
        },
    }
    for name, (received, threshold) in figures.items():
        if not received >= threshold:
            raise ExportRefusedError(
                f"The exported model strays from the trained one: expected a {name} of at least "
                f"{threshold:.2f} on {parity.photos} photos, received {received:.4f}."
            )
