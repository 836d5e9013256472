"""What training exports and serving loads: models and their metadata, checked as a whole.

An artifact is five files in a folder or under a storage prefix: `trunk.tflite` (photos to feature
maps), `head.tflite` (feature maps to what is said of a photo) and `heat_map.tflite` (feature maps
to where the model looked, for who asks) serve, `model.keras` trains on, `metadata.json` says what
they are and carries their checksums.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from styles.ml.errors import ArtifactError, ArtifactFormatError

FORMAT_VERSION = 3
TRUNK_FILE = "trunk.tflite"
HEAD_FILE = "head.tflite"
HEAT_MAP_FILE = "heat_map.tflite"
TRAINABLE_FILE = "model.keras"
METADATA_FILE = "metadata.json"
SERVING_FILES = (TRUNK_FILE, HEAD_FILE, HEAT_MAP_FILE)


@dataclass(frozen=True)
class ArtifactMetadata:
    """What an artifact is.

    `input_size` is the side of the square photos in pixels, `label_sets` gives the codes of each
    label set in the order of its probabilities, `files` the SHA-256 of each model file in hex.
    """

    backbone: str
    input_size: int
    embedding_dim: int
    label_sets: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str]
    parity: Mapping[str, Any]
    metrics: Mapping[str, Any]
    config: Mapping[str, Any]
    seed: int
    format_version: int = field(default=FORMAT_VERSION, kw_only=True)

    def to_json(self) -> bytes:
        """Return UTF-8 JSON that reads the same for equal metadata."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "ArtifactMetadata":
        """Read metadata back. Raises ArtifactError for another format or a missing entry."""
        try:
            entries = json.loads(content)
            version = entries["format_version"]
            if version != FORMAT_VERSION:
                raise ArtifactFormatError(expected=FORMAT_VERSION, received=version)
            label_sets = {name: tuple(codes) for name, codes in entries["label_sets"].items()}
            return cls(**{**entries, "label_sets": label_sets})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArtifactError(
                f"{METADATA_FILE} is not an artifact's metadata: {error!r}"
            ) from error


@dataclass(frozen=True)
class Artifact:
    """Metadata and the model files it describes, by name."""

    metadata: ArtifactMetadata
    files: Mapping[str, bytes]

    @property
    def trunk(self) -> bytes:
        """The LiteRT flatbuffer from photos to feature maps."""
        return self.files[TRUNK_FILE]

    @property
    def head(self) -> bytes:
        """The LiteRT flatbuffer from feature maps to what is said of a photo."""
        return self.files[HEAD_FILE]

    @property
    def heat_map(self) -> bytes:
        """The LiteRT flatbuffer from feature maps to where the model looked."""
        return self.files[HEAT_MAP_FILE]

    def to_files(self) -> dict[str, bytes]:
        """Return all that is to be stored, by file name, the metadata last."""
        return {**self.files, METADATA_FILE: self.metadata.to_json()}


def checksum(content: bytes) -> str:
    """Return the SHA-256 of a file in hex."""
    return hashlib.sha256(content).hexdigest()


def verify_files(
    files: Mapping[str, bytes], *, required: tuple[str, ...] = SERVING_FILES
) -> Artifact:
    """Return the artifact that `files` (name to content) make up, once every checksum is right.

    Serving needs no more than the metadata and the files named in SERVING_FILES; name more in
    `required` to train on.
    Raises ArtifactError for a file that is missing, unknown or altered.
    """
    if METADATA_FILE not in files:
        raise ArtifactError(f"Expected {METADATA_FILE} in the artifact, received {sorted(files)}.")
    metadata = ArtifactMetadata.from_json(files[METADATA_FILE])
    models = {name: content for name, content in files.items() if name != METADATA_FILE}
    if missing := set(required).difference(models):
        raise ArtifactError(
            f"Expected {sorted(missing)} in the artifact, received {sorted(files)}."
        )
    for name, content in models.items():
        expected, received = metadata.files.get(name), checksum(content)
        if expected != received:
            raise ArtifactError(f"Expected {name} with SHA-256 {expected}, received {received}.")
    return Artifact(metadata, models)


def read_artifact(folder: Path) -> Artifact:
    """Load an artifact with all its models from a folder. Raises ArtifactError."""
    try:
        metadata = (folder / METADATA_FILE).read_bytes()
        ArtifactMetadata.from_json(metadata)  # another format has other files: say that first
        models = (*SERVING_FILES, TRAINABLE_FILE)
        files = {name: (folder / name).read_bytes() for name in models}
    except OSError as error:
        raise ArtifactError(f"Expected an artifact in {folder}: {error}") from error
    return verify_files({**files, METADATA_FILE: metadata}, required=models)


def write_artifact(artifact: Artifact, folder: Path) -> None:
    """Write an artifact to a folder that does not exist yet: it appears complete or not at all."""
    if folder.exists():
        raise ArtifactError(f"Expected a new folder for the artifact, received {folder}.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in artifact.to_files().items():
            with (partial / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        partial.rename(folder)
    except OSError as error:
        raise ArtifactError(
            f"The artifact could not be written to {folder}: {error}. Nothing of it was kept; make "
            "space and export again."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
