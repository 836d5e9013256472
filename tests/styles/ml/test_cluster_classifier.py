"""Clusters as labels: what is learnt of them, on how many, and how well."""

from __future__ import annotations

import numpy as np
import pytest

from styles.ml import cluster_classifier
from styles.ml.artifact import Artifact
from styles.ml.cluster_classifier import ClusterClassifier, learn_clusters
from styles.ml.cluster_head import add_clusters
from styles.ml.images import decode_image
from styles.ml.predictor import Predictor
from tests.styles.ml import tiny
from tests.styles.ml.test_clustering import blobs


def test_clusters_that_lie_apart_are_told_apart() -> None:
    assignments = np.repeat([0, 1, 2], [50, 30, 20])
    classifier, report = learn_clusters(blobs(50, 30, 20), assignments)
    assert report is not None
    assert (report.accuracy, report.macro_f1) == (1.0, 1.0)
    assert 0.0 < report.loss < 0.5
    assert (report.trained, report.held_out) == (80, 20)
    assert report.confusion == ((10, 0, 0), (0, 6, 0), (0, 0, 4))
    assert [(scores.code, scores.support) for scores in report.clusters] == [
        ("0", 10), ("1", 6), ("2", 4),
    ]  # fmt: skip
    assert classifier.predict(blobs(1, 1, 1)).argmax(axis=1).tolist() == [0, 1, 2]


@pytest.mark.parametrize("clusters", [2, 3])
def test_probabilities_are_those_of_scikit_learn(
    clusters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits = []
    from sklearn.linear_model import LogisticRegression

    class Watched(LogisticRegression):  # type: ignore[misc]
        def fit(self, *arguments: object) -> object:
            fits.append(self)
            return super().fit(*arguments)

    monkeypatch.setattr("sklearn.linear_model.LogisticRegression", Watched)
    embeddings = blobs(*[20] * clusters, spread=0.4)
    classifier, _ = learn_clusters(embeddings, np.repeat(np.arange(clusters), 20))
    expected = fits[0].predict_proba(embeddings)
    assert classifier.predict(embeddings) == pytest.approx(expected, abs=1e-5)


def test_the_report_is_of_embeddings_that_were_not_learnt_from() -> None:
    random = np.random.default_rng(0)
    noise = random.normal(size=(60, 400)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    _, report = learn_clusters(noise, random.integers(0, 2, 60))
    assert report is not None
    assert report.accuracy < 0.8  # with 400 dimensions, those that were learnt from are all right


def test_the_same_seed_learns_the_same() -> None:
    embeddings, assignments = blobs(20, 20, spread=0.4), np.repeat([0, 1], 20)
    one, other = (learn_clusters(embeddings, assignments, seed=5)[0] for _ in range(2))
    assert np.array_equal(one.weights, other.weights)


def test_a_cluster_of_one_is_learnt_and_not_measured() -> None:
    classifier, report = learn_clusters(blobs(10, 1), np.repeat([0, 1], [10, 1]))
    assert report is not None
    assert report.clusters[1].support == 0
    assert classifier.predict(blobs(1, 1)).argmax(axis=1).tolist() == [0, 1]


def test_one_cluster_is_certain() -> None:
    classifier, report = learn_clusters(blobs(10), np.zeros(10, np.int64))
    assert classifier.predict(blobs(3)).tolist() == [[1.0]] * 3
    assert report is not None
    assert (report.accuracy, report.loss) == (1.0, 0.0)


def test_embeddings_all_alone_leave_nothing_to_measure() -> None:
    classifier, report = learn_clusters(blobs(1, 1, 1), np.arange(3))
    assert report is None
    assert classifier.predict(blobs(1, 1, 1)).argmax(axis=1).tolist() == [0, 1, 2]


def test_of_very_many_each_cluster_gives_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_classifier, "MAX_EMBEDDINGS", 30)
    _, report = learn_clusters(blobs(200, 100), np.repeat([0, 1], [200, 100]))
    assert report is not None
    assert (report.trained, report.held_out) == (24, 6)


def test_a_head_with_clusters_says_all_else_to_the_bit(artifact: Artifact) -> None:
    contents = [tiny.photo(colour, number=77) for colour in tiny.COLOURS]
    photos = np.stack([decode_image(content, size=tiny.INPUT_SIZE) for content in contents])
    plain = Predictor(artifact.trunk, head=artifact.head, metadata=artifact.metadata)
    before = plain.predict(photos)
    random = np.random.default_rng(0)
    classifier = ClusterClassifier(
        random.normal(size=(256, 4)).astype(np.float32), random.normal(size=4).astype(np.float32)
    )
    clustered = add_clusters(artifact, classifier)
    assert clustered.trunk == artifact.trunk
    assert clustered.heat_map == artifact.heat_map
    after = Predictor(clustered.trunk, head=clustered.head, metadata=clustered.metadata).predict(
        photos
    )
    assert np.array_equal(after.embeddings, before.embeddings)
    for name, probabilities in before.probabilities.items():
        assert np.array_equal(after.probabilities[name], probabilities)
    assert after.cluster_probabilities == pytest.approx(
        classifier.predict(before.embeddings), abs=1e-5
    )
