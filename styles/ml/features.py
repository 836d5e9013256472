"""Turns examples into pixels and features, decoding in threads beside the network; for training."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.datasets import Example
from styles.ml.errors import DatasetError
from styles.ml.images import ImageError, decode_image
from styles.ml.quiet_tensorflow import tf

FEATURE_BATCH = 32
# Enough to keep the network fed, little enough to keep memory flat.
DECODE_AHEAD = 4 * FEATURE_BATCH

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SkippedPhoto:
    """A photo that was left out, and why: an image error's code or `file_unreadable`."""

    key: str
    code: str


@dataclass(frozen=True)
class Features:
    """Frozen features, float32 (N, W), of the N examples that could be decoded.

    `digests` are the SHA-256 of their bytes, which is how copies are found.
    """

    examples: list[Example]
    digests: list[str]
    vectors: NDArray[np.float32]
    skipped: list[SkippedPhoto]


@dataclass(frozen=True)
class _Photo:
    pixels: NDArray[np.uint8]
    digest: str


def extract_features(
    examples: Sequence[Example],
    *,
    network: Any,
    input_size: int,
    threads: int,
    progress: Progress,
) -> Features:
    """Run every photo through a frozen backbone, a Keras model, once.

    Calls `progress("features", done, total)` after each batch. Photos that cannot be read or
    decoded are listed in `skipped`; raises DatasetError where none is left.
    """
    forward = tf.function(lambda photos: network(photos, training=False), reduce_retracing=True)
    kept: list[Example] = []
    digests: list[str] = []
    skipped: list[SkippedPhoto] = []
    vectors: list[NDArray[np.float32]] = []
    waiting: list[NDArray[np.uint8]] = []
    decoded = _decode_all(examples, size=input_size, threads=threads)
    for number, (example, photo) in enumerate(zip(examples, decoded, strict=True), start=1):
        if isinstance(photo, _Photo):
            kept.append(example)
            digests.append(photo.digest)
            waiting.append(photo.pixels)
        else:
            skipped.append(photo)
        if len(waiting) == FEATURE_BATCH or (waiting and number == len(examples)):
            vectors.append(forward(tf.constant(np.stack(waiting))).numpy())
            waiting.clear()
            progress("features", number, len(examples))
    if not kept:
        raise DatasetError(
            f"Expected photos to learn from, received {len(examples)} unusable ones."
        )
    return Features(kept, digests, np.concatenate(vectors), skipped)


def decode_examples(examples: Sequence[Example], *, size: int, threads: int) -> NDArray[np.uint8]:
    """Return uint8 RGB (N, size, size, 3) of examples that are known to decode."""
    photos = _decode_all(examples, size=size, threads=threads)
    return np.stack([photo.pixels for photo in photos if isinstance(photo, _Photo)])


def _decode_all(
    examples: Sequence[Example], *, size: int, threads: int
) -> Iterator[_Photo | SkippedPhoto]:
    """Yield one result per example, in order, decoding at most DECODE_AHEAD photos ahead."""
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        ahead: deque[Future[_Photo | SkippedPhoto]] = deque()
        for example in examples:
            ahead.append(pool.submit(_decode, example, size))
            if len(ahead) >= DECODE_AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _decode(example: Example, size: int) -> _Photo | SkippedPhoto:
    try:
        content = example.read()
        return _Photo(decode_image(content, size=size), hashlib.sha256(content).hexdigest())
    except ImageError as error:
        return SkippedPhoto(example.key, error.code)
    except OSError:
        return SkippedPhoto(example.key, "file_unreadable")
