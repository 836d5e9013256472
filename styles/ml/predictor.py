"""Predicts with an exported model through LiteRT: called by the door that serves photos.

TensorFlow is never imported here. One predictor belongs to one process; threads may share it.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from styles.ml.artifact import ArtifactMetadata
from styles.ml.errors import ArtifactError, PredictionError
from styles.ml.outputs import EMBEDDING_OUTPUT, output_widths, probabilities_output


@dataclass(frozen=True)
class Predictions:
    """What a model says of N photos, all float32.

    `embeddings` (N, D) are unit vectors; `probabilities` gives (N, C) per label set and
    `cluster_probabilities` (N, K) where centroids are known; rows of both sum to 1.
    """

    embeddings: NDArray[np.float32]
    probabilities: Mapping[str, NDArray[np.float32]]
    cluster_probabilities: NDArray[np.float32] | None


class Predictor:
    """A loaded model; `centroids` (K, D, unit rows) with `sharpness` add cluster probabilities."""

    def __init__(
        self,
        model: bytes,
        *,
        metadata: ArtifactMetadata,
        threads: int = 1,
        centroids: NDArray[np.float32] | None = None,
        sharpness: float | None = None,
    ) -> None:
        if (centroids is None) != (sharpness is None):
            raise PredictionError("Expected centroids and sharpness together, received only one.")
        if centroids is not None:
            _check_shape("centroids", centroids.shape, (len(centroids), metadata.embedding_dim))
        self.metadata = metadata
        self._centroids = None if centroids is None else centroids.astype(np.float32)
        self._sharpness = sharpness or 0.0
        self._lock = threading.Lock()
        self._widths = output_widths(metadata.label_sets, embedding_dim=metadata.embedding_dim)
        self._interpreter = _load(model, threads=threads)
        self._photos, self._outputs = _tensor_indexes(
            self._interpreter, input_size=metadata.input_size, widths=self._widths
        )

    def predict(self, photos: NDArray[np.uint8]) -> Predictions:
        """Predict N photos, uint8 RGB of shape (N, S, S, 3); N may be 0.

        Raises PredictionError for another type or shape.
        """
        size = self.metadata.input_size
        if photos.dtype != np.uint8:
            raise PredictionError(f"Expected photos of type uint8, received {photos.dtype}.")
        _check_shape("photos", photos.shape, (len(photos) if photos.ndim else 0, size, size, 3))
        outputs = self._invoke(photos)
        embeddings = _unit(outputs.pop(EMBEDDING_OUTPUT))
        return Predictions(
            embeddings=embeddings,
            probabilities={
                name: outputs[probabilities_output(name)] for name in self.metadata.label_sets
            },
            cluster_probabilities=self._cluster_probabilities(embeddings),
        )

    def _invoke(self, photos: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        # One photo at a time: the graph is fixed to one, which XNNPACK plans best for.
        outputs = {
            name: np.empty((len(photos), width), dtype=np.float32)
            for name, width in self._widths.items()
        }
        with self._lock:
            for number, photo in enumerate(photos):
                self._interpreter.set_tensor(self._photos, photo[np.newaxis])
                self._interpreter.invoke()
                for name, rows in outputs.items():
                    rows[number] = self._interpreter.get_tensor(self._outputs[name])[0]
        return outputs

    def _cluster_probabilities(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32] | None:
        if self._centroids is None:
            return None
        logits = self._sharpness * (embeddings @ self._centroids.T)
        weights = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
        probabilities: NDArray[np.float32] = weights / weights.sum(axis=1, keepdims=True)
        return probabilities


def _load(model: bytes, *, threads: int) -> Any:
    try:
        interpreter = Interpreter(model_content=model, num_threads=threads)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise ArtifactError(f"LiteRT cannot load the model: {error}") from error
    return interpreter


def _tensor_indexes(
    interpreter: Any, *, input_size: int, widths: Mapping[str, int]
) -> tuple[int, dict[str, int]]:
    """Return the tensor index of the photos and of each output, if the model fits its metadata."""
    signature = interpreter.get_signature_runner()
    (photos,) = signature.get_input_details().values()
    outputs = signature.get_output_details()
    if set(outputs) != set(widths):
        raise ArtifactError(
            f"Expected a model with the outputs {sorted(widths)}, received {sorted(outputs)}."
        )
    _check_tensor("photos", photos, (1, input_size, input_size, 3), np.uint8)
    for name, width in widths.items():
        _check_tensor(name, outputs[name], (1, width), np.float32)
    return photos["index"], {name: output["index"] for name, output in outputs.items()}


def _check_tensor(
    name: str, tensor: Mapping[str, Any], shape: tuple[int, ...], dtype: type[np.generic]
) -> None:
    received = tuple(tensor["shape"].tolist()), np.dtype(tensor["dtype"])
    if received != (shape, np.dtype(dtype)):
        raise ArtifactError(
            f"Expected a model whose {name} are {np.dtype(dtype)} of shape {shape}, "
            f"received {received[1]} of shape {received[0]}."
        )


def _check_shape(name: str, received: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if received != expected:
        raise PredictionError(f"Expected {name} of shape {expected}, received {received}.")


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vectors at length 1: quantised arithmetic leaves them a little off."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
