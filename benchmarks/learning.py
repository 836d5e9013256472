"""Every figure of the learning side on the real photos, with its bar: mean and spread over seeds.

    python -m benchmarks.learning [--seeds 0,1,2] [--preset full] [--epochs N] [--backbone NAME]
        [--head NAME=NUMBER ...] [--fine-tuning NAME=NUMBER ...] [--json]

For each seed the catalogue is split 80/20 by sku (types with 10 products or more), and two models
are trained: with the preset on the larger part together with shoppers' photos in uploads/train, and
with `quick` on the larger part alone, for the figure that says "catalogue alone". What is measured
is the served int8 model, on the smaller part and on uploads/validation, which neither saw. For the
first seed the float model is measured as well. A seed takes about 20 minutes on two idle cores.
`--head` and `--fine-tuning` change fields of HeadConfig and FineTuningConfig, to try what they do.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import tell
from benchmarks.running_shop import CATALOGUE, UPLOADS, require_shared_data
from benchmarks.street_to_shop import ANSWERS, BATCH, DECODE_THREADS, report
from styles.ml.artifact import Artifact
from styles.ml.backbones import BACKBONES
from styles.ml.cluster_classifier import learn_clusters
from styles.ml.clustering import fit_clusters
from styles.ml.datasets import Example, read_csv, read_folders
from styles.ml.features import decode_examples
from styles.ml.predictor import Predictor
from styles.ml.presets import QUICK, choose_recipe
from styles.ml.retrieval import measure_retrieval_across
from styles.ml.trained_model import TrainedModel
from styles.ml.training import TrainingConfig, TrainingResult, train

BACKBONE = "efficientnet-lite0"
# Label set -> column of the catalogue.
LABELS = {
    "product_type": "article_type", "usage": "usage", "gender": "gender", "colour": "colour",
}  # fmt: skip
USAGES = {"Casual", "Ethnic", "Formal", "Sports"}
MIN_PRODUCTS = 10
TEST_SHARE = 0.2
STUDY_CLUSTERS = 3
NEAREST = 10
BARS = {
    "garment accuracy": 0.93,
    "product_type accuracy": 0.93,
    "usage accuracy": 0.945,
    "gender accuracy": 0.93,
    "colour accuracy": 0.72,
    "same type P@10": 0.92,
    "same colour P@10": 0.60,
    "street to shop P@10, catalogue alone": 0.76,
    "street to shop P@10, with phone photos": 0.88,
    "three clusters, accuracy": 0.98,
    "three clusters, macro F1": 0.97,
}
Figures = dict[str, float]


@dataclass(frozen=True)
class Photos:
    """All photos: products, which of them are trained on and tested, and shoppers' photos."""

    products: list[Example]
    trained: list[int]
    tested: list[int]
    phone_photos: list[Example]
    queries: list[Example]


@dataclass(frozen=True)
class Answers:
    """What a model says of N photos: unit embeddings (N, D) and a code per label set."""

    embeddings: NDArray[np.float32]
    codes: Mapping[str, NDArray[np.str_]]


def measure(*, seeds: str, **recipe: Any) -> dict[str, Any]:
    """Return figures by name, int8 against float, and times; `recipe` is for `vary_recipe`."""
    require_shared_data()
    started = time.perf_counter()
    runs: dict[str, list[float]] = defaultdict(list)
    times: dict[str, list[float]] = defaultdict(list)
    differences: Figures = {}
    for seed in (numbers := [int(seed) for seed in seeds.split(",")]):
        photos = read_photos(seed)
        quick = vary_recipe(seed, **{**recipe, "preset": QUICK, "epochs": None})
        larger = [photos.products[index] for index in photos.trained]
        alone = train(larger, config=quick, progress=report)
        together = train(
            [*larger, *photos.phone_photos], config=vary_recipe(seed, **recipe), progress=report
        )
        figures = judge(alone, together, photos, is_served=True)
        print(f"\nseed {seed}: {figures}", file=sys.stderr, flush=True)
        for name, value in figures.items():
            runs[name].append(value)
        note_times(times, together)
        if seed == numbers[0]:
            trained = judge(alone, together, photos, is_served=False)
            differences = {
                name: round(100 * (value - trained[name]), 2) for name, value in figures.items()
            }
    return {
        **{name: summarise(values, BARS[name]) for name, values in runs.items()},
        "int8 less float, points, first seed": differences,
        "seconds": {name: round(float(np.mean(values)), 1) for name, values in times.items()},
        "seeds": seeds,
        "whole run (s)": round(time.perf_counter() - started),
    }


