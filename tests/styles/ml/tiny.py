"""A real artifact in seconds: a toy backbone trained on plain coloured photos, exported to LiteRT.

It passes through all of training and export, and tells colours apart; it knows nothing of clothes.
"""

from __future__ import annotations

import io
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from PIL import Image

from styles.ml.artifact import Artifact
from styles.ml.datasets import Example

BACKBONE = "tiny"
INPUT_SIZE = 32
FEATURE_WIDTH = 16
COLOURS = {"blue": (30, 40, 200), "green": (30, 180, 60), "red": (210, 30, 40)}
GROUPS = {"blue": "cold", "green": "cold", "red": "warm"}


def photo(colour: str, *, number: int = 0, side: int = 40) -> bytes:
    """Return a noisy PNG of one colour; another number gives another photo."""
    noise = np.random.default_rng(number).normal(0, 12, (side, side, 3))
    pixels = np.clip(np.array(COLOURS[colour]) + noise, 0, 255).astype(np.uint8)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()


def examples(
    per_colour: int = 12, *, label_sets: tuple[str, ...] = ("style", "style_group")
) -> list[Example]:
    """Return photos of three colours: their style is the colour, their group its temperature."""
    return [
        Example(
            key=f"{colour}-{number}",
            read=partial(photo, colour, number=number),
            labels={
                name: GROUPS[colour] if name == "style_group" else colour for name in label_sets
            },
        )
        for number in range(per_colour)
        for colour in COLOURS
    ]


def build_backbone(weights: Path | None = None) -> Any:
    """Return a Keras model from uint8 RGB (N, 32, 32, 3) to an untrained map (N, 8, 8, 16)."""
    from styles.ml.quiet_tensorflow import keras

    keras.utils.set_random_seed(0)
    photos = keras.Input((INPUT_SIZE, INPUT_SIZE, 3), dtype="uint8")
    x = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(photos)
    x = keras.layers.Conv2D(FEATURE_WIDTH, 4, 4, name="convolution")(x)
    x = keras.layers.ReLU(max_value=6.0)(x)
    return keras.Model(photos, x)


@cache
def tiny_artifact(label_sets: tuple[str, ...] = ("style", "style_group")) -> Artifact:
    """Train and export a tiny model once in this process."""
    from styles.ml.training import train

    with tiny_backbone():
        return train(examples(label_sets=label_sets), config=tiny_config()).artifact


def tiny_config(**changes: Any) -> Any:
    """Return a TrainingConfig for the tiny backbone, with `changes`."""
    from styles.ml.classifier import HeadConfig
    from styles.ml.training import TrainingConfig

    head = HeadConfig(hidden_width=32, dropout=0.0, epochs=30, batch_size=8, learning_rate=1e-2)
    settings = {"backbone": BACKBONE, "head": head, "calibration_photos": 16, **changes}
    return TrainingConfig(**settings)


def tiny_backbone() -> Any:
    """Return a context manager that has the tiny backbone in the table of backbones."""
    from styles.ml.backbones import BACKBONES, Backbone

    backbone = Backbone(
        name=BACKBONE,
        input_size=INPUT_SIZE,
        feature_width=FEATURE_WIDTH,
        weights="none",
        fine_tuned_from="convolution",
        build=build_backbone,
    )
    return patch.dict(BACKBONES, {BACKBONE: backbone})
