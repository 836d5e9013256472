"""Door to heads that tell a clustering's clusters: exported and stored when it is computed."""

from __future__ import annotations

from dataclasses import dataclass

from styles import artifacts
from styles.exceptions import ArtifactError
from styles.ml import errors
from styles.ml.cluster_classifier import ClusterClassifier
from styles.models import ModelVersion

OWN_HEAD = "A classifier of their own tells the clusters apart."
CENTROIDS = "The distances to their centroids tell the clusters apart, for want of a classifier:"


@dataclass(frozen=True)
class StoredHead:
    """Where a clustering's head lies, or ``""``; ``description`` says what tells its clusters."""

    prefix: str
    description: str


def store_head(model_version: ModelVersion, classifier: ClusterClassifier) -> StoredHead:
    """Export the version's head anew with the clusters beside its other outputs, and store it.

    Where that is impossible (TensorFlow is not installed, or the version's Keras model is gone),
    centroids do, and the description says why.

    Raises:
        ArtifactStorageError: the storage is full or out of reach.
    """
    try:
        from styles.ml.cluster_head import add_clusters

        artifact = artifacts.load(model_version, with_trainable=True)
        head = add_clusters(artifact, classifier)
    except (ArtifactError, errors.LearningError) as error:
        return StoredHead("", f"{CENTROIDS} {error}")
    return StoredHead(artifacts.save_head(head), OWN_HEAD)
