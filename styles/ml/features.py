"""Turns examples into pixels and features, decoding in threads beside the network; for training."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.datasets import Box, Example
from styles.ml.duplicates import HASH_WORDS, hash_photo
from styles.ml.errors import DatasetError
from styles.ml.feature_cache import CachedPhoto, FeatureCache, round_features
from styles.ml.framing import frame_square
from styles.ml.images import ImageError, decode_image, open_image
from styles.ml.progress import OnStage
from styles.ml.quiet_tensorflow import tf

FEATURE_BATCH = 32
# Enough to keep the network fed, little enough to keep memory flat.
DECODE_AHEAD = 4 * FEATURE_BATCH
# Of the garments' longer side: what a box cuts off is a hem or a sleeve.
GARMENT_MARGIN = 0.1


@dataclass(frozen=True)
class SkippedPhoto:
    """A photo that was left out, and why: an image error's code or `file_unreadable`."""

    key: str
    code: str


@dataclass(frozen=True)
class Features:
    """Frozen features, float32 (N, W), of the N examples that could be decoded.

    `digests` are the SHA-256 of their bytes and `hashes` their perceptual hashes, uint64
    (N, HASH_WORDS): how copies are found. `reused` of them came from the cache.
    """

    examples: list[Example]
    digests: list[str]
    vectors: NDArray[np.float32]
    skipped: list[SkippedPhoto]
    hashes: NDArray[np.uint64]
    reused: int


@dataclass(frozen=True)
class PhotoBatch:
    """Decoded photos, uint8 RGB (n, size, size, 3), and their places among the examples.

    `skipped` are those between the last batch and the end of this one that cannot be used.
    """

    positions: list[int]
    pixels: NDArray[np.uint8]
    skipped: list[SkippedPhoto]


@dataclass(frozen=True)
class _Photo:
    """A photo on its way: decoded, or found in the cache."""

    digest: str
    cache_key: str
    pixels: NDArray[np.uint8] | None
    photo_hash: NDArray[np.uint64]
    vector: NDArray[np.float16] | None


def extract_features(
    examples: Sequence[Example],
    *,
    network: Any,
    input_size: int,
    threads: int,
    progress: OnStage,
    cache: FeatureCache | None = None,
    crop_to_garment: bool = False,
) -> Features:
    """Run every photo through a frozen backbone, a Keras model to (N, W), once.

    Args:
        examples: photos are read and decoded as they are needed, so memory grows by a row of
            features a photo and no more.
        network: takes uint8 RGB (n, input_size, input_size, 3).
        threads: that read and decode beside the network.
        progress: called with "features", how many photos are done and how many there are.
        cache: what it holds is neither decoded nor run again, what it lacks is added. Features are
            rounded to its precision either way, so that it changes no result.
        crop_to_garment: show the network the part of a photo that its `boxes` cover.

    Photos that cannot be read or decoded are listed in `skipped`; raises DatasetError where none
    is left.
    """
    rows = _Rows(network, count=len(examples), cache=cache)
    kept: list[Example] = []
    skipped: list[SkippedPhoto] = []
    load = partial(_load, size=input_size, crop=crop_to_garment, cache=cache, width=rows.width)
    for number, (example, photo) in enumerate(
        zip(examples, _in_threads(load, examples, threads=threads), strict=True), start=1
    ):
        if isinstance(photo, SkippedPhoto):
            skipped.append(photo)
        else:
            kept.append(example)
            rows.add(photo)
        if number % FEATURE_BATCH == 0 or number == len(examples):
            if number == len(examples):
                rows.flush()
            progress("features", number, len(examples))
    if not kept:
        raise DatasetError(
            f"Expected photos to learn from, received {len(examples)} unusable ones."
        )
    count = len(kept)
    return Features(
        kept, rows.digests, rows.vectors[:count], skipped, rows.hashes[:count], rows.reused
    )


def photo_batches(
    examples: Sequence[Example],
    *,
    size: int,
    batch: int = FEATURE_BATCH,
    threads: int = 2,
    crop_to_garment: bool = False,
) -> Iterator[PhotoBatch]:
    """Decode a data set of any length, yielding at most `batch` photos at a time, in order.

    Photos that cannot be used are listed in the batch they would have been in; the last batch may
    hold no photo then.
    """
    load = partial(_load, size=size, crop=crop_to_garment)
    positions: list[int] = []
    pixels: list[NDArray[np.uint8]] = []
    skipped: list[SkippedPhoto] = []
    for position, photo in enumerate(_in_threads(load, examples, threads=threads)):
        if isinstance(photo, SkippedPhoto):
            skipped.append(photo)
        elif photo.pixels is not None:
            positions.append(position)
            pixels.append(photo.pixels)
        if len(pixels) == batch:
            yield PhotoBatch(positions, np.stack(pixels), skipped)
            positions, pixels, skipped = [], [], []
    if pixels or skipped:
        left = np.stack(pixels) if pixels else np.empty((0, size, size, 3), dtype=np.uint8)
        yield PhotoBatch(positions, left, skipped)


