"""Runs photos through a model, a batch at a time, and keeps what figures need; for evaluation.

Of a photo stay its embedding and its probabilities, never its pixels: 100,000 photos of 93 classes
take 90 MB, and figures of them 300 MB more while they are computed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from styles import artifacts, conf
from styles.catalogue import Example
from styles.exceptions import ArtifactError
from styles.images import ImageError
from styles.inference import predict
from styles.ml import errors
from styles.ml.artifact import TRAINABLE_FILE
from styles.ml.images import decode_image
from styles.ml.progress import OnStage
from styles.models import EMBEDDING_DIM, ModelVersion

BATCH = 64
LATENCY_PHOTOS = 50
WARM_UP_PHOTOS = 3


@dataclass(frozen=True)
class Reading:
    """What a model says of one photo: unit embedding (D,), probabilities (C,) per label set."""

    embedding: NDArray[np.float32]
    probabilities: Mapping[str, NDArray[np.float32]]


Reader = Callable[[Sequence[bytes]], Sequence[Reading | ImageError]]
"""Encoded photos to one reading each, in order; an ``ImageError`` for what is no photo."""


@dataclass(frozen=True)
class Measurement:
    """What a model said of N photos.

    Attributes:
        photos: int64 (N,), their places among the examples, ascending.
        embeddings: float16 (N, EMBEDDING_DIM), unit length but for rounding.
        probabilities: label set -> float32 (N, C).
    """

    photos: NDArray[np.int64]
    embeddings: NDArray[np.float16]
    probabilities: Mapping[str, NDArray[np.float32]]

    def among(self, first: int, last: int) -> Measurement:
        """Return the part whose photos have places from `first` up to, not including, `last`."""
        rows = slice(*np.searchsorted(self.photos, [first, last]))  # A view: nothing is copied.
        return Measurement(
            self.photos[rows],
            self.embeddings[rows],
            {name: values[rows] for name, values in self.probabilities.items()},
        )


@dataclass(frozen=True)
class Latency:
    """How long one photo takes in milliseconds, on `threads` threads: median, 95th percentile.

    `decode` is from encoded bytes to pixels, `predict` from pixels to probabilities.
    """

    photos: int
    threads: int
    decode_median_ms: float
    decode_p95_ms: float
    predict_median_ms: float
    predict_p95_ms: float


def measure(
    examples: Sequence[Example],
    *,
    readers: Mapping[str, Reader],
    label_sets: Mapping[str, Sequence[str]],
    on_progress: OnStage,
) -> tuple[dict[str, Measurement], list[dict[str, str]]]:
    """Return what each reader says of the photos, by its name, and the photos nobody could read.

    Those are ``{key, code}``. Calls ``on_progress("photos", done, total)``.
    """
    columns = {name: _Columns(len(examples), label_sets=label_sets) for name in readers}
    skipped: list[dict[str, str]] = []
    for places, photos in _batches(examples, skipped=skipped):
        outcomes = [read(photos) for read in readers.values()]
        for place, *readings in zip(places, *outcomes, strict=True):
            refused = next((one for one in readings if isinstance(one, ImageError)), None)
            if refused:
                skipped.append({"key": examples[place].key, "code": refused.code})
                continue
            for column, reading in zip(columns.values(), readings, strict=True):
                column.add(place, reading)
        on_progress("photos", places[-1] + 1 if places else 0, len(examples))
    on_progress("photos", len(examples), len(examples))
    return {name: column.measurement() for name, column in columns.items()}, skipped


class _Columns:
    """Room for what one model says of at most `size` photos, filled row by row."""

    def __init__(self, size: int, *, label_sets: Mapping[str, Sequence[str]]) -> None:
        self.count = 0
        self.photos = np.empty(size, np.int64)
        self.embeddings = np.empty((size, EMBEDDING_DIM), np.float16)
        self.probabilities = {
            name: np.empty((size, len(codes)), np.float32) for name, codes in label_sets.items()
        }

    def add(self, photo: int, reading: Reading) -> None:
        self.photos[self.count] = photo
        self.embeddings[self.count] = reading.embedding
        for name, rows in self.probabilities.items():
            rows[self.count] = reading.probabilities[name]
        self.count += 1

    def measurement(self) -> Measurement:
        return Measurement(
            self.photos[: self.count],
            self.embeddings[: self.count],
            {name: rows[: self.count] for name, rows in self.probabilities.items()},
        )


def _batches(
    examples: Sequence[Example], *, skipped: list[dict[str, str]]
) -> Iterator[tuple[list[int], list[bytes]]]:
    """Yield places and bytes of the photos, BATCH at a time; list files that cannot be opened."""
    for start in range(0, len(examples), BATCH):
        places, photos = [], []
        for place in range(start, min(start + BATCH, len(examples))):
            try:
                photos.append(examples[place].read())
                places.append(place)
            except OSError:
                skipped.append({"key": examples[place].key, "code": "image_missing"})
        yield places, photos


def served_reader(model_version: ModelVersion) -> Reader:
    """Return a reader through the int8 model that shoppers meet."""
    label_sets = model_version.label_sets

    def read(photos: Sequence[bytes]) -> list[Reading | ImageError]:
        return [
            outcome
            if isinstance(outcome, ImageError)
            else Reading(
                outcome.embedding,
                {
                    name: np.array([outcome.probabilities[name].get(code, 0.0) for code in codes])
                    for name, codes in label_sets.items()
                },
            )
            for outcome in predict(photos, model_version=model_version, clustering=None)
        ]

    return read


def trained_reader(model_version: ModelVersion) -> Reader:
    """Return a reader through the Keras model as it was trained, in float, before its export.

    Raises:
        ArtifactError: its file is missing, altered or cannot be loaded.
    """
    artifact = artifacts.load(model_version, with_trainable=True)
    try:
        from styles.ml.trained_model import TrainedModel

        model = TrainedModel(artifact.files[TRAINABLE_FILE])
    except errors.LearningError as error:
        raise ArtifactError(str(error)) from error
    limits, names = conf.image_limits(), list(model_version.label_sets)

    def read(photos: Sequence[bytes]) -> list[Reading | ImageError]:
        outcomes: list[Reading | ImageError | None] = [None] * len(photos)
        pixels, places = [], []
        for place, photo in enumerate(photos):
            try:
                pixels.append(decode_image(photo, size=model.input_size, limits=limits))
                places.append(place)
            except ImageError as error:
                outcomes[place] = error
        if pixels:
            embeddings, probabilities = model.predict(np.stack(pixels), label_sets=names)
            for row, place in enumerate(places):
                own = {name: probabilities[name][row] for name in names}
                outcomes[place] = Reading(embeddings[row], own)
        return [outcome for outcome in outcomes if outcome is not None]

    return read


def measure_latency(
    examples: Sequence[Example], *, model_version: ModelVersion, seed: int
) -> Latency | None:
    """Time the served model on single photos; None where none of those drawn can be read."""
    drawn = np.random.default_rng(seed).permutation(len(examples))[:LATENCY_PHOTOS]
    photos = [example for place in sorted(drawn) if (example := _bytes_of(examples[place]))]
    limits, size = conf.image_limits(), model_version.metadata["input_size"]
    decode_ms, predict_ms = [], []
    for photo in [*photos[:WARM_UP_PHOTOS], *photos]:
        started = time.perf_counter()
        try:
            decode_image(photo, size=size, limits=limits)
        except ImageError:
            continue
        decoded = time.perf_counter()
        predict([photo], model_version=model_version, clustering=None)
        finished = time.perf_counter()
        decode_ms.append(1000 * (decoded - started))
        # The door decodes once more: what it takes beyond that is the model's.
        predict_ms.append(max(1000 * (finished - decoded) - decode_ms[-1], 0.0))
    decode_ms, predict_ms = decode_ms[WARM_UP_PHOTOS:], predict_ms[WARM_UP_PHOTOS:]
    if not decode_ms:
        return None
    return Latency(
        photos=len(decode_ms),
        threads=conf.get("INFERENCE_THREADS"),
        decode_median_ms=round(float(np.median(decode_ms)), 2),
        decode_p95_ms=round(float(np.percentile(decode_ms, 95)), 2),
        predict_median_ms=round(float(np.median(predict_ms)), 2),
        predict_p95_ms=round(float(np.percentile(predict_ms, 95)), 2),
    )


def _bytes_of(example: Example) -> bytes | None:
    try:
        return example.read()
    except OSError:
        return None
