"""One photo and batches through the predictor, against Keras and the same graph run otherwise.

    python -m benchmarks.predictor [--json]

Speed does not depend on what a model has learnt, so the head, which tells styles and colours, is
untrained and the photos are noise.
Contestants take turns, so that a busy machine slows all of them alike: compare within a run. The
bar: one photo at least 25 times faster than Keras `predict` of ResNet50 at 224 pixels, and at
least 40 times with two threads.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from benchmarks.figures import tell
from styles.ml.artifact import ArtifactMetadata
from styles.ml.backbones import find_backbone
from styles.ml.classifier import HeadConfig, assemble, build_head
from styles.ml.colour import HISTOGRAM_WIDTH
from styles.ml.export import export_head, export_trunk, part_model
from styles.ml.predictor import Predictor
from styles.ml.quiet_tensorflow import keras, tf

BACKBONE = "efficientnet-lite0"
LABEL_SETS = {
    "style": tuple(f"style-{number}" for number in range(24)),
    "colour": tuple(f"colour-{number}" for number in range(42)),
}
CALIBRATION_PHOTOS = 16
ROUNDS = 20
BATCH = 32
REQUIRED_RATIO = 25.0
REQUIRED_RATIO_OF_TWO_THREADS = 40.0
RESNET = "one photo, Keras predict of ResNet50"
PREDICTOR = "one photo, predictor"
TWO_THREADS = "one photo, predictor with 2 threads"
BATCH_PREDICTOR = "batch, predictor"


def measure() -> dict[str, Any]:
    """Return medians in milliseconds, and their ratios."""
    backbone = find_backbone(BACKBONE)
    size = backbone.input_size
    photos = np.random.default_rng(0).integers(0, 256, (BATCH, size, size, 3), dtype=np.uint8)
    single = photos[:1]
    model = assemble(
        backbone.build(),
        build_head(
            backbone.feature_width + HISTOGRAM_WIDTH, label_sets=LABEL_SETS, config=HeadConfig()
        ),
    )
    trunk, head = part_model(model)
    exported = export_trunk(trunk, photos[:CALIBRATION_PHOTOS])
    one, two = (
        Predictor(exported, head=export_head(head), metadata=describe(size), threads=threads)
        for threads in (1, 2)
    )
    forward = tf.function(lambda batch: model(batch, training=False), reduce_retracing=True)
    resnet = keras.applications.ResNet50(weights=None, input_shape=(size, size, 3))
    milliseconds = race(
        {
            RESNET: lambda: resnet.predict(single, verbose=0),
            "one photo, Keras predict of the same model": lambda: model.predict(single, verbose=0),
            "one photo, tf.function of the same model": lambda: forward(single),
            "one photo, LiteRT float32": litert_runner(convert_to_float(model), single),
            PREDICTOR: lambda: one.predict(single),
            TWO_THREADS: lambda: two.predict(single),
            "batch, tf.function of the same model": lambda: forward(photos),
            "batch, LiteRT int8 trunk resized to the batch": litert_runner(exported, photos),
            BATCH_PREDICTOR: lambda: one.predict(photos),
            "batch, predictor with 2 threads": lambda: two.predict(photos),
        }
    )
    ratio = milliseconds[RESNET] / milliseconds[PREDICTOR]
    ratio_of_two = milliseconds[RESNET] / milliseconds[TWO_THREADS]
    return {
        "photos in a batch": BATCH,
        **{f"{name} (ms)": round(median, 2) for name, median in milliseconds.items()},
        "batch, predictor (photos a second)": round(BATCH / milliseconds[BATCH_PREDICTOR] * 1000),
        "times faster than Keras predict of ResNet50": round(ratio, 1),
        "required": REQUIRED_RATIO,
        "reached": ratio >= REQUIRED_RATIO,
        "times faster with 2 threads": round(ratio_of_two, 1),
        "required with 2 threads": REQUIRED_RATIO_OF_TWO_THREADS,
        "reached with 2 threads": ratio_of_two >= REQUIRED_RATIO_OF_TWO_THREADS,
    }


def race(contestants: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return each contestant's median milliseconds over rounds in which all take their turn."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for run in contestants.values():
        run()
    for _ in range(ROUNDS):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) * 1000 for name, times in seconds.items()}


def describe(size: int) -> ArtifactMetadata:
    """Return metadata that fit the untrained model."""
    return ArtifactMetadata(
        backbone=BACKBONE,
        input_size=size,
        embedding_dim=HeadConfig().embedding_dim,
        label_sets=LABEL_SETS,
        files={},
        parity={},
        metrics={},
        config={},
        seed=0,
    )


def convert_to_float(model: Any) -> bytes:
    """Return the model for LiteRT without quantisation."""
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, verbose=False)
        return bytes(tf.lite.TFLiteConverter.from_saved_model(folder).convert())


def litert_runner(model: bytes, photos: NDArray[np.uint8]) -> Callable[[], object]:
    """Return a call that runs photos through a LiteRT model resized to their number."""
    interpreter: Any = Interpreter(model_content=model, num_threads=1)
    (tensor,) = interpreter.get_input_details()
    interpreter.resize_tensor_input(tensor["index"], photos.shape)
    interpreter.allocate_tensors()

    def run() -> None:
        interpreter.set_tensor(tensor["index"], photos)
        interpreter.invoke()

    return run


if __name__ == "__main__":
    tell(measure, description=__doc__)
