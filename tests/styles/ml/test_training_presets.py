"""Fine-tuning, the study's recipe, colours and mixes, from photos to artifact on a toy backbone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from styles.ml.artifact import TRAINABLE_FILE, Artifact
from styles.ml.backbones import find_backbone
from styles.ml.classifier import pool
from styles.ml.datasets import Example
from styles.ml.errors import TrainingError
from styles.ml.export import export_head, part_model
from styles.ml.feature_cache import FeatureCache
from styles.ml.features import decode_examples, extract_features
from styles.ml.fine_tuning import FineTuningConfig
from styles.ml.predictor import Predictor
from styles.ml.progress import ignore_stage
from styles.ml.study import StudyConfig
from styles.ml.trained_model import TrainedModel, load_trainable
from styles.ml.training import TrainingConfig, TrainingResult, train
from tests.styles.ml import tiny

EPOCHS = 3
STYLES = ("blue", "green", "red")


class KilledError(Exception):
    """Stands for whatever ends a process in the middle of an epoch."""


@pytest.fixture(scope="module", autouse=True)
def tiny_backbone() -> Iterator[None]:
    with tiny.tiny_backbone():
        yield


def full(**changes: Any) -> TrainingConfig:
    """Return a configuration that fine-tunes, with three batches an epoch."""
    fine_tuning = FineTuningConfig(epochs=EPOCHS, batch_size=12, patience=99)
    config: TrainingConfig = tiny.tiny_config(
        fine_tuning=fine_tuning, held_out_fraction=0.25, **changes
    )
    return replace(config, head=replace(config.head, epochs=2, dropout=0.2))


def examples() -> list[Example]:
    return tiny.examples(12, label_sets=("style",))


def trained_model(artifact: Artifact) -> TrainedModel:
    return TrainedModel(artifact.files[TRAINABLE_FILE])


def weights_of(artifact: Artifact) -> list[Any]:
    weights: list[Any] = load_trainable(artifact.files[TRAINABLE_FILE]).get_weights()
    return weights


def predictor_of(artifact: Artifact) -> Predictor:
    return Predictor(
        artifact.trunk,
        head=artifact.head,
        metadata=artifact.metadata,
        heat_map=artifact.heat_map,
    )


@pytest.fixture(scope="module")
def uninterrupted() -> tuple[TrainingResult, list[tuple[str, int, int]]]:
    heard: list[tuple[str, int, int]] = []
    return train(examples(), config=full(), progress=lambda *one: heard.append(one)), heard


def test_the_backbone_learns_where_it_is_fine_tuned(
    uninterrupted: tuple[TrainingResult, list[tuple[str, int, int]]],
) -> None:
    result, heard = uninterrupted
    before = tiny.build_backbone().get_layer("convolution").get_weights()
    after = load_trainable(result.artifact.files[TRAINABLE_FILE]).get_layer("network").get_weights()
    assert not np.allclose(before[0], after[0], atol=1e-4)
    stages = {stage: (done, total) for stage, done, total in heard}
    assert stages == {
        "features": (36, 36),
        "epochs": (2, 2),
        "photos": (36, 36),
        "fine-tuning": (9, 9),
        "export": (1, 1),
    }
    assert result.timings["fine_tuning_seconds"] > 0
    assert result.artifact.metadata.config["fine_tuning"]["epochs"] == EPOCHS


def test_the_history_has_a_row_an_epoch_with_the_curves_of_the_report(
    uninterrupted: tuple[TrainingResult, list[tuple[str, int, int]]],
) -> None:
    history = uninterrupted[0].history
    assert [(row["stage"], row["epoch"]) for row in history] == [
        ("head", 1),
        ("head", 2),
        ("fine_tuning", 1),
        ("fine_tuning", 2),
        ("fine_tuning", 3),
    ]
    for row in history:
        curves = {"loss", "val_loss", "val_style_accuracy", "val_style_macro_f1"}
        assert set(row) == {"stage", "epoch", *curves}
        assert all(isinstance(row[name], float) for name in curves)


def test_metrics_are_those_of_the_fine_tuned_model(
    uninterrupted: tuple[TrainingResult, list[tuple[str, int, int]]],
) -> None:
    result = uninterrupted[0]
    best = max(row["val_style_macro_f1"] for row in result.history if row["stage"] != "head")
    assert result.metrics["style"].macro_f1 == pytest.approx(best)
    assert result.metrics["style"].accuracy >= 0.8


def test_a_killed_training_goes_on_to_the_same_model(
    tmp_path: Path,
    uninterrupted: tuple[TrainingResult, list[tuple[str, int, int]]],
) -> None:
    killed_at = 4  # the first batch of the second epoch

    def kill(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("fine-tuning", killed_at):
            raise KilledError

    folder = tmp_path / "points"
    with pytest.raises(KilledError):
        train(examples(), config=full(), checkpoints=folder, progress=kill)
    heard: list[int] = []
    result = train(
        examples(),
        config=full(),
        checkpoints=folder,
        progress=lambda stage, done, total: heard.append(done) if stage == "fine-tuning" else None,
    )
    assert heard == list(range(killed_at, 3 * EPOCHS + 1))
    for row, expected in zip(result.history, uninterrupted[0].history, strict=True):
        assert row.keys() == expected.keys()
        assert row["loss"] == pytest.approx(expected["loss"], rel=1e-4)
        assert row["val_loss"] == pytest.approx(expected["val_loss"], rel=1e-4)
    for one, other in zip(
        weights_of(result.artifact), weights_of(uninterrupted[0].artifact), strict=True
    ):
        assert one == pytest.approx(other, abs=1e-5)


def swap_labels(photos: Sequence[Example]) -> list[Example]:
    """Exchange two codes: the same photos and the same codes, another thing to learn."""
    other = {"blue": "green", "green": "blue", "red": "red"}
    return [replace(one, labels={"style": other[one.labels["style"]]}) for one in photos]


def test_corrected_labels_are_learnt_anew(tmp_path: Path) -> None:
    heard: list[int] = []

    def kill(stage: str, done: int, total: int) -> None:
        if stage == "fine-tuning":
            heard.append(done)
            if done == 4:
                raise KilledError

    for photos in (examples(), swap_labels(examples())):
        with pytest.raises(KilledError):
            train(photos, config=full(), checkpoints=tmp_path / "points", progress=kill)
    assert heard == [1, 2, 3, 4, 1, 2, 3, 4]


def test_mixes_are_learnt_as_shares() -> None:
    mixed = [
        replace(one, mixes={"style": {"blue": 0.75, "red": 0.25}})
        if one.labels["style"] == "blue"
        else one
        for one in examples()
    ]
    config: TrainingConfig = tiny.tiny_config(held_out_fraction=0.0)
    result = train(mixed, config=replace(config, head=replace(config.head, epochs=60)))
    blue = [one for one in mixed if one.labels["style"] == "blue"]
    photos = decode_examples(blue, size=32, threads=1)
    _, probabilities = trained_model(result.artifact).predict(photos, label_sets=["style"])
    mean = dict(zip(STYLES, probabilities["style"].mean(axis=0).tolist(), strict=True))
    assert mean == pytest.approx({"blue": 0.75, "red": 0.25, "green": 0.0}, abs=0.08)


def coloured() -> list[Example]:
    """Return photos whose style is their temperature and whose colour is their colour."""
    return [
        replace(one, labels={"colour": one.labels["style"], "style": one.labels["style_group"]})
        for one in tiny.examples(12)
    ]


@pytest.fixture(scope="module")
def colour_result() -> TrainingResult:
    return train(coloured(), config=full())


def test_colours_are_learnt_to_the_end(colour_result: TrainingResult) -> None:
    assert colour_result.artifact.metadata.label_sets == {
        "colour": STYLES,
        "style": ("cold", "warm"),
    }
    assert {"val_colour_accuracy", "val_style_accuracy"} < set(colour_result.history[-1])
    assert colour_result.parity.mean_cosine > 0.98
    photos = decode_examples(coloured()[:6], size=32, threads=1)
    served = predictor_of(colour_result.artifact).predict(photos, with_heat_maps=True)
    expected, probabilities = trained_model(colour_result.artifact).predict(
        photos, label_sets=["colour", "style"]
    )
    assert np.sum(expected * served.embeddings, axis=1).min() > 0.97
    assert probabilities["colour"].argmax(axis=1).tolist() == [0, 1, 2, 0, 1, 2]
    assert served.heat_maps is not None
    # The toy backbone sees 8 x 8 places.
    assert served.heat_maps.shape == (6, 8, 8)
    share = np.linalg.norm(served.embeddings[:, -64:], axis=1) ** 2
    assert share == pytest.approx(0.3, abs=1e-4)


@pytest.mark.parametrize("with_colours", [False, True])
def test_features_are_kept_and_used_again(tmp_path: Path, with_colours: bool) -> None:
    photos = coloured() if with_colours else examples()
    with FeatureCache(tmp_path, network="tiny") as cache:
        train(photos, config=tiny.tiny_config(), cache=cache)
        network = pool(find_backbone("tiny").build(None), with_colours=with_colours)
        again, anew = (
            extract_features(
                photos,
                network=network,
                input_size=32,
                threads=1,
                progress=ignore_stage,
                cache=kept,
            )
            for kept in (cache, None)
        )
    assert (again.reused, anew.reused) == (len(photos), 0)
    assert np.array_equal(again.vectors, anew.vectors)


def test_the_studys_recipe_serves_and_can_be_exported_again() -> None:
    config = tiny.tiny_config(study=StudyConfig(epochs=4), held_out_fraction=0.25)
    result = train(examples(), config=config)
    assert [row["stage"] for row in result.history] == ["head"] * 4
    assert {"loss", "val_loss", "val_style_accuracy"} < set(result.history[0])
    assert result.metrics["style"].accuracy == 1.0
    assert result.artifact.metadata.config["study"]["hidden_width"] == 512
    photos = decode_examples(examples()[:3], size=32, threads=1)
    served = predictor_of(result.artifact).predict(photos)
    assert served.embeddings.shape == (3, 256)
    assert np.linalg.norm(served.embeddings, axis=1) == pytest.approx(1.0, abs=1e-5)
    trunk, head = part_model(load_trainable(result.artifact.files[TRAINABLE_FILE]))
    again = Predictor(
        result.artifact.trunk, head=export_head(head), metadata=result.artifact.metadata
    )
    assert again.predict(photos).embeddings == pytest.approx(served.embeddings, abs=1e-5)
    assert trunk.input_shape == (None, 32, 32, 3)


def test_the_studys_recipe_refuses_several_label_sets() -> None:
    with pytest.raises(TrainingError, match="learns one label set, received style, style_group"):
        train(tiny.examples(4), config=tiny.tiny_config(study=StudyConfig()))
