"""The decoded photos of a training on disk: all of them, in order, or a sentence."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from styles.ml.datasets import Box, Example
from styles.ml.errors import TrainingError
from styles.ml.features import decode_examples
from styles.ml.photo_store import store_photos
from styles.ml.progress import ignore_stage
from tests.styles.ml import tiny


def store(examples: list[Example], path: Path, **changes: Any) -> Any:
    settings: dict[str, Any] = {
        "size": 32,
        "threads": 2,
        "crop_to_garment": False,
        "progress": ignore_stage,
        **changes,
    }
    return store_photos(examples, path, **settings)


def test_photos_are_kept_decoded_and_in_order(tmp_path: Path) -> None:
    examples = tiny.examples(15)
    heard: list[tuple[str, int, int]] = []
    photos = store(examples, tmp_path / "photos.npy", progress=lambda *one: heard.append(one))
    assert photos.dtype == np.uint8
    assert np.array_equal(photos, decode_examples(examples, size=32, threads=1))
    assert heard == [("photos", 32, 45), ("photos", 45, 45)]


def test_photos_lie_on_disk_and_not_in_memory(tmp_path: Path) -> None:
    photos = store(tiny.examples(2), tmp_path / "photos.npy")
    assert isinstance(photos, np.memmap)
    photos.flush()
    assert np.array_equal(np.load(tmp_path / "photos.npy"), photos)


def test_garments_are_cut_out_where_that_is_asked_for(tmp_path: Path) -> None:
    (example, *_) = tiny.examples(1)
    boxed = Example(example.key, example.read, example.labels, boxes=(Box(0, 0, 10, 10),))
    whole = store([boxed], tmp_path / "whole.npy")
    cropped = store([boxed], tmp_path / "cropped.npy", crop_to_garment=True)
    assert not np.array_equal(whole, cropped)


def test_a_disk_with_too_little_room_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(TrainingError, match=r"keeps 3 decoded photos in .*: expected 0\.0 GB of"):
        store(tiny.examples(1), tmp_path / "photos.npy")
    assert not (tmp_path / "photos.npy").exists()


def test_a_photo_that_vanished_is_named(tmp_path: Path) -> None:
    gone = Example("gone.png", Path("/nowhere.png").read_bytes, {"style": "red"})
    examples = [*tiny.examples(1), gone]
    with pytest.raises(TrainingError, match=r"photo gone\.png could be read .*: file_unreadable\."):
        store(examples, tmp_path / "photos.npy")
