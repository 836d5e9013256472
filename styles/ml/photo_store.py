"""Keeps the decoded photos of a training on disk: fine-tuning sees each of them many times."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from styles.ml.datasets import Example
from styles.ml.errors import TrainingError
from styles.ml.features import photo_batches
from styles.ml.progress import OnStage


def store_photos(
    examples: Sequence[Example],
    path: Path,
    *,
    size: int,
    threads: int,
    crop_to_garment: bool,
    progress: OnStage,
) -> NDArray[np.uint8]:
    """Decode photos into a new file and return it as uint8 (N, size, size, 3), read as needed.

    A photo of 224 pixels takes 150 kB; memory stays flat. Calls `progress("photos", done, total)`.
    Raises TrainingError where the disk has no room for them.
    """
    needed, free = len(examples) * size * size * 3, shutil.disk_usage(path.parent).free
    if needed > free:
        raise TrainingError(
            f"Fine-tuning keeps {len(examples)} decoded photos in {path.parent}: expected "
            f"{needed / 1e9:.1f} GB of room there, received {free / 1e9:.1f} GB. Point TMPDIR to "
            "a larger disk."
        )
    photos = np.lib.format.open_memmap(
        path, mode="w+", dtype=np.uint8, shape=(len(examples), size, size, 3)
    )
    for batch in photo_batches(
        examples, size=size, threads=threads, crop_to_garment=crop_to_garment
    ):
        if batch.skipped:
            raise TrainingError(
                f"The photo {batch.skipped[0].key} could be read a moment ago and now cannot: "
                f"{batch.skipped[0].code}. Start again."
            )
        photos[batch.positions] = batch.pixels
        progress("photos", batch.positions[-1] + 1, len(examples))
    return photos