def vary_recipe(
    seed: int,
    *,
    preset: str,
    backbone: str,
    epochs: int | None,
    head: Sequence[tuple[str, Any]],
    fine_tuning: Sequence[tuple[str, Any]],
) -> TrainingConfig:
    """Return a preset with some fields of its HeadConfig and FineTuningConfig changed."""
    config = choose_recipe(preset, backbone=backbone, epochs=epochs, seed=seed)
    config = replace(config, head=replace(config.head, **dict(head)))
    if config.fine_tuning:
        changed = replace(config.fine_tuning, **dict(fine_tuning))
        config = replace(config, fine_tuning=changed)
    return config


def read_photos(seed: int) -> Photos:
    """Read the shared photos and split the products."""
    products = [_without_rare_usage(product) for product in read_csv(CATALOGUE, labels=LABELS)]
    types = [product.labels["product_type"] for product in products]
    frequent = {name for name, count in Counter(types).items() if count >= MIN_PRODUCTS}
    order = np.random.default_rng(seed).permutation(len(products)).tolist()
    quota = {name: round(TEST_SHARE * types.count(name)) for name in frequent}
    tested = []
    for index in order:
        if quota.get(types[index], 0):
            quota[types[index]] -= 1
            tested.append(index)
    held = set(tested)
    return Photos(
        products=products,
        trained=[index for index in range(len(products)) if index not in held],
        tested=sorted(tested),
        phone_photos=list(read_folders(UPLOADS / "train", label_set="garment")),
        queries=list(read_folders(UPLOADS / "validation", label_set="garment")),
    )


def _without_rare_usage(product: Example) -> Example:
    labels = {
        name: code for name, code in product.labels.items() if name != "usage" or code in USAGES
    }
    return replace(product, labels=labels)


def judge(
    alone: TrainingResult, together: TrainingResult, photos: Photos, *, is_served: bool
) -> Figures:
    """Return all figures of one seed's two models, as they are served or as they were trained."""
    products = ask(together.artifact, photos.products, is_served=is_served)
    queries = ask(together.artifact, photos.queries, is_served=is_served)
    products_alone = ask(alone.artifact, photos.products, is_served=is_served)
    queries_alone = ask(alone.artifact, photos.queries, is_served=is_served)
    figures = {
        "garment accuracy": share_right(queries, photos.queries, "garment"),
        **{
            f"{name} accuracy": share_right(products, photos.products, name, rows=photos.tested)
            for name in LABELS
        },
        "same type P@10": precision(products.embeddings, photos, "product_type"),
        "same colour P@10": precision(products.embeddings, photos, "colour"),
        "street to shop P@10, catalogue alone": street_to_shop(
            queries_alone, products_alone, photos
        ),
        "street to shop P@10, with phone photos": street_to_shop(queries, products, photos),
    }
    fitted = fit_clusters(products.embeddings, clusters=STUDY_CLUSTERS, seed=0)
    _, learnt = learn_clusters(products.embeddings, fitted.assignments, seed=0)
    assert learnt is not None
    figures["three clusters, accuracy"] = learnt.accuracy
    figures["three clusters, macro F1"] = learnt.macro_f1
    return figures


