"""VGG16, ResNet50 and EfficientNetB0 of keras.applications, preprocessing inside; for backbones.py.

Their ImageNet weights are downloaded once, into Keras' own cache, or read from a file as published.
"""

import contextlib
import re
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import CheckpointError, WeightsUnavailableError
from styles.ml.quiet_tensorflow import keras

INPUT_SIZE = 224
DOWNLOAD_TIMEOUT_SECONDS = 20.0
# Channel means of ImageNet, red first; these two networks were trained on blue first.
CAFFE_MEANS = (123.68, 116.779, 103.939)
# Layers of the published files that no feature map needs.
TOP_LAYERS = frozenset({"fc1", "fc2", "predictions", "probs"})
# The published EfficientNets hold deviations where Keras expects variances, and Keras makes up for
# it only while it downloads: https://github.com/tensorflow/tensorflow/issues/49930
EFFICIENTNET_DEVIATIONS = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Application:
    """A network of keras.applications and where its weights without the top are published."""

    name: str
    constructor: str
    feature_width: int
    url: str
    md5: str
    preprocess: Callable[[Any], Any]
    adapt: Callable[[Any], None]

    @property
    def file(self) -> str:
        """The name the weights are published under."""
        return self.url.rpartition("/")[2]


def build_application(application: Application, weights: Path | None = None) -> Any:
    """Return a Keras model from uint8 RGB (N, 224, 224, 3) to a float32 map (N, 7, 7, W).

    `weights` is a legacy Keras .h5 file, with or without the top; None takes the published one,
    downloading it if need be. Raises WeightsUnavailableError where that fails and CheckpointError
    for a file that cannot be read or holds another network.
    """
    path = weights or _download(application)
    photos = keras.Input((INPUT_SIZE, INPUT_SIZE, 3), dtype="uint8", name="photos")
    constructor = getattr(keras.applications, application.constructor)
    network = constructor(
        include_top=False, weights=None, input_tensor=application.preprocess(photos)
    )
    model = keras.Model(photos, network.output, name=application.name)
    _load(model, path, application=application)
    application.adapt(model)
    return model


def _download(application: Application) -> Path:
    """Return the published file in Keras' cache; what Keras prints goes to standard error."""
    try:
        with contextlib.redirect_stdout(sys.stderr), _impatient_sockets():
            return Path(
                keras.utils.get_file(
                    application.file,
                    application.url,
                    cache_subdir="models",
                    file_hash=application.md5,
                )
            )
    except Exception as error:
        raise WeightsUnavailableError(
            application.name,
            url=application.url,
            reason=str(error).rpartition(" -- ")[2],
        ) from error


@contextlib.contextmanager
def _impatient_sockets() -> Iterator[None]:
    """Let a server that is silent count as unreachable: Keras sets no timeout of its own."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(DOWNLOAD_TIMEOUT_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _load(model: Any, path: Path, *, application: Application) -> None:
    """Fill the model by the names of its layers, which tell a deeper network of the kind apart."""
    try:
        received = _read_layers(path)
        layers = {_settle_name(layer.name): layer for layer in model.layers if layer.weights}
        if different := (received.keys() - TOP_LAYERS) ^ layers.keys():
            name = min(different)
            side = "the file" if name in received else "the network"
            raise ValueError(f"layer {name} is in {side} alone")
        for name, layer in layers.items():
            if not all(np.isfinite(numbers).all() for numbers in received[name]):
                raise ValueError(f"layer {name} holds numbers that are not finite")
            layer.set_weights(received[name])
    except (OSError, KeyError, RuntimeError, ValueError) as error:
        raise CheckpointError(
            f"{path.name} does not hold the weights of {model.name}: {_first_line(error)}. "
            f"Expected {application.file} as it is published, or that file with the top."
        ) from error


def _read_layers(path: Path) -> dict[str, list[NDArray[Any]]]:
    """Return the arrays of a legacy Keras file, whole model or weights alone, by layer."""
    if not path.is_file():
        raise OSError("there is no such file")
    with h5py.File(path, "r") as file:
        group = file.get("model_weights", file)
        if "layer_names" not in group.attrs:
            raise ValueError("it is no legacy Keras file")
        layers = {
            _settle_name(name): [
                group[name][_text(weight)][()] for weight in group[name].attrs["weight_names"]
            ]
            for name in map(_text, group.attrs["layer_names"])
        }
    return {name: arrays for name, arrays in layers.items() if arrays}


def _settle_name(name: str) -> str:
    """Drop the number that Keras gives the one layer which the networks leave it to name."""
    return re.sub(r"^normalization_\d+$", "normalization", name)


def _text(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


def _first_line(error: Exception) -> str:
    return str(error.args[0] if error.args else error).splitlines()[0].rstrip(".")


def _subtract_means(photos: Any) -> Any:
    return keras.layers.Rescaling(1.0, offset=[-mean for mean in CAFFE_MEANS])(photos)


def _flip_first_kernel(layer: str) -> Callable[[Any], None]:
    """Have the first convolution read red first, which saves reversing every photo's channels."""

    def flip(model: Any) -> None:
        kernel, *rest = model.get_layer(layer).get_weights()
        model.get_layer(layer).set_weights([kernel[:, :, ::-1, :], *rest])

    return flip


def _pass_on(photos: Any) -> Any:
    return photos


def _square_deviations(model: Any) -> None:
    (layer,) = (found for found in model.layers if isinstance(found, keras.layers.Normalization))
    means, variances, count = layer.get_weights()
    layer.set_weights([means, variances * np.array(EFFICIENTNET_DEVIATIONS, np.float32), count])
    layer.finalize_state()


_STORE = "https://storage.googleapis.com"
_PUBLISHED = f"{_STORE}/tensorflow/keras-applications"
VGG16 = Application(
    name="vgg16",
    constructor="VGG16",
    feature_width=512,
    url=f"{_PUBLISHED}/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
    md5="6d6bbae143d832006294945121d1f1fc",
    preprocess=_subtract_means,
    adapt=_flip_first_kernel("block1_conv1"),
)
RESNET50 = Application(
    name="resnet50",
    constructor="ResNet50",
    feature_width=2048,
    url=f"{_PUBLISHED}/resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
    md5="4d473c1dd8becc155b73f8504c6f6626",
    preprocess=_subtract_means,
    adapt=_flip_first_kernel("conv1_conv"),
)
EFFICIENTNET_B0 = Application(
    name="efficientnetb0",
    constructor="EfficientNetB0",
    feature_width=1280,
    url=f"{_STORE}/keras-applications/efficientnetb0_notop.h5",
    md5="50bc09e76180e00e4465e1a485ddc09d",
    preprocess=_pass_on,
    adapt=_square_deviations,
)
