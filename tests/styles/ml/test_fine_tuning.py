"""Fine-tuning: what learns and what stays, where it goes on, and which epoch counts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kfashion_site.state import BASE_DIR
from styles.ml import fine_tuning
from styles.ml.fine_tuning import predict_photos, unfreeze
from styles.ml.validation import EpochScores, score_epoch
from tests.styles.ml.small_course import (
    BATCH,
    HELD_OUT,
    PHOTOS,
    KilledError,
    build_course,
    build_model,
    run_course,
    small_config,
)

BATCHES = (PHOTOS - HELD_OUT) // BATCH


def kill_after(batches: int) -> Any:
    def on_batch(done: int, total: int) -> None:
        if done > batches:
            raise KilledError

    return on_batch


def network_weights(model: Any) -> dict[str, list[NDArray[np.float32]]]:
    layers = model.get_layer("network").layers
    return {layer.name: layer.get_weights() for layer in layers if layer.weights}


def assert_same(one: Any, other: Any) -> None:
    for first, second in zip(one.get_weights(), other.get_weights(), strict=True):
        assert first == pytest.approx(second, abs=1e-6)


def assert_same_history(one: Sequence[EpochScores], other: Sequence[EpochScores]) -> None:
    assert [scores.epoch for scores in one] == [scores.epoch for scores in other]
    for first, second in zip(one, other, strict=True):
        assert first.loss == pytest.approx(second.loss, rel=1e-5)
        assert first.held_out_loss == pytest.approx(second.held_out_loss, rel=1e-5)
        assert first.macro_f1 == second.macro_f1


@pytest.fixture(scope="module")
def uninterrupted() -> tuple[Any, list[EpochScores], list[tuple[int, int]]]:
    """Return a model after three epochs, their scores, and the batches that were told."""
    model = build_model()
    heard: list[tuple[int, int]] = []
    history = run_course(model, on_batch=lambda *one: heard.append(one), config=patient())
    return model, history, heard


def patient(**changes: Any) -> Any:
    return small_config(patience=99, **changes)


def test_every_batch_is_told_over_all_epochs(
    uninterrupted: tuple[Any, list[EpochScores], list[tuple[int, int]]],
) -> None:
    _, history, heard = uninterrupted
    assert heard == [(done, 3 * BATCHES) for done in range(1, 3 * BATCHES + 1)]
    assert [scores.epoch for scores in history] == [1, 2, 3]
    assert all(set(scores.macro_f1) == {"style"} for scores in history)


def test_batch_normalisation_and_early_layers_stay_as_they_were(
    uninterrupted: tuple[Any, list[EpochScores], list[tuple[int, int]]],
) -> None:
    before, after = network_weights(build_model()), network_weights(uninterrupted[0])
    assert list(before) == ["first", "first_norm", "second", "second_norm"]
    assert len(before["second_norm"]) == 4
    for name, weights in before.items():
        stays = name != "second"
        for first, second in zip(weights, after[name], strict=True):
            assert np.array_equal(first, second) is stays, name


def test_the_head_learns_as_well(
    uninterrupted: tuple[Any, list[EpochScores], list[tuple[int, int]]],
) -> None:
    before, after = build_model().get_layer("head"), uninterrupted[0].get_layer("head")
    for variable, learnt in zip(before.trainable_variables, after.trainable_variables, strict=True):
        assert not np.allclose(variable.numpy(), learnt.numpy(), atol=1e-5), variable.name


def test_what_can_be_told_apart_is_learnt() -> None:
    model = build_model()
    history = run_course(model, config=patient(epochs=12))
    assert history[-1].loss < history[0].loss / 2
    assert max(scores.mean_macro_f1 for scores in history) == 1.0
    course = build_course()
    outputs = predict_photos(model, course.photos, course.held_out)
    found = outputs["style_probabilities"].argmax(axis=1)
    assert found.tolist() == course.class_indexes["style"][course.held_out].tolist()


def test_the_seed_decides(
    uninterrupted: tuple[Any, list[EpochScores], list[tuple[int, int]]],
) -> None:
    again, other = build_model(), build_model()
    assert_same_history(run_course(again, config=patient()), uninterrupted[1])
    assert_same(again, uninterrupted[0])
    other_history = run_course(other, config=patient(), seed=1)
    assert other_history[0].loss != pytest.approx(uninterrupted[1][0].loss, rel=1e-5)


@pytest.mark.parametrize("killed_in", [1, 2, 3])
def test_a_run_that_ends_in_an_epoch_goes_on_as_if_nothing_had_happened(
    tmp_path: Path,
    uninterrupted: tuple[Any, list[EpochScores], list[tuple[int, int]]],
    killed_in: int,
) -> None:
    folder = tmp_path / "points"
    done = (killed_in - 1) * BATCHES
    with pytest.raises(KilledError):
        run_course(build_model(), folder=folder, config=patient(), on_batch=kill_after(done + 1))
    model = build_model()
    heard: list[int] = []
    history = run_course(
        model, folder=folder, config=patient(), on_batch=lambda one, total: heard.append(one)
    )
    assert heard == list(range(done + 1, 3 * BATCHES + 1))
    assert_same_history(history, uninterrupted[1])
    assert_same(model, uninterrupted[0])


KILLS_ITSELF = """
import os, signal, sys
from pathlib import Path
from tests.styles.ml.small_course import BATCH, build_model, run_course, small_config

