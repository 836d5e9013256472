"""Makes each photo look a little different every time it is trained on, inside the training graph.

Shops show clothes straight, lit and on white; people show them on beds and floors. So photos are
mirrored, turned, zoomed, shifted and lit anew; the white behind a product may become a room.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from styles.ml.quiet_tensorflow import tf

# A room: a colour, soft shadows over it, and a texture.
SHADOW_CELLS = 5
TEXTURE_CELLS = 56
MAX_SHADOW = 40.0
MAX_TEXTURE = 25.0
# What counts as the white behind a product, in grey levels.
WHITE_LEVEL = 236.0
WHITE_SOFTNESS = 4.0
MAX_WHITE_SPREAD = 14.0

Draw = Callable[..., Any]


@dataclass(frozen=True)
class AugmentationConfig:
    """How far photos are changed; every change is drawn evenly up to its limit, both ways.

    `turn` is in degrees, `zoom` and `shift` are shares of the side, `light` and `contrast` factors
    around 1, `tint` the same per channel: small, or colours could not be learnt. `unchanged` is the
    share of photos that stay as they are, `rooms` the share that lose their white background.
    """

    turn: float = 15.0
    zoom: float = 0.2
    shift: float = 0.1
    light: float = 0.2
    contrast: float = 0.2
    tint: float = 0.05
    rooms: float = 0.2
    unchanged: float = 0.4


def augment(photos: Any, *, seed: Any, config: AugmentationConfig) -> Any:
    """Return changed photos, uint8 like `photos` (N, S, S, 3); the same seed (2,) changes alike."""
    draw = _drawing(seed, count=tf.shape(photos)[0])
    originals = tf.cast(photos, tf.float32)
    changed = _furnish(originals, draw, config)
    changed = _light(_move(changed, draw, config), draw, config)
    stays = draw((1, 1, 1), 0.0, 1.0) < config.unchanged
    chosen = tf.where(stays, originals, changed)
    return tf.cast(tf.round(tf.clip_by_value(chosen, 0.0, 255.0)), tf.uint8)


def _drawing(seed: Any, *, count: Any) -> Draw:
    """Return draw(shape, low, high): even float32 numbers (N, *shape), others at every call."""
    drawn = 0

    def draw(shape: tuple[int, ...], low: float, high: float) -> Any:
        nonlocal drawn
        drawn += 1
        own = tf.random.experimental.stateless_fold_in(seed, drawn)
        return tf.random.stateless_uniform((count, *shape), own, low, high)

    return draw


def _furnish(photos: Any, draw: Draw, config: AugmentationConfig) -> Any:
    side = photos.shape[1]
    darkest = tf.reduce_min(photos, axis=-1, keepdims=True)
    spread = tf.reduce_max(photos, axis=-1, keepdims=True) - darkest
    white = tf.sigmoid((darkest - WHITE_LEVEL) / WHITE_SOFTNESS)
    white = tf.nn.avg_pool2d(white * tf.cast(spread < MAX_WHITE_SPREAD, tf.float32), 3, 1, "SAME")
    shadows = draw((SHADOW_CELLS, SHADOW_CELLS, 3), -MAX_SHADOW, MAX_SHADOW)
    texture = draw((TEXTURE_CELLS, TEXTURE_CELLS, 1), -MAX_TEXTURE, MAX_TEXTURE)
    room = (
        draw((1, 1, 3), 40.0, 235.0)
        + tf.image.resize(shadows, (side, side)) * draw((1, 1, 1), 0.0, 1.0)
        + tf.image.resize(texture, (side, side)) * draw((1, 1, 1), 0.0, 1.0)
    )
    seen = white * tf.cast(draw((1, 1, 1), 0.0, 1.0) < config.rooms, tf.float32)
    return photos * (1.0 - seen) + room * seen


def _move(photos: Any, draw: Draw, config: AugmentationConfig) -> Any:
    """Mirror, turn, zoom and shift in one resampling; edges are continued by their mirror image."""
    side = photos.shape[1]
    angle = math.pi / 180 * draw((), -config.turn, config.turn)
    scale = 1.0 + draw((), -config.zoom, config.zoom)
    mirror = tf.where(draw((), 0.0, 1.0) < 0.5, -1.0, 1.0)
    cosine, sine = scale * tf.cos(angle), scale * tf.sin(angle)
    centre = (side - 1) / 2
    x_shift, y_shift = (side * draw((), -config.shift, config.shift) for _ in range(2))
    zero = tf.zeros_like(angle)
    transforms = tf.stack(
        [
            mirror * cosine, -sine, centre - centre * (mirror * cosine - sine) + x_shift,
            mirror * sine, cosine, centre - centre * (mirror * sine + cosine) + y_shift,
            zero, zero,
        ],
        axis=1,
    )  # fmt: skip
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=photos,
        transforms=transforms,
        output_shape=(side, side),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="REFLECT",
    )


def _light(photos: Any, draw: Draw, config: AugmentationConfig) -> Any:
    mean = tf.reduce_mean(photos, axis=(1, 2, 3), keepdims=True)
    contrasted = (photos - mean) * (1.0 + draw((1, 1, 1), -config.contrast, config.contrast)) + mean
    light = 1.0 + draw((1, 1, 1), -config.light, config.light)
    tint = 1.0 + draw((1, 1, 3), -config.tint, config.tint)
    return contrasted * light * tint
