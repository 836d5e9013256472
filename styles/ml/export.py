"""Exports a trained model to int8 LiteRT and measures how true it stayed; called by training.

The export refuses itself when it strays too far: better no new model version than a wrong one.
"""

import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import ExportRefusedError
from styles.ml.outputs import EMBEDDING_OUTPUT, probabilities_output
from styles.ml.predictor import Predictor
from styles.ml.quiet_tensorflow import native_log_hidden, tf

PARITY_BATCH = 32
MIN_MEAN_COSINE = 0.97
MIN_COSINE = 0.80
MIN_TOP_1_AGREEMENT = 0.80
# What the pooling, the head and the softmax are made of. They stay in float: a fraction of the
# work, and int8 would leave probabilities in steps of 1/256.
FLOAT_OPERATIONS = [
    "MEAN", "FULLY_CONNECTED", "GELU", "SQUARE", "SUM", "RSQRT", "MINIMUM", "MUL", "SOFTMAX",
]  # fmt: skip


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


def export_int8(model: Any, calibration_photos: NDArray[np.uint8]) -> bytes:
    """Return a LiteRT model for one photo a time, its convolutions in int8.

    `calibration_photos`, uint8 (N, S, S, 3), should look like what the model will be shown.
    """

    def calibration() -> Iterator[list[NDArray[np.uint8]]]:
        for photo in calibration_photos:
            yield [photo[np.newaxis]]

    with (
        tempfile.TemporaryDirectory() as folder,
        warnings.catch_warnings(),
        native_log_hidden(),
    ):
        # TensorFlow's own selective quantisation still builds its own, deprecated interpreter.
        warnings.filterwarnings("ignore", r"\s*Warning: tf\.lite\.Interpreter", UserWarning)
        warnings.filterwarnings("ignore", "Statistics for quantized inputs", UserWarning)
        _save_for_one_photo(model, folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = calibration
        options = tf.lite.experimental.QuantizationDebugOptions(denylisted_ops=FLOAT_OPERATIONS)
        quantizer = tf.lite.experimental.QuantizationDebugger(
            converter=converter, debug_dataset=calibration, debug_options=options
        )
        return bytes(quantizer.get_nondebug_quantized_model())


def _save_for_one_photo(model: Any, folder: str) -> None:
    """Save the model for the converter; Keras has an export too, which takes thrice as long."""
    module = tf.Module()
    module.kept = [variable.value for variable in model.variables]
    photo = tf.TensorSpec((1, *model.input_shape[1:]), tf.uint8, name="photos")
    forward = tf.function(lambda photos: model(photos, training=False), input_signature=[photo])
    tf.saved_model.save(module, folder, signatures=forward.get_concrete_function())


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
