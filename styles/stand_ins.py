"""Door to stand-ins for shoppers' photos, seen by a model version. For ``products.cut_off``.

Like ``styles.inference``, nothing that answers a request imports this module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from styles import conf
from styles.inference import embed_pixels, input_size
from styles.ml.images import ImageError, decode_image
from styles.ml.stand_ins import draw_nothing, stage_at_home
from styles.models import ModelVersion


@dataclass(frozen=True)
class StandIns:
    """Unit vectors, float32: of products as if photographed at home (N, D), of nothing (M, D)."""

    at_home: np.ndarray
    nothing: np.ndarray


def embed_stand_ins(
    photos: Sequence[Callable[[], bytes]], *, pictures_of_nothing: int, model_version: ModelVersion
) -> StandIns:
    """Restage product photos, draw pictures of nothing, and embed both.

    Always the same for the same photos and version. Photos that cannot be read are left out.

    Raises:
        ArtifactError: the version's files are missing or damaged.
    """
    size = input_size(model_version)
    limits = conf.image_limits()
    staged = []
    for seed, read in enumerate(photos):
        try:
            pixels = decode_image(read(), size=size, limits=limits)
        except (FileNotFoundError, ImageError):
            continue
        staged.append(stage_at_home(pixels, seed=seed))
    drawn = [draw_nothing(size, seed=seed) for seed in range(pictures_of_nothing)]
    return StandIns(
        at_home=embed_pixels(staged, model_version=model_version),
        nothing=embed_pixels(drawn, model_version=model_version),
    )