def on_batch(done, total):
    if done == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

run_course(
    build_model(), folder=Path(sys.argv[1]), config=small_config(patience=99), on_batch=on_batch
)
"""


def test_a_process_killed_for_good_is_taken_up_by_another(
    tmp_path: Path, uninterrupted: tuple[Any, list[EpochScores], list[tuple[int, int]]]
) -> None:
    folder = tmp_path / "points"
    killed = subprocess.run(
        [sys.executable, "-c", KILLS_ITSELF, str(folder), str(2 * BATCHES + 1)],
        cwd=BASE_DIR,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    model = build_model()
    heard: list[int] = []
    history = run_course(
        model, folder=folder, config=patient(), on_batch=lambda one, total: heard.append(one)
    )
    assert heard == list(range(2 * BATCHES + 1, 3 * BATCHES + 1))
    assert_same_history(history, uninterrupted[1])
    assert_same(model, uninterrupted[0])


def test_a_run_that_had_ended_is_not_trained_on(tmp_path: Path) -> None:
    first, second = build_model(), build_model()
    history = run_course(first, folder=tmp_path / "points")
    heard: list[int] = []
    again = run_course(
        second, folder=tmp_path / "points", on_batch=lambda one, total: heard.append(one)
    )
    assert heard == []
    assert again == history
    assert_same(first, second)


def with_f1_scores(monkeypatch: pytest.MonkeyPatch, f1_scores: Sequence[float]) -> list[Any]:
    """Have epochs score as given; return where the weights of each epoch will be found."""
    weights: list[Any] = []
    predict = fine_tuning.predict_photos

    def record(model: Any, *arguments: Any) -> Any:
        weights.append(model.get_weights())
        return predict(model, *arguments)

    def scored(*arguments: Any, epoch: int, loss: float) -> EpochScores:
        honest = score_epoch(*arguments, epoch=epoch, loss=loss)
        return EpochScores(**{**honest.to_json(), "macro_f1": {"style": f1_scores[epoch - 1]}})

    monkeypatch.setattr(fine_tuning, "predict_photos", record)
    monkeypatch.setattr(fine_tuning, "score_epoch", scored)
    return weights


@pytest.fixture(params=[False, True], ids=["in memory", "on disk"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Return where points are kept, if they are."""
    return tmp_path / "points" if request.param else None


@pytest.mark.parametrize(
    ("f1_scores", "epochs", "best"),
    [
        ([0.1, 0.9, 0.5, 0.9, 0.2], 4, 2),
        ([0.9, 0.1, 0.2, 0.3, 0.4], 3, 1),
        ([0.1, 0.2, 0.3, 0.4, 0.5], 5, 5),
        ([0.1, 0.3, 0.2, 0.4, 0.1], 5, 4),
    ],
)
def test_training_ends_when_nothing_improves_and_the_best_epoch_counts(
    folder: Path | None,
    monkeypatch: pytest.MonkeyPatch,
    f1_scores: list[float],
    epochs: int,
    best: int,
) -> None:
    weights = with_f1_scores(monkeypatch, f1_scores)
    model = build_model()
    history = run_course(model, folder=folder, config=small_config(epochs=5, patience=2))
    assert len(history) == epochs
    for kept, expected in zip(model.get_weights(), weights[best - 1], strict=True):
        assert np.array_equal(kept, expected)


def test_without_held_out_photos_every_epoch_is_trained_and_the_last_counts() -> None:
    course = build_course(held_out=0)
    history = run_course(build_model(), course=course, config=small_config(patience=1, epochs=2))
    assert [(scores.held_out_loss, scores.macro_f1) for scores in history] == [(None, {})] * 2


def test_unlabelled_photos_leave_the_loss_finite() -> None:
    course = build_course()
    course.class_indexes["style"][::2] = -1
    course.shares["style"][::2] = 0.0
    (scores,) = run_course(build_model(), course=course, config=small_config(epochs=1))
    assert np.isfinite(scores.loss)


def test_only_convolutions_from_the_named_layer_on_are_let_loose() -> None:
    network = build_model().get_layer("network")
    unfreeze(network, "second")
    assert {layer.name for layer in network.layers if layer.trainable_variables} == {"second"}
    unfreeze(network, "first")
    learning = {layer.name for layer in network.layers if layer.trainable_variables}
    assert learning == {"first", "second"}


def test_outputs_are_those_of_the_model_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fine_tuning, "PREDICT_BATCH", 5)
    model, course = build_model(), build_course()
    rows = np.array([3, 1, 20, 7, 9, 11, 2])
    outputs = predict_photos(model, course.photos, rows)
    for name, values in model.predict(course.photos[rows], verbose=0).items():
        assert outputs[name] == pytest.approx(values, abs=1e-6)
    empty = predict_photos(model, course.photos, rows[:0])
    assert {name: values.shape for name, values in empty.items()} == {
        "embedding": (0, 8),
        "style_probabilities": (0, 3),
    }
