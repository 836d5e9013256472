"""Training from photos to artifact, on a toy backbone and plain colours."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from styles.ml import export
from styles.ml.artifact import SERVING_FILES, TRAINABLE_FILE, Artifact, verify_files
from styles.ml.datasets import Example
from styles.ml.errors import DatasetError, ExportRefusedError, TrainingError
from styles.ml.features import SkippedPhoto
from styles.ml.predictor import Predictor
from styles.ml.quiet_tensorflow import keras
from styles.ml.training import TrainingResult, train
from tests.styles.ml import tiny


@pytest.fixture(scope="module", autouse=True)
def tiny_backbone() -> Iterator[None]:
    with tiny.tiny_backbone():
        yield


@pytest.fixture(scope="module")
def progress() -> list[tuple[str, int, int]]:
    return []


def without_group(photo: Example) -> Example:
    """Take every third photo's group away."""
    if int(photo.key.split("-")[1]) % 3:
        return photo
    return replace(photo, labels={"style": photo.labels["style"]})


@pytest.fixture(scope="module")
def result(progress: list[tuple[str, int, int]]) -> TrainingResult:
    """Train on colours; two photos cannot be used, some have no group, one was copied."""
    examples = [without_group(photo) for photo in tiny.examples(12)]
    copy = replace(examples[0], key="copy")
    broken = Example("broken", lambda: b"no photo", {"style": "red"})
    missing = Example("missing", Path("/nowhere.jpg").read_bytes, {"style": "red"})
    return train(
        [*examples, copy, broken, missing],
        config=tiny.tiny_config(held_out_fraction=0.25),
        progress=lambda *heard: progress.append(heard),
    )


def test_what_is_learnt_holds_for_photos_that_were_held_out(result: TrainingResult) -> None:
    assert result.held_out >= 6
    assert result.trained + result.held_out == 37
    for scores in result.metrics.values():
        assert scores.accuracy == 1.0
        assert scores.macro_f1 == 1.0
        assert 0.3 <= scores.majority_baseline < 1.0


def test_photos_that_cannot_be_used_are_listed_with_their_reason(result: TrainingResult) -> None:
    assert list(result.skipped) == [
        SkippedPhoto("broken", "image_unsupported_format"),
        SkippedPhoto("missing", "file_unreadable"),
    ]


def test_an_example_without_a_label_counts_for_the_label_sets_it_has(
    result: TrainingResult,
) -> None:
    assert result.metrics["style"].count == result.held_out
    assert result.metrics["style_group"].count < result.held_out


def test_progress_is_heard_of_every_stage(
    result: TrainingResult, progress: list[tuple[str, int, int]]
) -> None:
    stages = {stage: (done, total) for stage, done, total in progress}
    assert stages == {"features": (39, 39), "epochs": (30, 30), "export": (1, 1)}
    assert set(result.timings) == {"features_seconds", "head_seconds", "export_seconds"}


def test_the_artifact_says_what_it_is_and_passes_its_own_check(result: TrainingResult) -> None:
    artifact = verify_files(result.artifact.to_files(), required=(*SERVING_FILES, TRAINABLE_FILE))
    metadata = artifact.metadata
    assert (metadata.backbone, metadata.input_size, metadata.embedding_dim) == ("tiny", 32, 256)
    assert metadata.label_sets == {
        "style": ("blue", "green", "red"),
        "style_group": ("cold", "warm"),
    }
    assert metadata.parity["photos"] == result.held_out
    assert metadata.parity["mean_cosine"] == result.parity.mean_cosine >= export.MIN_MEAN_COSINE
    assert metadata.metrics["style"]["accuracy"] == result.metrics["style"].accuracy
    assert metadata.config["head"]["hidden_width"] == 32
    assert json.loads(metadata.to_json())["seed"] == 0


def test_the_served_model_says_what_the_trainable_one_says(
    artifact: Artifact, tmp_path: Path
) -> None:
    (tmp_path / TRAINABLE_FILE).write_bytes(artifact.files[TRAINABLE_FILE])
    trainable = keras.models.load_model(tmp_path / TRAINABLE_FILE)
    photos = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)
    expected = trainable.predict(photos, verbose=0)
    served = Predictor(artifact.trunk, head=artifact.head, metadata=artifact.metadata).predict(
        photos
    )
    cosines = np.sum(expected["embedding"] * served.embeddings, axis=1)
    assert cosines.min() > 0.99
    for name, probabilities in served.probabilities.items():
        assert probabilities == pytest.approx(expected[f"{name}_probabilities"], abs=0.05)


def test_the_trainable_model_holds_no_code(artifact: Artifact) -> None:
    config = json.loads(
        zipfile.ZipFile(BytesIO(artifact.files[TRAINABLE_FILE])).read("config.json")
    )
    assert "__lambda__" not in json.dumps(config)


def test_the_same_seed_trains_the_same_model(artifact: Artifact) -> None:
    again = train(tiny.examples(), config=tiny.tiny_config()).artifact
    photos = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)
    one, other = (
        Predictor(trained.trunk, head=trained.head, metadata=trained.metadata)
        .predict(photos)
        .embeddings
        for trained in (artifact, again)
    )
    assert np.sum(one * other, axis=1) == pytest.approx(1.0, abs=1e-3)


def test_without_held_out_photos_there_are_no_metrics_but_parity() -> None:
    result = train(tiny.examples(4), config=tiny.tiny_config(held_out_fraction=0.0))
    assert (result.metrics, result.held_out) == ({}, 0)
    assert result.parity.photos == 12


def test_an_export_that_strays_is_refused_with_both_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "MIN_MEAN_COSINE", 1.1)
    with pytest.raises(ExportRefusedError, match=r"mean cosine of at least 1\.10 .* received 1\.0"):
        train(tiny.examples(4), config=tiny.tiny_config())


def test_one_label_alone_is_nothing_to_learn() -> None:
    examples = [photo for photo in tiny.examples(3) if photo.labels["style"] == "red"]
    with pytest.raises(TrainingError, match=r"two different labels, received {'style': \['red'\]"):
        train(examples, config=tiny.tiny_config())


def test_photos_that_all_fail_are_refused() -> None:
    examples = [Example(f"{number}", lambda: b"", {"style": f"{number}"}) for number in range(3)]
    with pytest.raises(DatasetError, match="received 3 unusable ones"):
        train(examples, config=tiny.tiny_config())


def test_an_unknown_backbone_is_refused_before_any_photo_is_read() -> None:
    with pytest.raises(TrainingError, match="received 'lenet'"):
        train([], config=tiny.tiny_config(backbone="lenet"))
