"""Phone photos to products of the right type, through the exported model, trained from scratch.

    python -m benchmarks.street_to_shop [--json]

P@10: the share of the ten nearest products whose type answers the photo's folder. Trained on the
catalogue alone and together with shoppers' photos in folders; asked with photos that neither saw.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import tell
from benchmarks.running_shop import CATALOGUE, UPLOADS, require_shared_data
from styles.ml.artifact import Artifact
from styles.ml.datasets import Dataset, Example, read_csv, read_folders
from styles.ml.features import decode_examples
from styles.ml.predictor import Predictor
from styles.ml.retrieval import measure_retrieval_across
from styles.ml.training import TrainingResult, train

SHOES = {
    "Casual Shoes", "Flats", "Flip Flops", "Formal Shoes", "Heels", "Sandals", "Sports Sandals",
    "Sports Shoes",
}  # fmt: skip
# Which product types answer a photo of each folder: ../shared/data/README.md.
ANSWERS = {
    "dress": {"Dresses"},
    "hat": {"Caps", "Hat"},
    "longsleeve": {"Sweaters", "Sweatshirts", "Tops", "Tshirts"},
    "outwear": {"Blazers", "Jackets", "Rain Jacket", "Sweatshirts"},
    "pants": {"Capris", "Jeans", "Leggings", "Track Pants", "Trousers"},
    "shirt": {"Shirts"},
    "shoes": SHOES,
    "shorts": {"Shorts"},
    "skirt": {"Skirts"},
    "t-shirt": {"Tshirts"},
}
# What the catalogue's `usage` says in style groups; what is left out says nothing.
GROUPS = {"Casual": "casual", "Ethnic": "ethnic", "Formal": "traditional", "Sports": "sporty"}
REQUIRED = {"catalogue alone": 0.66, "catalogue and phone photos": 0.79}
BATCH = 256
DECODE_THREADS = 2


def measure() -> dict[str, dict[str, Any]]:
    """Return the figures of both ways to train."""
    require_shared_data()
    products = [with_group(example) for example in read_products()]
    photos = read_folders(UPLOADS / "train", label_set="garment")
    return {
        "catalogue alone": evaluate(products, products, REQUIRED["catalogue alone"]),
        "catalogue and phone photos": evaluate(
            [*products, *photos], products, REQUIRED["catalogue and phone photos"]
        ),
    }


def read_products() -> Dataset:
    """Return the catalogue with its types and, as the label set `style_group`, its usage."""
    return read_csv(CATALOGUE, labels={"product_type": "article_type", "style_group": "usage"})


def with_group(product: Example) -> Example:
    """Return the product with its style group's code where its usage names one."""
    labels = dict(product.labels)
    group = GROUPS.get(labels.pop("style_group", ""))
    return replace(product, labels=labels | ({"style_group": group} if group else {}))


def evaluate(
    examples: Sequence[Example], products: Sequence[Example], required: float
) -> dict[str, Any]:
    """Train on `examples`, embed products and validation photos, and return the figures."""
    start = time.perf_counter()
    result = train(examples, progress=report)
    seconds = time.perf_counter() - start
    queries = read_folders(UPLOADS / "validation", label_set="garment")
    gallery, asked = embed(result.artifact, products), embed(result.artifact, queries)
    found = measure_retrieval_across(
        asked,
        query_labels=[query.labels["garment"] for query in queries],
        gallery=gallery,
        gallery_labels=[product.labels["product_type"] for product in products],
        answers=ANSWERS,
        seed=0,
    )
    assert found is not None
    overall = found.precision_at_10
    return {
        "P@10": round(overall, 4),
        "required": required,
        "reached": overall >= required,
        **{f"P@10 of {own.label}": round(own.precision_at_10, 3) for own in found.by_label},
        "training (s)": round(seconds, 1),
        **training_figures(result),
    }


def training_figures(result: TrainingResult) -> dict[str, Any]:
    """Return what training said of itself."""
    return {
        **{f"of which {name} ": value for name, value in result.timings.items()},
        "photos trained on": result.trained,
        "photos held out": result.held_out,
        "mean cosine, int8 to Keras": round(result.parity.mean_cosine, 4),
        "lowest cosine, int8 to Keras": round(result.parity.min_cosine, 4),
        **{
            f"top-1 agreement on {name}": round(value, 4)
            for name, value in result.parity.top_1_agreement.items()
        },
        **{
            f"held-out accuracy on {name}": round(scores.accuracy, 4)
            for name, scores in result.metrics.items()
        },
    }


def embed(artifact: Artifact, examples: Sequence[Example]) -> NDArray[np.float32]:
    """Return the served model's embeddings (N, D)."""
    predictor = Predictor(artifact.trunk, head=artifact.head, metadata=artifact.metadata)
    size = artifact.metadata.input_size
    batches = [examples[start : start + BATCH] for start in range(0, len(examples), BATCH)]
    return np.concatenate(
        [
            predictor.predict(decode_examples(batch, size=size, threads=DECODE_THREADS)).embeddings
            for batch in batches
        ]
    )


def report(stage: str, done: int, total: int) -> None:
    """Show progress on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{stage} {done}/{total} ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    tell(measure, description=__doc__)
