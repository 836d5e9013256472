"""Points that a killed run goes on from: whose they are, and what damage does."""

from __future__ import annotations

import logging
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from styles.ml.errors import TrainingError
from styles.ml.progress_points import STATE_FILE, ProgressPoints, best_epoch
from styles.ml.quiet_tensorflow import keras
from styles.ml.validation import EpochScores

RUN = {"photos": ["a", "b"], "config": {"seed": 0}}
F1_SCORES = (0.5, 0.9, 0.7)


def build_model() -> Any:
    keras.utils.set_random_seed(1)
    numbers = keras.Input((4,))
    x = keras.layers.Dense(64)(numbers)
    return keras.Model(numbers, keras.layers.Dense(2)(keras.layers.Dropout(0.5)(x)))


def build_optimizer(model: Any) -> Any:
    optimizer = keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)
    return optimizer


def learn(model: Any, optimizer: Any) -> None:
    """Take a step that leaves weights, optimizer and dropout other than they were."""
    model(np.ones((1, 4), np.float32), training=True)
    ones = [np.ones(variable.shape, np.float32) for variable in model.trainable_variables]
    optimizer.apply(ones, model.trainable_variables)


def state_of(model: Any, optimizer: Any) -> list[Any]:
    return [variable.numpy() for variable in (*model.variables, *optimizer.variables)]


def epoch_scores(epoch: int) -> EpochScores:
    f1_score = F1_SCORES[epoch - 1]
    return EpochScores(epoch, 0.5, 0.4, {"style": f1_score}, {"style": f1_score})


def train_epochs(folder: Path | None, count: int) -> tuple[list[list[Any]], list[EpochScores]]:
    """Leave points of `count` epochs; return the state after each and their history."""
    model = build_model()
    optimizer = build_optimizer(model)
    points = ProgressPoints(folder, run=RUN)
    history = points.restore(model, [optimizer])
    assert history == []
    states = []
    for epoch in range(1, count + 1):
        learn(model, optimizer)
        history.append(epoch_scores(epoch))
        points.save(model, [optimizer], history)
        states.append(state_of(model, optimizer))
    return states, history


def restore(folder: Path, *, run: dict[str, Any] | None = None) -> tuple[list[Any], list[Any]]:
    """Return the state that a new process has after restoring, and the history."""
    model = build_model()
    optimizer = build_optimizer(model)
    history = ProgressPoints(folder, run=run or RUN).restore(model, [optimizer])
    return state_of(model, optimizer), history


def assert_same(one: list[Any], other: list[Any]) -> None:
    for first, second in zip(one, other, strict=True):
        assert np.array_equal(first, second)


def untrained() -> list[Any]:
    model = build_model()
    return state_of(model, build_optimizer(model))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not there yet" / "points"


def test_weights_optimizer_dropout_and_history_come_back(folder: Path) -> None:
    states, history = train_epochs(folder, 3)
    state, restored = restore(folder)
    assert restored == history
    assert_same(state, states[-1])


def test_only_the_last_and_the_best_epoch_are_kept(folder: Path) -> None:
    train_epochs(folder, 3)
    assert {path.name.split(".")[0] for path in folder.iterdir()} == {"epoch-2", "epoch-3", "state"}


@pytest.mark.parametrize("on_disk", [True, False])
def test_the_model_is_brought_to_its_best_epoch(folder: Path, on_disk: bool) -> None:
    model = build_model()
    optimizer = build_optimizer(model)
    points = ProgressPoints(folder if on_disk else None, run=RUN)
    history = points.restore(model, [optimizer])
    weights = []
    for epoch in (1, 2, 3):
        learn(model, optimizer)
        history.append(epoch_scores(epoch))
        points.save(model, [optimizer], history)
        weights.append(model.get_weights())
    points.restore_best(model, history)
    assert_same(model.get_weights(), weights[1])


def test_without_a_folder_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    train_epochs(None, 2)
    assert list(tmp_path.iterdir()) == []


def test_of_equals_the_earliest_epoch_is_the_best() -> None:
    scores = [EpochScores(n, 0, 0, {}, {"style": f1}) for n, f1 in enumerate((0.1, 0.7, 0.7), 1)]
    assert best_epoch(scores) == 2


@pytest.mark.parametrize(
    "run", [{**RUN, "photos": ["b", "a"]}, {**RUN, "config": {"seed": 1}}, {"photos": []}]
)
def test_what_another_run_left_is_not_continued(folder: Path, run: dict[str, Any]) -> None:
    train_epochs(folder, 2)
    state, history = restore(folder, run=run)
    assert history == []
    assert_same(state, untrained())
    assert list(folder.iterdir()) == []


def test_the_order_of_names_makes_no_other_run(folder: Path) -> None:
    train_epochs(folder, 1)
    assert len(restore(folder, run=dict(reversed(RUN.items())))[1]) == 1


def cut(pattern: str, *, keep: int) -> Callable[[Path], object]:
    """Return what leaves the first bytes of a file only."""

    def damage(folder: Path) -> None:
        (path,) = folder.glob(pattern)
        path.write_bytes(path.read_bytes()[:keep])

    return damage


