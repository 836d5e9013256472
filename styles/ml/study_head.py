"""The study's softmax as a head that can serve: beside the styles it gives an embedding."""

import numpy as np
from numpy.typing import NDArray

from styles.ml.datasets import NO_LABEL
from styles.ml.errors import TrainingError
from styles.ml.head_training import Lesson, TaughtHead
from styles.ml.outputs import EMBEDDING_OUTPUT, probabilities_output
from styles.ml.progress import OnStage
from styles.ml.quiet_tensorflow import keras
from styles.ml.study import (
    STUDY_HIDDEN_LAYER,
    STUDY_SOFTMAX_LAYER,
    Labelled,
    StudyConfig,
    StudyEpoch,
    fit_study_head,
)
from styles.ml.validation import EpochScores

PREDICT_BATCH = 1024


def train_study_head(
    trained: Lesson,
    held_out: Lesson,
    *,
    config: StudyConfig,
    embedding_dim: int,
    progress: OnStage,
) -> TaughtHead:
    """Return the study's head on one label set, its hidden layer's principal components beside.

    The study had no embedding: photos of a group were found by their group alone. The components
    keep most of what tells the hidden layer's activations apart. Raises TrainingError where there
    are several label sets to learn: the study's softmax has one.
    """
    if len(trained.label_sets) != 1:
        raise TrainingError(
            "The study's recipe learns one label set, received "
            f"{', '.join(trained.label_sets)}. Name one with --labels, or take another preset."
        )
    ((name, codes),) = trained.label_sets.items()
    fit = fit_study_head(
        _labelled(trained, name),
        classes=len(codes),
        config=config,
        validation=_labelled(held_out, name),
        on_epoch=lambda done: progress("epochs", done, config.epochs),
    )
    features = keras.Input((trained.features.shape[1],), name="features")
    # One flat model: Keras saves a layer that two sub-models share, and cannot load it.
    activations = fit.head.get_layer(STUDY_HIDDEN_LAYER)(features)
    components = keras.layers.Dense(embedding_dim, name="components", trainable=False)
    embedding = keras.layers.UnitNormalization(name=EMBEDDING_OUTPUT)(components(activations))
    hidden = keras.Model(features, activations)
    components.set_weights(
        _principal_components(
            hidden.predict(trained.features, batch_size=PREDICT_BATCH, verbose=0), embedding_dim
        )
    )
    probabilities = fit.head.get_layer(STUDY_SOFTMAX_LAYER)(activations)
    outputs = {EMBEDDING_OUTPUT: embedding, probabilities_output(name): probabilities}
    return TaughtHead(
        head=keras.Model(features, outputs, name="head"),
        class_indexes=trained.class_indexes,
        history=[_scores(name, epoch) for epoch in fit.history],
    )


def _labelled(lesson: Lesson, name: str) -> Labelled:
    is_labelled = lesson.class_indexes[name] != NO_LABEL
    return Labelled(lesson.features[is_labelled], lesson.class_indexes[name][is_labelled])


def _principal_components(
    activations: NDArray[np.float32], count: int
) -> list[NDArray[np.float32]]:
    """Return kernel (W, count) and bias (count,) of the projection; missing components are 0."""
    mean = activations.mean(axis=0)
    _, _, directions = np.linalg.svd(activations - mean, full_matrices=False)
    kernel = np.zeros((activations.shape[1], count), np.float32)
    kernel[:, : len(directions)] = directions[:count].T
    return [kernel, -mean @ kernel]


def _scores(name: str, epoch: StudyEpoch) -> EpochScores:
    validation = epoch.validation
    return EpochScores(
        epoch=epoch.epoch,
        loss=epoch.train.loss,
        held_out_loss=validation.loss if validation else None,
        accuracy={name: validation.accuracy} if validation else {},
        macro_f1={},
    )
