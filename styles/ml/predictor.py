"""Predicts with an exported model through LiteRT: called by the door that serves photos.

TensorFlow is never imported here. One predictor belongs to one process; threads may share it.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from styles.ml.artifact import ArtifactMetadata
from styles.ml.errors import ArtifactError, PredictionError
from styles.ml.outputs import (
    CLUSTERS_OUTPUT,
    EMBEDDING_OUTPUT,
    FEATURE_MAP,
    HEAT_MAP_OUTPUT,
    PHOTOS,
    output_widths,
    probabilities_output,
)


@dataclass(frozen=True)
class Predictions:
    """What a model says of N photos, all float32.

    `embeddings` (N, D) are unit vectors; `probabilities` gives (N, C) per label set and
    `cluster_probabilities` (N, K) where clusters are known; rows of both sum to 1. `heat_maps`
    (N, rows, columns), from 0 to 1, say where on the framed photo the model looked; None where
    nobody asked.
    """

    embeddings: NDArray[np.float32]
    probabilities: Mapping[str, NDArray[np.float32]]
    cluster_probabilities: NDArray[np.float32] | None
    heat_maps: NDArray[np.float32] | None


class Predictor:
    """A loaded trunk and head; `heat_map` is loaded when it is first asked for.

    A head with clusters of its own gives cluster probabilities. For one without, `centroids`
    (K, D, unit rows) with `sharpness` add them.
    """

    def __init__(
        self,
        trunk: bytes,
        *,
        head: bytes,
        metadata: ArtifactMetadata,
        heat_map: bytes | None = None,
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
        self._trunk = _Graph(trunk, threads=threads)
        self._head = _Graph(head, threads=threads)
        self._heat_map = cache(partial(_load_heat_map, heat_map, self._trunk, threads=threads))
        widths = output_widths(metadata.label_sets, embedding_dim=metadata.embedding_dim)
        _check_chain(self._trunk, self._head, input_size=metadata.input_size, widths=widths)

    def predict(self, photos: NDArray[np.uint8], *, with_heat_maps: bool = False) -> Predictions:
        """Predict N photos, uint8 RGB of shape (N, S, S, 3); N may be 0.

        Heat maps cost a fifth more. Raises PredictionError for another type or shape, and for heat
        maps of a predictor that was not given their graph; ArtifactError where that is damaged.
        """
        size = self.metadata.input_size
        if photos.dtype != np.uint8:
            raise PredictionError(f"Expected photos of type uint8, received {photos.dtype}.")
        _check_shape("photos", photos.shape, (len(photos) if photos.ndim else 0, size, size, 3))
        outputs = self._invoke(photos, with_heat_maps=with_heat_maps)
        embeddings = _unit(outputs[EMBEDDING_OUTPUT])
        return Predictions(
            embeddings=embeddings,
            probabilities={
                name: outputs[probabilities_output(name)] for name in self.metadata.label_sets
            },
            cluster_probabilities=outputs.get(
                CLUSTERS_OUTPUT, self._cluster_probabilities(embeddings)
            ),
            heat_maps=outputs.get(HEAT_MAP_OUTPUT),
        )

    def _invoke(
        self, photos: NDArray[np.uint8], *, with_heat_maps: bool
    ) -> dict[str, NDArray[np.float32]]:
        with self._lock:
            graphs = [self._head, self._heat_map()] if with_heat_maps else [self._head]
            # One photo at a time: the graphs are fixed to one, which XNNPACK plans best for.
            outputs = {
                name: np.empty((len(photos), *output.shape[1:]), dtype=np.float32)
                for graph in graphs
                for name, output in graph.outputs.items()
            }
            for number, photo in enumerate(photos):
                self._trunk.invoke({PHOTOS: photo[np.newaxis]})
                for graph in graphs:
                    graph.invoke(
                        {
                            name: photo[np.newaxis] if name == PHOTOS else self._trunk.read(name)
                            for name in graph.inputs
                        }
                    )
                    for name in graph.outputs:
                        outputs[name][number] = graph.read(name)[0]
        return outputs

    def _cluster_probabilities(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32] | None:
        if self._centroids is None:
            return None
        logits = self._sharpness * (embeddings @ self._centroids.T)
        weights = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
        probabilities: NDArray[np.float32] = weights / weights.sum(axis=1, keepdims=True)
        return probabilities


@dataclass(frozen=True)
class _Tensor:
    """An input or output of a graph."""

    index: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


class _Graph:
    """A LiteRT model with named inputs and outputs."""

    def __init__(self, model: bytes, *, threads: int) -> None:
        try:
            self._interpreter = Interpreter(model_content=model, num_threads=threads)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ArtifactError(f"LiteRT cannot load the model: {error}") from error
        signature: Any = self._interpreter.get_signature_runner()
        self.inputs = _tensors(signature.get_input_details())
        self.outputs = _tensors(signature.get_output_details())

    def invoke(self, inputs: Mapping[str, NDArray[Any]]) -> None:
        for name, content in inputs.items():
            self._interpreter.set_tensor(self.inputs[name].index, content)
        self._interpreter.invoke()

    def read(self, name: str) -> NDArray[np.float32]:
        content: NDArray[np.float32] = self._interpreter.get_tensor(self.outputs[name].index)
        return content


def _tensors(details: Mapping[str, Any]) -> dict[str, _Tensor]:
    return {
        name: _Tensor(tensor["index"], tuple(tensor["shape"].tolist()), np.dtype(tensor["dtype"]))
        for name, tensor in details.items()
    }


def _load_heat_map(model: bytes | None, trunk: _Graph, *, threads: int) -> _Graph:
    if model is None:
        raise PredictionError(
            "Expected a predictor with a graph for heat maps, received one without."
        )
    graph = _Graph(model, threads=threads)
    _check_behind(trunk, graph, {HEAT_MAP_OUTPUT: trunk.outputs[FEATURE_MAP].shape[:3]})
    return graph


def _check_chain(
    trunk: _Graph, head: _Graph, *, input_size: int, widths: Mapping[str, int]
) -> None:
    """Raise ArtifactError unless the trunk takes such photos and the head what the trunk gives."""
    if set(trunk.inputs) != {PHOTOS}:
        raise ArtifactError(f"Expected a trunk that takes {PHOTOS}, received {set(trunk.inputs)}.")
    photos = (1, input_size, input_size, 3)
    _check_tensor(PHOTOS, trunk.inputs[PHOTOS], photos, np.uint8)
    _check_behind(trunk, head, {name: (1, width) for name, width in widths.items()})


def _check_behind(trunk: _Graph, graph: _Graph, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raise ArtifactError unless the graph takes what the trunk gives, and gives these outputs."""
    handed_on = {**trunk.outputs, PHOTOS: trunk.inputs[PHOTOS]}
    if FEATURE_MAP not in trunk.outputs or not set(graph.inputs) <= set(handed_on):
        raise ArtifactError(
            f"Expected a head that takes some of {sorted(handed_on)}, received one that takes "
            f"{sorted(graph.inputs)}."
        )
    for name, tensor in graph.inputs.items():
        _check_tensor(name, tensor, handed_on[name].shape, handed_on[name].dtype)
    if set(graph.outputs) - {CLUSTERS_OUTPUT} != set(shapes):
        raise ArtifactError(
            f"Expected a head with the outputs {sorted(shapes)}, received {sorted(graph.outputs)}."
        )
    for name, shape in shapes.items():
        _check_tensor(name, graph.outputs[name], shape, np.float32)


def _check_tensor(
    name: str, tensor: _Tensor, shape: tuple[int, ...], dtype: np.dtype[Any] | type[np.generic]
) -> None:
    if (tensor.shape, tensor.dtype) != (shape, np.dtype(dtype)):
        raise ArtifactError(
            f"Expected a model whose {name} are {np.dtype(dtype)} of shape {shape}, "
            f"received {tensor.dtype} of shape {tensor.shape}."
        )


def _check_shape(name: str, received: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if received != expected:
        raise PredictionError(f"Expected {name} of shape {expected}, received {received}.")


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vectors at length 1: float32 leaves them a little off."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
