"""Door to the trained model: photo bytes in, embedding and probabilities out. For workers.

A process that answers requests does not import this module: it would load LiteRT.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, cast

import numpy as np

from styles import artifacts, conf
from styles.appearance import Appearance, appearance_of
from styles.exceptions import ArtifactError
from styles.images import ImageError
from styles.ml.heat_map import draw_heat_map
from styles.ml.images import decode_image
from styles.ml.predictor import Predictor
from styles.models import Cluster, Clustering, ModelVersion

__all__ = [
    "ImageError",
    "PhotoPrediction",
    "draw_heat_map",
    "embed_pixels",
    "explain",
    "input_size",
    "predict",
]

logger = logging.getLogger(__name__)

# Below this a probability is noise to a reader; leaving it out keeps the stored rows short.
MIN_KEPT_PROBABILITY = 0.005

Code = TypeVar("Code", str, int)


@dataclass(frozen=True)
class PhotoPrediction:
    """What one photo is.

    Attributes:
        embedding: float32, shape (EMBEDDING_DIM,), unit length.
        probabilities: label set -> code -> probability, most likely first.
        cluster_probabilities: cluster number -> probability, most likely first; empty without a
            clustering.
        heat_map: float32, shape (rows, columns), 0 to 1: where on the framed photo the model
            looked, see ``styles.ml.heat_map``; None where nobody asked.
        appearance: its colours and fingerprint, where they were asked for.
    """

    embedding: np.ndarray
    probabilities: dict[str, dict[str, float]]
    cluster_probabilities: dict[int, float]
    heat_map: np.ndarray | None
    appearance: Appearance | None


def predict(
    photos: Sequence[bytes],
    *,
    model_version: ModelVersion,
    clustering: Clustering | None,
    with_appearance: bool = False,
    with_heat_maps: bool = False,
) -> list[PhotoPrediction | ImageError]:
    """Classify and embed photos in one pass each.

    Args:
        photos: encoded image files.
        model_version: the version whose artifact is used.
        clustering: gives the cluster probabilities; None leaves them out.
        with_heat_maps: whether to say where the model looked as well.
        with_appearance: whether to describe the pixels as well, which takes 3 ms a photo.

    Returns:
        One entry a photo, in order; an ``ImageError`` stands for a photo that cannot be decoded.

    Raises:
        ArtifactError: the version's files are missing or damaged.
    """
    predictor, numbers = _predictor(model_version.pk, clustering.pk if clustering else None)
    limits = conf.image_limits()
    outcomes: list[PhotoPrediction | ImageError | None] = [None] * len(photos)
    arrays, places = [], []
    for place, photo in enumerate(photos):
        try:
            arrays.append(decode_image(photo, size=predictor.metadata.input_size, limits=limits))
            places.append(place)
        except ImageError as error:
            outcomes[place] = error
    if arrays:
        predictions = predictor.predict(np.stack(arrays), with_heat_maps=with_heat_maps)
        heat_maps = predictions.heat_maps
        for row, place in enumerate(places):
            clusters = predictions.cluster_probabilities
            outcomes[place] = PhotoPrediction(
                embedding=predictions.embeddings[row],
                probabilities={
                    label_set: _ranked(predictor.metadata.label_sets[label_set], values[row])
                    for label_set, values in predictions.probabilities.items()
                },
                cluster_probabilities={} if clusters is None else _ranked(numbers, clusters[row]),
                heat_map=None if heat_maps is None else heat_maps[row],
                appearance=appearance_of(arrays[row]) if with_appearance else None,
            )
    return [outcome for outcome in outcomes if outcome is not None]


def embed_pixels(photos: Sequence[np.ndarray], *, model_version: ModelVersion) -> np.ndarray:
    """Return unit vectors (N, EMBEDDING_DIM), float32, of photos as ``input_size`` frames them.

    Raises:
        ArtifactError: the version's files are missing or damaged.
    """
    predictor, _ = _predictor(model_version.pk, None)
    size = predictor.metadata.input_size
    pixels = np.array(photos, np.uint8).reshape(-1, size, size, 3)
    embeddings: np.ndarray = predictor.predict(pixels).embeddings
    return embeddings


def input_size(model_version: ModelVersion) -> int:
    """Return the side in pixels of the squares that a version is shown."""
    return int(model_version.metadata["input_size"])


def explain(photo: bytes, *, model_version: ModelVersion) -> bytes:
    """Return where the model looked on a photo, as a WebP image of the photo under its heat.

    Raises:
        ImageError: the photo cannot be decoded.
        ArtifactError: the version's files are missing or damaged.
    """
    (prediction,) = predict(
        [photo], model_version=model_version, clustering=None, with_heat_maps=True
    )
    if isinstance(prediction, ImageError):
        raise prediction
    heat_map = cast("np.ndarray", prediction.heat_map)  # it was asked for
    return draw_heat_map(photo, heat_map, limits=conf.image_limits())


def _ranked(codes: Sequence[Code], values: np.ndarray) -> dict[Code, float]:
    order = np.argsort(-values, kind="stable")
    return {
        codes[place]: round(float(values[place]), 4)
        for place in order
        if values[place] >= MIN_KEPT_PROBABILITY
    }


_loading = threading.Lock()


def _predictor(
    model_version_id: int, clustering_id: int | None
) -> tuple[Predictor, tuple[int, ...]]:
    # lru_cache alone would let two threads load the same artifact at the same time.
    with _loading:
        return _load_predictor(model_version_id, clustering_id)


@lru_cache(maxsize=3)
def _load_predictor(
    model_version_id: int, clustering_id: int | None
) -> tuple[Predictor, tuple[int, ...]]:
    """Load a predictor once a process. Artifacts and clusterings never change once written."""
    artifact = artifacts.load(ModelVersion.objects.get(pk=model_version_id))
    clustering = Clustering.objects.filter(pk=clustering_id).first() if clustering_id else None
    clusters = list(clustering.clusters.order_by("class_index")) if clustering else []
    if clustering and clustering.artifact_prefix:
        try:
            artifact = artifacts.load_clustering(clustering)
        except ArtifactError:
            # Shoppers are served all the same: centroids tell clusters nearly as well.
            logger.exception("Clustering %s has lost its head", clustering.pk)
    predictor = Predictor(
        artifact.trunk,
        head=artifact.head,
        metadata=artifact.metadata,
        heat_map=artifact.heat_map,
        threads=conf.get("INFERENCE_THREADS"),
        centroids=_centroids(clusters) if clusters else None,
        sharpness=clustering.sharpness if clustering and clusters else None,
    )
    return predictor, tuple(cluster.number for cluster in clusters)


def _centroids(clusters: Sequence[Cluster]) -> np.ndarray:
    """Return unit float32 (K, D); halfvec storage has rounded the lengths a little."""
    centroids = np.array([cluster.centroid for cluster in clusters], np.float32)
    unit: np.ndarray = centroids / np.linalg.norm(centroids, axis=1, keepdims=True)
    return unit
