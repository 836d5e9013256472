"""Artifacts of model versions in their storage: written by training, read by inference."""

from __future__ import annotations

import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from styles import conf
from styles.exceptions import ArtifactError
from styles.ml import errors
from styles.ml.artifact import METADATA_FILE, SERVING_FILES, Artifact, verify_files
from styles.models import ModelVersion


def artifact_storage() -> Storage:
    """Return the storage named by ``ARTIFACT_STORAGE``."""
    return storages[conf.get("ARTIFACT_STORAGE")]


def save(artifact: Artifact) -> str:
    """Store an artifact under a prefix of its own and return the prefix.

    The metadata goes last: what is interrupted before has none and never loads.
    """
    prefix = f"model_versions/{uuid.uuid4().hex}"
    storage = artifact_storage()
    for name, content in artifact.to_files().items():
        storage.save(f"{prefix}/{name}", ContentFile(content))
    return prefix


def load(model_version: ModelVersion) -> Artifact:
    """Return what serving needs of a version's artifact, its checksums verified.

    Raises:
        ArtifactError: a file is missing or damaged; the message says what to do.
    """
    storage = artifact_storage()
    files = {}
    try:
        for name in (METADATA_FILE, *SERVING_FILES):
            with storage.open(f"{model_version.artifact_prefix}/{name}") as file:
                files[name] = file.read()
        return verify_files(files)
    except (OSError, errors.ArtifactError) as error:
        raise ArtifactError(
            f"The artifact of model version {model_version.number} cannot be used: {error} "
            "Bring its files back to the artifact storage, or train a new version."
        ) from error