def decode_examples(examples: Sequence[Example], *, size: int, threads: int) -> NDArray[np.uint8]:
    """Return uint8 RGB (N, size, size, 3) of the examples that decode, all of them in memory."""
    pixels = np.empty((len(examples), size, size, 3), dtype=np.uint8)
    count = 0
    for batch in photo_batches(examples, size=size, threads=threads):
        pixels[count : count + len(batch.pixels)] = batch.pixels
        count += len(batch.pixels)
    return pixels[:count]


class _Rows:
    """The features as they come in: cached ones at once, the others a batch at a time."""

    def __init__(self, network: Any, *, count: int, cache: FeatureCache | None) -> None:
        self._forward = tf.function(
            lambda photos: network(photos, training=False), reduce_retracing=True
        )
        self.width = int(network.output_shape[-1])
        self._cache = cache
        self._waiting: list[tuple[int, _Photo]] = []
        self.vectors = np.empty((count, self.width), dtype=np.float32)
        self.hashes = np.empty((count, HASH_WORDS), dtype=np.uint64)
        self.digests: list[str] = []
        self.reused = 0

    def add(self, photo: _Photo) -> None:
        """Take the next photo in."""
        row = len(self.digests)
        self.digests.append(photo.digest)
        self.hashes[row] = photo.photo_hash
        if photo.vector is not None:
            self.vectors[row] = photo.vector
            self.reused += 1
            return
        self._waiting.append((row, photo))
        if len(self._waiting) == FEATURE_BATCH:
            self.flush()

    def flush(self) -> None:
        """Run what is waiting through the network and keep it in the cache."""
        if not self._waiting:
            return
        pixels = np.stack([photo.pixels for _, photo in self._waiting if photo.pixels is not None])
        vectors = round_features(self._forward(tf.constant(pixels)).numpy())
        self.vectors[[row for row, _ in self._waiting]] = vectors
        if self._cache:
            self._cache.put_many(
                {
                    photo.cache_key: CachedPhoto(vector, photo.photo_hash)
                    for (_, photo), vector in zip(self._waiting, vectors, strict=True)
                }
            )
        self._waiting.clear()


def _in_threads(
    load: Callable[[Example], _Photo | SkippedPhoto], examples: Sequence[Example], *, threads: int
) -> Iterator[_Photo | SkippedPhoto]:
    """Yield one result per example, in order, loading at most DECODE_AHEAD photos ahead."""
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        ahead: deque[Future[_Photo | SkippedPhoto]] = deque()
        try:
            for example in examples:
                ahead.append(pool.submit(load, example))
                if len(ahead) >= DECODE_AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            # Who stops early does not wait for photos that nobody will look at.
            pool.shutdown(cancel_futures=True)


def _load(
    example: Example, *, size: int, crop: bool, cache: FeatureCache | None = None, width: int = 0
) -> _Photo | SkippedPhoto:
    """Read one photo, and decode it unless the cache knows features of that width."""
    boxes = example.boxes if crop else ()
    try:
        content = example.read()
        digest = hashlib.sha256(content).hexdigest()
        cache_key = _cache_key(digest, size=size, width=width, boxes=boxes)
        kept = cache.get_many([cache_key]).get(cache_key) if cache else None
        if kept:
            return _Photo(digest, cache_key, None, kept.photo_hash, kept.vector)
        pixels = _decode(content, size=size, boxes=boxes)
    except ImageError as error:
        return SkippedPhoto(example.key, error.code)
    except OSError:
        return SkippedPhoto(example.key, "file_unreadable")
    return _Photo(digest, cache_key, pixels, hash_photo(pixels), None)


def _cache_key(digest: str, *, size: int, width: int, boxes: Sequence[Box]) -> str:
    """Name a photo, how it is shown to the network and how much is wanted of it."""
    area = ":".join(",".join(str(side) for side in box) for box in boxes)
    return f"{digest}:{size}:{width}:{area}"


def _decode(content: bytes, *, size: int, boxes: Sequence[Box]) -> NDArray[np.uint8]:
    if not boxes:
        return decode_image(content, size=size)
    image = open_image(content)
    cropped = image.crop(garment_area(boxes, width=image.width, height=image.height))
    return np.array(frame_square(cropped, size=size), dtype=np.uint8)


def garment_area(boxes: Sequence[Box], *, width: int, height: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of what the boxes cover on a photo, with a margin.

    The whole photo where they lie outside of it.
    """
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right = max(box.x + box.width for box in boxes)
    bottom = max(box.y + box.height for box in boxes)
    margin = round(GARMENT_MARGIN * max(right - left, bottom - top))
    left, top = max(0, left - margin), max(0, top - margin)
    right, bottom = min(width, right + margin), min(height, bottom + margin)
    if left >= right or top >= bottom:
        return 0, 0, width, height
    return left, top, right, bottom
