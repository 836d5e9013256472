"""Clusterings with a head of their own: stored, served, undone, and done without."""

from __future__ import annotations

import errno
import logging
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from styles import artifacts, inference
from styles.clustering import recluster, undo_recluster
from styles.exceptions import ArtifactStorageError
from styles.inference import PhotoPrediction, predict
from styles.ml.errors import MissingTrainingExtraError
from styles.models import Cluster, Clustering, ModelVersion
from tests.learnt import open_small_shop
from tests.shop import direction, make_product, place
from tests.styles.ml.tiny import COLOURS, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(learnt: ModelVersion) -> ModelVersion:
    """Open a shop of twelve products in three clusters."""
    open_small_shop(learnt)
    return learnt


def look_at(colour: str, version: ModelVersion) -> PhotoPrediction:
    clustering = Clustering.objects.active_for(version)
    (prediction,) = predict(
        [photo(colour, number=300)], model_version=version, clustering=clustering
    )
    assert isinstance(prediction, PhotoPrediction)
    return prediction


def stored_heads() -> set[str]:
    storage = artifacts.artifact_storage()
    return set(storage.listdir("clusterings")[0]) if storage.exists("clusterings") else set()


def test_one_pass_gives_embedding_style_mix_and_clusters(shop: ModelVersion) -> None:
    clustering = Clustering.objects.active_for(shop)
    assert clustering is not None
    assert clustering.artifact_prefix.startswith("clusterings/")
    for colour in COLOURS:
        found = look_at(colour, shop)
        (alone,) = predict([photo(colour, number=300)], model_version=shop, clustering=None)
        assert isinstance(alone, PhotoPrediction)
        assert np.array_equal(found.embedding, alone.embedding)
        assert found.probabilities == alone.probabilities
        assert alone.cluster_probabilities == {}
        nearest = max(
            clustering.clusters.all(),
            key=lambda cluster: float(np.dot(found.embedding, np.array(cluster.centroid))),
        )
        assert next(iter(found.cluster_probabilities)) == nearest.number


def test_the_head_calls_clusters_by_numbers_whatever_their_order(shop: ModelVersion) -> None:
    told = look_at("red", shop).cluster_probabilities
    clustering = Clustering.objects.active_for(shop)
    assert clustering is not None
    renumbered = {0: 70, 1: 5, 2: 40}
    for old, new in renumbered.items():
        clustering.clusters.filter(number=old).update(number=new)
    inference._load_predictor.cache_clear()
    assert look_at("red", shop).cluster_probabilities == {
        renumbered[number]: probability for number, probability in told.items()
    }


def test_the_clusters_are_those_of_the_classifier_not_of_the_centroids(shop: ModelVersion) -> None:
    told = look_at("red", shop).cluster_probabilities
    clustering = Clustering.objects.active_for(shop)
    assert clustering is not None
    Clustering.objects.filter(pk=clustering.pk).update(artifact_prefix="")
    inference._load_predictor.cache_clear()
    assert look_at("red", shop).cluster_probabilities != told


def test_undo_brings_the_head_back_too(shop: ModelVersion) -> None:
    before = look_at("green", shop).cluster_probabilities
    recluster(shop, clusters=2)
    assert len(look_at("green", shop).cluster_probabilities) <= 2
    undo_recluster(shop)
    assert look_at("green", shop).cluster_probabilities == before


def test_a_dry_run_stores_no_head(shop: ModelVersion) -> None:
    before = stored_heads()
    result = recluster(shop, clusters=2, dry_run=True)
    assert stored_heads() == before
    assert result.head == ""
    assert result.report is not None


@pytest.mark.parametrize("clusters", [1, 11])
def test_one_cluster_and_clusters_of_one_are_served(shop: ModelVersion, clusters: int) -> None:
    recluster(shop, clusters=clusters)
    probabilities = look_at("blue", shop).cluster_probabilities
    numbers = set(Cluster.objects.in_force().values_list("number", flat=True))
    assert set(probabilities) <= numbers
    assert len(numbers) == clusters
    assert sum(probabilities.values()) == pytest.approx(1.0, abs=0.06)


def test_a_version_without_its_keras_model_does_with_centroids(version: ModelVersion) -> None:
    for number, axis in enumerate("aab"):
        vector = direction(**{axis: 1, "z": 0.1 * number})
        place(make_product(f"p{number}"), vector, version=version)
    result = recluster(version, clusters=2)
    assert Clustering.objects.get().artifact_prefix == ""
    assert "for want of a classifier: The artifact of model version" in result.head


def test_without_tensorflow_centroids_do(
    shop: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> None:
        raise MissingTrainingExtraError("tensorflow")

    monkeypatch.setattr("styles.ml.cluster_head.load_trainable", missing)
    result = recluster(shop, clusters=3)
    assert "for want of a classifier: tensorflow is needed" in result.head
    assert len(look_at("red", shop).cluster_probabilities) > 0


def test_a_full_disk_changes_nothing(shop: ModelVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    in_force, heads = Clustering.objects.active_for(shop), stored_heads()
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.save", full)
    with pytest.raises(ArtifactStorageError):
        recluster(shop, clusters=2)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("recluster", "--clusters", "2")
    assert Clustering.objects.active_for(shop) == in_force
    assert stored_heads() == heads


def test_no_head_is_left_of_clusters_that_could_not_be_stored(
    shop: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: Any, **__: Any) -> None:
        raise ConnectionError("The database is gone.")

    before = stored_heads()
    monkeypatch.setattr("styles.clustering.activate_clustering", lost)
    in_force = Clustering.objects.get()
    with pytest.raises(ConnectionError):
        recluster(shop, clusters=2)
    assert stored_heads() == before
    assert Clustering.objects.get() == in_force


def test_shoppers_are_served_by_centroids_where_a_head_is_lost(
    shop: ModelVersion, caplog: pytest.LogCaptureFixture
) -> None:
    clustering = Clustering.objects.active_for(shop)
    assert clustering is not None
    artifacts.remove(clustering.artifact_prefix)
    with caplog.at_level(logging.ERROR, logger="styles.inference"):
        assert look_at("red", shop).cluster_probabilities
    assert "has lost its head" in caplog.text
