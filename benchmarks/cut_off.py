"""How often a search rightly finds something, and rightly says "no close match".

    python -m benchmarks.cut_off [--json]

The cut-off is learnt as an activation learns it, from 160 products and drawn pictures. Asked are
phone photos of garments, which the shop sells, and pictures of nothing of kinds it has not seen.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import django
import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import tell
from benchmarks.running_shop import UPLOADS, require_shared_data
from benchmarks.scenes import KINDS, scenes
from benchmarks.street_to_shop import embed, read_products, report, with_group
from styles.ml.artifact import Artifact
from styles.ml.datasets import Example, read_folders
from styles.ml.features import decode_examples
from styles.ml.predictor import Predictor
from styles.ml.stand_ins import draw_nothing, stage_at_home
from styles.ml.training import train

SCENES = 300


def measure() -> dict[str, dict[str, Any]]:
    """Return the figures of both ways to train."""
    require_shared_data()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kfashion_site.settings")
    django.setup()
    products = [with_group(example) for example in read_products()]
    photos = read_folders(UPLOADS / "train", label_set="garment")
    return {
        "catalogue alone": evaluate(train(products, progress=report).artifact, products),
        "catalogue and phone photos": evaluate(
            train([*products, *photos], progress=report).artifact, products
        ),
    }


def evaluate(artifact: Artifact, products: Sequence[Example]) -> dict[str, Any]:
    """Return what becomes of phone photos and scenes under the cut-off of a model."""
    from products.cut_off import PICTURES_OF_NOTHING, SAMPLED_PHOTOS, learn_bounds

    gallery = embed(artifact, products)
    chosen = np.random.default_rng(0).permutation(len(products))[:SAMPLED_PHOTOS]
    predictor = Predictor(artifact.trunk, head=artifact.head, metadata=artifact.metadata)
    side = artifact.metadata.input_size
    shown = decode_examples([products[place] for place in chosen], size=side, threads=2)
    staged = np.stack([stage_at_home(pixels, seed=seed) for seed, pixels in enumerate(shown)])
    drawn = np.stack([draw_nothing(side, seed=seed) for seed in range(PICTURES_OF_NOTHING)])
    apart = 1.0 - gallery[chosen] @ gallery.T
    apart[np.arange(len(chosen)), chosen] = np.inf
    bounds = learn_bounds(
        apart.min(axis=1),
        at_home=nearest(predictor.predict(staged).embeddings, gallery),
        nothing=nearest(predictor.predict(drawn).embeddings, gallery),
    )
    phone = nearest(
        embed(artifact, read_folders(UPLOADS / "validation", label_set="garment")), gallery
    )
    unseen = scenes(SCENES)
    nothing = nearest(embed(artifact, unseen), gallery)
    kinds = np.array([scene.labels["scene"] for scene in unseen])
    return {
        "very close up to": round(bounds.very_close, 3),
        "close up to": round(bounds.close, 3),
        "cut-off": round(bounds.cut_off, 3),
        "missed of its own sample": round(bounds.missed, 3),
        "wrongly found of its own sample": round(bounds.wrongly_found, 3),
        "phone photos that find a close match": round(float((phone <= bounds.cut_off).mean()), 3),
        "phone photos within the catalogue's own neighbours": round(
            float((phone <= bounds.very_close).mean()), 3
        ),
        "scenes that are told there is none": round(float((nothing > bounds.cut_off).mean()), 3),
        **{
            f"of which {kind}": round(float((nothing[kinds == kind] > bounds.cut_off).mean()), 3)
            for kind in KINDS
        },
    }


def nearest(asked: NDArray[np.float32], gallery: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the distance (N,) of each vector to the nearest of the gallery."""
    distances: NDArray[np.float32] = (1.0 - asked @ gallery.T).min(axis=1)
    return distances


if __name__ == "__main__":
    tell(measure, description=__doc__)