def ask(artifact: Artifact, examples: Sequence[Example], *, is_served: bool) -> Answers:
    """Return what the served model, or the Keras model it was exported from, says."""
    label_sets = artifact.metadata.label_sets
    size = artifact.metadata.input_size
    predictor = Predictor(artifact.trunk, head=artifact.head, metadata=artifact.metadata, threads=2)
    trained = None if is_served else TrainedModel(artifact.files["model.keras"])
    embeddings, codes = [], defaultdict(list)
    for start in range(0, len(examples), BATCH):
        pixels = decode_examples(examples[start : start + BATCH], size=size, threads=DECODE_THREADS)
        if trained:
            vectors, probabilities = trained.predict(pixels, label_sets=list(label_sets))
        else:
            served = predictor.predict(pixels)
            vectors, probabilities = served.embeddings, dict(served.probabilities)
        embeddings.append(vectors)
        for name, values in probabilities.items():
            codes[name].append(np.array(label_sets[name])[values.argmax(axis=1)])
    return Answers(
        np.concatenate(embeddings), {name: np.concatenate(said) for name, said in codes.items()}
    )


def share_right(
    answers: Answers,
    examples: Sequence[Example],
    label_set: str,
    *,
    rows: Iterable[int] | None = None,
) -> float:
    """Return the accuracy over the examples in `rows`, or all, that have the label."""
    asked = [
        row for row in (range(len(examples)) if rows is None else rows)
        if label_set in examples[row].labels
    ]  # fmt: skip
    right = [answers.codes[label_set][row] == examples[row].labels[label_set] for row in asked]
    return float(np.mean(right))


def precision(embeddings: NDArray[np.float32], photos: Photos, label_set: str) -> float:
    """Return P@10 of the tested products' look-alikes among all other products."""
    labels = np.array([product.labels.get(label_set, "") for product in photos.products])
    tested = np.array(photos.tested)
    similarities = embeddings[tested] @ embeddings.T
    similarities[np.arange(len(tested)), tested] = -np.inf
    nearest = np.argpartition(-similarities, NEAREST, axis=1)[:, :NEAREST]
    return float((labels[nearest] == labels[tested][:, np.newaxis]).mean())


def street_to_shop(queries: Answers, products: Answers, photos: Photos) -> float:
    """Return P@10 from phone photos to products of a type that answers them."""
    found = measure_retrieval_across(
        queries.embeddings,
        query_labels=[query.labels["garment"] for query in photos.queries],
        gallery=products.embeddings,
        gallery_labels=[product.labels["product_type"] for product in photos.products],
        answers=ANSWERS,
        seed=0,
    )
    assert found is not None
    return found.precision_at_10


def note_times(times: dict[str, list[float]], result: TrainingResult) -> None:
    """Add what the training of both data sets took; the bars are 3 and 40 minutes."""
    photos = result.trained + result.held_out
    frozen = result.timings["features_seconds"] + result.timings["head_seconds"]
    times["features and head, for 10,000 photos (bar 180)"].append(frozen * 10_000 / photos)
    if "fine_tuning_seconds" in result.timings:
        times[f"fine-tuning on {photos} photos (bar 2400)"].append(
            result.timings["fine_tuning_seconds"]
        )


def summarise(values: Sequence[float], required: float) -> dict[str, Any]:
    """Return mean, spread (standard deviation) and whether the mean reaches the bar."""
    mean = float(np.mean(values))
    return {
        "mean": round(mean, 4),
        "spread": round(float(np.std(values)), 4),
        "required": required,
        "reached": mean >= required,
    }


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what a run can be told."""
    parser.add_argument("--seeds", default="0,1,2", help="numbers, separated by commas")
    parser.add_argument("--preset", default="full", choices=("quick", "full"))
    parser.add_argument("--epochs", type=int, help="of the preset's last stage")
    parser.add_argument("--backbone", default=BACKBONE, choices=BACKBONES)
    for option in ("--head", "--fine-tuning"):
        parser.add_argument(
            option, action="append", default=[], type=_read_field, metavar="NAME=NUMBER"
        )


def _read_field(text: str) -> tuple[str, int | float]:
    name, _, number = text.partition("=")
    return name, float(number) if "." in number or "e" in number else int(number)


if __name__ == "__main__":
    tell(measure, description=__doc__, configure=configure)
