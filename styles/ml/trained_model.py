"""Runs the Keras model of an artifact, as it was before its export: evaluation compares with it."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml import training
from styles.ml.artifact import TRAINABLE_FILE
from styles.ml.errors import ArtifactError
from styles.ml.outputs import EMBEDDING_OUTPUT, probabilities_output
from styles.ml.quiet_tensorflow import keras

# Training is imported for the layers it is made of: Keras finds them by their registered names.
__all__ = ["TrainedModel", "load_trainable", "training"]


def load_trainable(content: bytes) -> Any:
    """Return the Keras model of an artifact's `model.keras`.

    Raises ArtifactError where Keras cannot read it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / TRAINABLE_FILE
        path.write_bytes(content)
        try:
            return keras.models.load_model(path, compile=False)
        except (ValueError, TypeError, OSError) as error:
            raise ArtifactError(f"Keras cannot load {TRAINABLE_FILE}: {error}") from error


class TrainedModel:
    """The float model whose export is served; `content` is the artifact's `model.keras`.

    Raises ArtifactError where Keras cannot read it.
    """

    def __init__(self, content: bytes) -> None:
        self._model = load_trainable(content)

    @property
    def input_size(self) -> int:
        """The side of the square photos in pixels."""
        return int(self._model.input_shape[1])

    def predict(
        self, photos: NDArray[np.uint8], *, label_sets: list[str]
    ) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        """Return unit embeddings (N, D) and probabilities (N, C) per label set.

        `photos` are uint8 RGB (N, S, S, 3), N at least 1.
        """
        outputs = self._model.predict_on_batch(photos)
        return np.asarray(outputs[EMBEDDING_OUTPUT]), {
            name: np.asarray(outputs[probabilities_output(name)]) for name in label_sets
        }
