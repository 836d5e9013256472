"""A model version that has really been trained, small enough for tests: styles by colour."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache, partial

from styles import artifacts
from styles.ml.artifact import Artifact
from styles.ml.datasets import Example
from styles.models import ModelVersion
from tests.styles.ml.tiny import COLOURS, photo, tiny_backbone, tiny_config

STYLES = {"blue": "classic", "green": "resort", "red": "punk"}
TYPES = {"blue": "Coats", "green": "Shirts", "red": "Dresses"}
PHOTOS_PER_COLOUR = 12


@cache
def learnt_artifact() -> Artifact:
    """Train and export once a process."""
    from styles.ml.training import train

    examples = [
        Example(
            key=f"{colour}-{number}",
            read=partial(photo, colour, number=number),
            labels={"style": STYLES[colour], "product_type": TYPES[colour]},
        )
        for number in range(PHOTOS_PER_COLOUR)
        for colour in COLOURS
    ]
    with tiny_backbone():
        return train(examples, config=tiny_config()).artifact


def learnt_version(number: int = 1, *, status: str = "active") -> ModelVersion:
    """Store the artifact and create its row."""
    artifact = learnt_artifact()
    return ModelVersion.objects.create(
        number=number,
        status=status,
        backbone=artifact.metadata.backbone,
        artifact_prefix=artifacts.save(artifact),
        metadata=asdict(artifact.metadata),
    )
