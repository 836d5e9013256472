"""Exports a head that tells clusters too, for the trunk it was trained with; called by the door."""

from dataclasses import replace

from styles.ml.artifact import HEAD_FILE, SERVING_FILES, TRAINABLE_FILE, Artifact, checksum
from styles.ml.cluster_classifier import ClusterClassifier
from styles.ml.export import export_head, part_model
from styles.ml.trained_model import load_trainable


def add_clusters(artifact: Artifact, classifier: ClusterClassifier) -> Artifact:
    """Return the serving files of an artifact with a head that also gives cluster probabilities.

    `artifact` brings its Keras model. All but the head stays as it is, and so do the head's other
    outputs, to the bit. Raises LearningError: the Keras model cannot be read or exported.
    """
    _, head = part_model(load_trainable(artifact.files[TRAINABLE_FILE]))
    served = {name: artifact.files[name] for name in SERVING_FILES}
    files = {**served, HEAD_FILE: export_head(head, clusters=classifier)}
    checksums = {name: checksum(content) for name, content in files.items()}
    return Artifact(replace(artifact.metadata, files=checksums), files)
