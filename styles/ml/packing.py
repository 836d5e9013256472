"""Packs a trained model into an artifact, and proves that what is served stayed true to it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from styles.ml.artifact import (
    HEAD_FILE,
    HEAT_MAP_FILE,
    TRAINABLE_FILE,
    TRUNK_FILE,
    Artifact,
    ArtifactMetadata,
    checksum,
)
from styles.ml.export import (
    Parity,
    check_parity,
    export_head,
    export_heat_map,
    export_trainable,
    export_trunk,
    measure_parity,
    part_model,
)
from styles.ml.outputs import EMBEDDING_OUTPUT
from styles.ml.predictor import Predictor


def pack_artifact(
    model: Any,
    *,
    calibration: NDArray[np.uint8],
    unseen: NDArray[np.uint8],
    label_sets: Mapping[str, tuple[str, ...]],
    metrics: Mapping[str, Any],
    backbone: str,
    config: Mapping[str, Any],
    seed: int,
) -> tuple[Artifact, Parity]:
    """Export a model and compare the export with it on unseen photos, uint8 (N, S, S, 3).

    `calibration`, of the same shape, sets the ranges of the int8 trunk. Raises ExportRefusedError
    where the export strays.
    """
    # Keras cannot save a model any more once its photos have become an input of the head.
    trainable = export_trainable(model)
    trunk, head = part_model(model)
    files = {
        TRUNK_FILE: export_trunk(trunk, calibration),
        HEAD_FILE: export_head(head),
        HEAT_MAP_FILE: export_heat_map(head),
        TRAINABLE_FILE: trainable,
    }
    metadata = ArtifactMetadata(
        backbone=backbone,
        input_size=model.input_shape[1],
        embedding_dim=model.output[EMBEDDING_OUTPUT].shape[-1],
        label_sets=label_sets,
        files={name: checksum(content) for name, content in files.items()},
        parity={},
        metrics=metrics,
        config=config,
        seed=seed,
    )
    served = Predictor(files[TRUNK_FILE], head=files[HEAD_FILE], metadata=metadata)
    parity = measure_parity(model, served, unseen)
    check_parity(parity)
    return Artifact(replace(metadata, parity=asdict(parity)), files), parity
