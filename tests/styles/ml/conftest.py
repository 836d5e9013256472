"""What the tests of styles.ml share: one tiny artifact and its predictor."""

from __future__ import annotations

import pytest

from styles.ml.artifact import Artifact
from styles.ml.predictor import Predictor
from tests.styles.ml import tiny


@pytest.fixture(scope="session")
def artifact() -> Artifact:
    """A real artifact with two label sets, 32-pixel photos and plain colours for styles."""
    return tiny.tiny_artifact()


@pytest.fixture
def predictor(artifact: Artifact) -> Predictor:
    """A predictor of that artifact, without clusters."""
    return Predictor(artifact.trunk, head=artifact.head, metadata=artifact.metadata)
