"""Artifacts: written whole, checked whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from styles.ml.artifact import (
    HEAD_FILE,
    HEAT_MAP_FILE,
    METADATA_FILE,
    SERVING_FILES,
    TRAINABLE_FILE,
    TRUNK_FILE,
    Artifact,
    ArtifactMetadata,
    checksum,
    read_artifact,
    verify_files,
    write_artifact,
)
from styles.ml.errors import ArtifactError

MODELS = {
    TRUNK_FILE: b"a trunk",
    HEAD_FILE: b"a head",
    HEAT_MAP_FILE: b"a heat map",
    TRAINABLE_FILE: b"a Keras model",
}


@pytest.fixture
def small() -> Artifact:
    """An artifact whose models are a few bytes."""
    metadata = ArtifactMetadata(
        backbone="efficientnet-lite0",
        input_size=224,
        embedding_dim=256,
        label_sets={"style": ("country", "punk")},
        files={name: checksum(content) for name, content in MODELS.items()},
        parity={"mean_cosine": 0.99},
        metrics={"style": {"accuracy": 0.5}},
        config={"seed": 3},
        seed=3,
    )
    return Artifact(metadata, MODELS)


def changed_metadata(files: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    entries = {**json.loads(files[METADATA_FILE]), **changes}
    return {**files, METADATA_FILE: json.dumps(entries).encode()}


def test_what_was_written_is_read_back(small: Artifact, tmp_path: Path) -> None:
    write_artifact(small, tmp_path / "versions" / "1")
    assert read_artifact(tmp_path / "versions" / "1") == small


def test_the_files_of_an_artifact_make_it_up_again(small: Artifact) -> None:
    assert verify_files(small.to_files()) == small
    assert list(small.to_files())[-1] == METADATA_FILE


def test_serving_needs_no_trainable_model(small: Artifact) -> None:
    files = small.to_files()
    del files[TRAINABLE_FILE]
    assert verify_files(files).trunk == MODELS[TRUNK_FILE]
    assert verify_files(files).head == MODELS[HEAD_FILE]
    with pytest.raises(ArtifactError, match=r"Expected \['model.keras'\] in the artifact"):
        verify_files(files, required=(*SERVING_FILES, TRAINABLE_FILE))


@pytest.mark.parametrize("name", [*SERVING_FILES, TRAINABLE_FILE])
def test_an_altered_model_is_refused_with_both_checksums(small: Artifact, name: str) -> None:
    files = {**small.to_files(), name: b"altered"}
    expected, received = checksum(MODELS[name]), checksum(b"altered")
    with pytest.raises(ArtifactError, match=f"{name} with SHA-256 {expected}, received {received}"):
        verify_files(files)


@pytest.mark.parametrize("name", [*SERVING_FILES, METADATA_FILE])
def test_a_missing_file_is_named(small: Artifact, name: str) -> None:
    files = small.to_files()
    del files[name]
    with pytest.raises(ArtifactError, match=f"Expected .*{name}.* in the artifact, received"):
        verify_files(files)


def test_a_file_the_metadata_does_not_know_is_refused(small: Artifact) -> None:
    with pytest.raises(ArtifactError, match=r"Expected extra\.bin with SHA-256 None"):
        verify_files({**small.to_files(), "extra.bin": b"?"})


def test_another_format_is_refused(small: Artifact) -> None:
    files = changed_metadata(small.to_files(), format_version=99)
    with pytest.raises(ArtifactError, match="artifact of format 3, received format 99"):
        verify_files(files)


@pytest.mark.parametrize(
    "break_metadata",
    [
        lambda files: {**files, METADATA_FILE: b"{"},
        lambda files: {**files, METADATA_FILE: b"[]"},
        lambda files: {**files, METADATA_FILE: b"\xff"},
        lambda files: changed_metadata(files, label_sets=None),
        lambda files: changed_metadata(files, unknown=1),
    ],
    ids=["no JSON", "no object", "no UTF-8", "no label sets", "an unknown entry"],
)
def test_broken_metadata_is_refused(
    small: Artifact, break_metadata: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> None:
    with pytest.raises(ArtifactError, match=r"metadata\.json is not an artifact's metadata"):
        verify_files(break_metadata(small.to_files()))


def test_an_existing_folder_is_not_overwritten(small: Artifact, tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    with pytest.raises(ArtifactError, match="Expected a new folder"):
        write_artifact(small, tmp_path / "1")


def test_nothing_is_left_of_a_write_that_failed(
    small: Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(ArtifactError, match=r"No space left.*make space and export again"):
        write_artifact(small, tmp_path / "1")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_an_artifact_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="Expected an artifact in"):
        read_artifact(tmp_path)
