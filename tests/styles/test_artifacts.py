"""Artifacts in their storage: whole or not at all, and of a format this release knows."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from styles import artifacts
from styles.exceptions import ArtifactError, ArtifactStorageError
from styles.ml.artifact import METADATA_FILE, SERVING_FILES, TRAINABLE_FILE
from styles.models import ModelVersion
from tests.learnt import learnt_artifact

pytestmark = pytest.mark.django_db


class FullStorage(FileSystemStorage):
    """A disk that fills in the middle of one file."""

    full_at = ""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        if not (name or "").endswith(self.full_at):
            return super().save(name, content, max_length)
        super().save(name, ContentFile(content.read()[:100]), max_length)
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes the artifact storage fill up in the middle of a file."""

    def fill(name: str) -> Path:
        storage = FullStorage(location=tmp_path)
        storage.full_at = name
        monkeypatch.setattr(artifacts, "artifact_storage", lambda: storage)
        return tmp_path

    return fill


@pytest.mark.parametrize("name", [*SERVING_FILES, TRAINABLE_FILE, METADATA_FILE])
def test_a_disk_that_fills_leaves_nothing_and_says_so(full_disk: Any, name: str) -> None:
    folder = full_disk(name)
    with pytest.raises(ArtifactStorageError, match=r"No space left on device.*run this again"):
        artifacts.save(learnt_artifact())
    assert [path.name for path in folder.rglob("*")] == ["model_versions"]


def test_a_head_alone_is_stored_whole_or_not_at_all(full_disk: Any) -> None:
    folder = full_disk(METADATA_FILE)
    with pytest.raises(ArtifactStorageError):
        artifacts.save_head(learnt_artifact())
    assert [path.name for path in folder.rglob("*")] == ["clusterings"]


def test_what_is_removed_is_gone(learnt: ModelVersion) -> None:
    artifacts.remove(learnt.artifact_prefix)
    assert not artifacts.artifact_storage().exists(learnt.artifact_prefix)
    with pytest.raises(ArtifactError, match=f"model version {learnt.number} cannot be used"):
        artifacts.load(learnt)


def test_serving_leaves_the_keras_model_where_it_is(learnt: ModelVersion) -> None:
    assert set(artifacts.load(learnt).files) == set(SERVING_FILES)
    whole = artifacts.load(learnt, with_trainable=True)
    assert whole.files == learnt_artifact().files


def test_an_artifact_of_the_first_format_says_to_train_again_and_how(version: ModelVersion) -> None:
    storage = artifacts.artifact_storage()
    metadata = {**json.loads(learnt_artifact().metadata.to_json()), "format_version": 1}
    storage.save(f"{version.artifact_prefix}/model.tflite", ContentFile(b""))
    content = ContentFile(json.dumps(metadata).encode())
    storage.save(f"{version.artifact_prefix}/{METADATA_FILE}", content)
    with pytest.raises(ArtifactError) as caught:
        artifacts.load(version)
    assert str(caught.value) == (
        f"Model version {version.number} was exported in format 1 and this release serves format "
        "3: train a new version with `manage.py train_model_version catalogue` and activate it "
        "with `manage.py activate_model_version N`."
    )
