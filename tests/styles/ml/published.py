"""Weights files as keras.applications publishes them, but random: the tests have no network."""

from __future__ import annotations

import atexit
import logging
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import h5py


@cache
def published_weights() -> dict[str, Path]:
    """Write the file without the top of every application once; return where each lies, by name."""
    from styles.ml.keras_applications import EFFICIENTNET_B0, RESNET50, VGG16

    folder = Path(tempfile.mkdtemp(prefix="kfashion-published-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {
        application.name: save_published(
            application.constructor, folder / application.file, include_top=False
        )
        for application in (VGG16, RESNET50, EFFICIENTNET_B0)
    }


@cache
def network(name: str) -> Any:
    """Build a backbone of the table once; Lite knows ImageNet, the others nothing."""
    from styles.ml.backbones import find_backbone

    return find_backbone(name).build(published_weights().get(name))


def save_published(constructor: str, path: Path, *, include_top: bool) -> Path:
    """Write random weights of a network of keras.applications to a legacy Keras weights file."""
    from styles.ml.quiet_tensorflow import keras

    keras.utils.set_random_seed(0)
    network = getattr(keras.applications, constructor)(
        weights=None, include_top=include_top, input_shape=(224, 224, 3)
    )
    whole = path.with_name("whole_model.h5")
    save_legacy(network, whole)
    with h5py.File(whole, "r") as source, h5py.File(path, "w") as published:
        for name in source["model_weights"]:
            source.copy(f"model_weights/{name}", published)
        for name, value in source["model_weights"].attrs.items():
            published.attrs[name] = value
    whole.unlink()
    return path


def save_legacy(network: Any, path: Path) -> None:
    """Save a whole model in the old format, whose age Keras would remark on."""
    logging.getLogger("absl").setLevel(logging.ERROR)
    network.save(path)
