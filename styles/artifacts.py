"""Artifacts of versions and clusterings in their storage: written by training, read to serve."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

from styles import conf
from styles.exceptions import ArtifactError, ArtifactStorageError
from styles.ml import errors
from styles.ml.artifact import (
    HEAD_FILE,
    METADATA_FILE,
    SERVING_FILES,
    TRAINABLE_FILE,
    Artifact,
    ArtifactMetadata,
    verify_files,
)
from styles.models import Clustering, ModelVersion

logger = logging.getLogger(__name__)

VERSIONS, CLUSTERINGS = FOLDERS = ("model_versions", "clusterings")
LEFT_BEHIND_AFTER = timedelta(days=1)


def artifact_storage() -> Storage:
    """Return the storage named by ``ARTIFACT_STORAGE``."""
    return storages[conf.get("ARTIFACT_STORAGE")]


def save(artifact: Artifact) -> str:
    """Store an artifact under a prefix of its own and return the prefix: whole or not at all.

    Raises:
        ArtifactStorageError: the storage is full or out of reach. What was written is gone again.
    """
    return _save(artifact.to_files(), folder=VERSIONS)


def save_head(artifact: Artifact) -> str:
    """Store a clustering's head, which runs on the trunk of its model version; see ``save``."""
    files = artifact.to_files()
    return _save({name: files[name] for name in (HEAD_FILE, METADATA_FILE)}, folder=CLUSTERINGS)


def remove(prefix: str) -> None:
    """Remove whatever of an artifact there is under a prefix."""
    storage = artifact_storage()
    for name in (METADATA_FILE, *SERVING_FILES, TRAINABLE_FILE):
        storage.delete(f"{prefix}/{name}")
    storage.delete(prefix)


def clear_away(prefix: str) -> None:
    """Remove what there is under a prefix, as ``remove``; what cannot be removed is logged."""
    try:
        remove(prefix)
    except OSError:
        logger.exception("What was written of the artifact %s could not be removed", prefix)


def find_left_behind() -> list[str]:
    """Return the prefixes of artifacts that no row points at and nobody is about to point at.

    A process that died between storing an artifact and saving its row leaves one behind. Those
    younger than ``LEFT_BEHIND_AFTER`` may belong to a process that is about to save the row.
    """
    storage = artifact_storage()
    known = {
        *ModelVersion.objects.values_list("artifact_prefix", flat=True),
        *Clustering.objects.values_list("artifact_prefix", flat=True),
    }
    found = []
    for folder in FOLDERS:
        try:
            names, _ = storage.listdir(folder)
        except FileNotFoundError:
            continue
        prefixes = [f"{folder}/{name}" for name in sorted(names)]
        found += [name for name in prefixes if name not in known and _is_old(storage, name)]
    return found


def _is_old(storage: Storage, prefix: str) -> bool:
    _, names = storage.listdir(prefix)
    latest = timezone.now() - LEFT_BEHIND_AFTER
    return all(storage.get_modified_time(f"{prefix}/{name}") < latest for name in names)


def load(model_version: ModelVersion, *, with_trainable: bool = False) -> Artifact:
    """Return what serving needs of a version's artifact, its checksums verified.

    Args:
        model_version: whose artifact it is.
        with_trainable: bring the Keras model as well.

    Raises:
        ArtifactError: a file is missing or damaged, or of another format; the message says what to
            do.
    """
    names = (*SERVING_FILES, TRAINABLE_FILE) if with_trainable else SERVING_FILES
    try:
        return _load({name: f"{model_version.artifact_prefix}/{name}" for name in names})
    except errors.ArtifactFormatError as error:
        raise ArtifactError(
            f"Model version {model_version.number} was exported in format {error.received} and "
            f"this release serves format {error.expected}: train a new version with `manage.py "
            "train_model_version catalogue` and activate it with `manage.py "
            "activate_model_version N`."
        ) from error
    except (OSError, errors.ArtifactError) as error:
        raise ArtifactError(
            f"The artifact of model version {model_version.number} cannot be used: {error} "
            "Bring its files back to the artifact storage, or train a new version."
        ) from error


def load_clustering(clustering: Clustering) -> Artifact:
    """Return what serving needs to tell a clustering's clusters: its version's files, its own head.

    Raises:
        ArtifactError: it has no head of its own, or its head does not fit the version's trunk.
    """
    version = clustering.model_version
    try:
        return _load(
            {
                **{name: f"{version.artifact_prefix}/{name}" for name in SERVING_FILES},
                HEAD_FILE: f"{clustering.artifact_prefix}/{HEAD_FILE}",
            }
        )
    except (OSError, errors.ArtifactError) as error:
        raise ArtifactError(
            f"The head of clustering {clustering.pk} cannot be used: {error} Run `manage.py "
            "recluster` for a new one."
        ) from error


def _save(files: Mapping[str, bytes], *, folder: str) -> str:
    prefix = f"{folder}/{uuid.uuid4().hex}"
    storage = artifact_storage()
    try:
        # The metadata goes last: without them, nothing loads.
        for name, content in files.items():
            storage.save(f"{prefix}/{name}", ContentFile(content))
    except OSError as error:
        clear_away(prefix)
        raise ArtifactStorageError(error.strerror or str(error)) from error
    except BaseException:
        clear_away(prefix)
        raise
    return prefix


def _load(paths: Mapping[str, str]) -> Artifact:
    """Return the artifact of these files; the metadata are beside the head."""
    storage = artifact_storage()
    metadata = _read(storage, f"{paths[HEAD_FILE].removesuffix(HEAD_FILE)}{METADATA_FILE}")
    ArtifactMetadata.from_json(metadata)  # another format has other files: say that first
    files = {name: _read(storage, path) for name, path in paths.items()}
    return verify_files({**files, METADATA_FILE: metadata})


def _read(storage: Storage, path: str) -> bytes:
    with storage.open(path) as file:
        content: bytes = file.read()
        return content