def replace_state(content: str) -> Callable[[Path], object]:
    return lambda folder: (folder / STATE_FILE).write_text(content)


def scribble(folder: Path) -> None:
    (path,) = folder.glob("epoch-2.data*")
    content = bytearray(path.read_bytes())
    content[100:200] = bytes(100)
    path.write_bytes(content)


def swap_epochs(folder: Path) -> None:
    """Have the state of a model of another shape."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    optimizer = build_optimizer(model)
    points = ProgressPoints(folder.parent / "other", run=RUN)
    points.restore(model, [optimizer])
    points.save(model, [optimizer], [epoch_scores(1), epoch_scores(2)])
    for path in (folder.parent / "other").glob("epoch-2*"):
        path.replace(folder / path.name)


@pytest.mark.parametrize(
    "damage",
    [
        cut(STATE_FILE, keep=20),
        cut(STATE_FILE, keep=0),
        replace_state("[]"),
        replace_state("{}"),
        replace_state("null"),
        replace_state('{"fingerprint": "", "history": [{"epoch": 1}]}'),
        lambda folder: (folder / STATE_FILE).write_bytes(b"\xff\xfe"),
        cut("epoch-2.index", keep=30),
        cut("epoch-2.index", keep=0),
        cut("epoch-2.data*", keep=100),
        cut("epoch-2.data*", keep=0),
        scribble,
        lambda folder: (folder / "epoch-2.index").unlink(),
        lambda folder: [path.unlink() for path in folder.glob("epoch-2.data*")],
        swap_epochs,
    ],
)
def test_damaged_points_are_trained_again_after_a_warning(
    folder: Path, damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    train_epochs(folder, 2)
    damage(folder)
    with caplog.at_level(logging.WARNING, logger="styles.ml.progress_points"):
        state, history = restore(folder)
    assert history == []
    assert_same(state, untrained())
    (record,) = [one for one in caplog.records if one.name == "styles.ml.progress_points"]
    assert "training starts anew" in record.getMessage()


def test_a_kill_between_weights_and_state_costs_an_epoch(folder: Path) -> None:
    states, history = train_epochs(folder, 2)
    kept = (folder / STATE_FILE).read_bytes()
    before = {path.name: path.read_bytes() for path in folder.glob("epoch-2*")}
    model = build_model()
    optimizer = build_optimizer(model)
    points = ProgressPoints(folder, run=RUN)
    points.restore(model, [optimizer])
    learn(model, optimizer)
    points.save(model, [optimizer], [*history, epoch_scores(3)])
    (folder / STATE_FILE).write_bytes(kept)
    (folder / f"{STATE_FILE}.partial").write_text("{")
    assert {name for name in before if (folder / name).exists()} == set(before)
    state, restored = restore(folder)
    assert restored == history
    assert_same(state, states[1])


def test_what_a_killed_write_left_is_cleared_away(folder: Path) -> None:
    _, history = train_epochs(folder, 2)
    model = build_model()
    optimizer = build_optimizer(model)
    points = ProgressPoints(folder, run=RUN)
    points.restore(model, [optimizer])
    half_written = folder / "epoch-3_temp"
    half_written.mkdir()
    (half_written / "part-00000-of-00001.data-00000-of-00001.tempstate1").write_bytes(b"half")
    points.save(model, [optimizer], [*history, epoch_scores(3)])
    assert not half_written.exists()
    assert len(restore(folder)[1]) == 3


def test_a_best_epoch_that_cannot_be_read_ends_in_a_sentence_and_does_not_come_back(
    folder: Path,
) -> None:
    train_epochs(folder, 3)
    cut("epoch-2.data*", keep=10)(folder)
    model = build_model()
    optimizer = build_optimizer(model)
    points = ProgressPoints(folder, run=RUN)
    history = points.restore(model, [optimizer])
    with pytest.raises(TrainingError, match=r"best epoch's weights .* Start the training again\."):
        points.restore_best(model, history)
    assert restore(folder)[1] == []


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file grow beyond `room` bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 100, 2000])
def test_a_full_disk_ends_in_a_sentence_and_costs_an_epoch(folder: Path, room: int) -> None:
    states, history = train_epochs(folder, 1)
    model = build_model()
    optimizer = build_optimizer(model)
    points = ProgressPoints(folder, run=RUN)
    points.restore(model, [optimizer])
    learn(model, optimizer)
    with (
        full_disk(room),
        pytest.raises(
            TrainingError, match=r"progress could not be written .* after epoch 1\."
        ) as e,
    ):
        points.save(model, [optimizer], [*history, epoch_scores(2)])
    assert "\n" not in str(e.value)
    state, restored = restore(folder)
    assert restored == history
    assert_same(state, states[0])


def test_a_place_that_is_no_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "points").write_text("a file")
    with pytest.raises(TrainingError, match=r"cannot be kept in .*points.* start again"):
        restore(tmp_path / "points")
    assert (tmp_path / "points").read_text() == "a file"
