"""Learns to tell clusters apart, as the study did: a softmax on the embedding, measured held-out.

Called by the door to k-means. The study retrained a ResNet50 on the cluster numbers and reached a
test accuracy of 0.9734. Here the embedding stands, and k-means cut its space by planes, so a linear
layer is enough: 0.997 with a macro F1 of 0.995 for three clusters of 6,874 products, 0.993 with
0.993 for twelve (`python -m benchmarks.cluster_classifier`, means of three seeds).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from styles.ml.errors import MissingTrainingExtraError
from styles.ml.metrics import ClassScores, accuracy, macro_f1, score_classes

HELD_OUT_FRACTION = 0.2
# Inverse strength of the L2 penalty. 1 leaves the clusters of a small shop undecided; 100 says
# "certainly" of products between two clusters.
INVERSE_PENALTY = 10.0
MAX_ITERATIONS = 1_000
# Planes between clusters are found with far fewer; this bounds time and memory.
MAX_EMBEDDINGS = 50_000


@dataclass(frozen=True)
class ClusterClassifier:
    """A softmax over K clusters: `weights` (D, K) and `bias` (K,), float32."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def predict(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probabilities (N, K) of unit embeddings (N, D)."""
        logits = embeddings @ self.weights + self.bias
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities: NDArray[np.float32] = shares / shares.sum(axis=1, keepdims=True)
        return probabilities


@dataclass(frozen=True)
class ClusterReport:
    """The study's classification report on `held_out` embeddings that were not learnt from.

    `loss` is the cross-entropy in nats, `confusion` (K, K) counts by true cluster, then predicted.
    """

    accuracy: float
    loss: float
    macro_f1: float
    clusters: tuple[ClassScores, ...]
    confusion: tuple[tuple[int, ...], ...]
    trained: int
    held_out: int


def learn_clusters(
    embeddings: NDArray[np.float32], assignments: NDArray[np.int64], *, seed: int = 0
) -> tuple[ClusterClassifier, ClusterReport | None]:
    """Train on cluster numbers (N,), 0 to K - 1, of unit embeddings (N, D), and measure.

    A fifth of each cluster is held out, never its last embedding; the report is None where that
    leaves nothing to measure on. Of more than MAX_EMBEDDINGS, each cluster gives its share.
    Raises MissingTrainingExtraError.
    """
    clusters = int(assignments.max()) + 1
    trained, held_out = _split(assignments, clusters, seed)
    classifier = _fit(embeddings[trained], assignments[trained], clusters)
    if not len(held_out):
        return classifier, None
    report = _measure(classifier.predict(embeddings[held_out]), assignments[held_out], len(trained))
    return classifier, report


def _split(
    assignments: NDArray[np.int64], clusters: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    random = np.random.default_rng(seed)
    taken = min(1.0, MAX_EMBEDDINGS / len(assignments))
    trained, held_out = [], []
    for cluster in range(clusters):
        members = random.permutation(np.flatnonzero(assignments == cluster))
        members = members[: math.ceil(taken * len(members))]
        # Two members or more: one at least to learn from and one to be measured on.
        held = min(max(1, round(HELD_OUT_FRACTION * len(members))), len(members) - 1)
        held_out.append(members[:held])
        trained.append(members[held:])
    return np.sort(np.concatenate(trained)), np.sort(np.concatenate(held_out))


def _fit(
    embeddings: NDArray[np.float32], assignments: NDArray[np.int64], clusters: int
) -> ClusterClassifier:
    if clusters == 1:
        width = embeddings.shape[1]
        return ClusterClassifier(np.zeros((width, 1), np.float32), np.zeros(1, np.float32))
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingTrainingExtraError("scikit-learn") from error
    fit = LogisticRegression(C=INVERSE_PENALTY, max_iter=MAX_ITERATIONS)
    fit.fit(embeddings.astype(np.float64), assignments)
    weights, bias = fit.coef_.T, fit.intercept_
    if clusters == 2:  # one column, for the second of the two
        weights = np.hstack([np.zeros_like(weights), weights])
        bias = np.concatenate([[0.0], bias])
    return ClusterClassifier(weights.astype(np.float32), bias.astype(np.float32))


def _measure(
    probabilities: NDArray[np.float32], true: NDArray[np.int64], trained: int
) -> ClusterReport:
    clusters = probabilities.shape[1]
    predicted = probabilities.argmax(axis=1)
    cells = np.bincount(true * clusters + predicted, minlength=clusters * clusters)
    confusion = cells.reshape(clusters, clusters)
    own = probabilities[np.arange(len(true)), true]
    return ClusterReport(
        accuracy=accuracy(true, predicted),
        loss=float(-np.log(np.maximum(own, np.finfo(np.float32).tiny)).mean()),
        macro_f1=macro_f1(true, predicted),
        clusters=tuple(score_classes(confusion, codes=[str(number) for number in range(clusters)])),
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        trained=trained,
        held_out=len(true),
    )
