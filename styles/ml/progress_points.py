"""Where a killed fine-tuning goes on: weights, optimizers and history on disk after each epoch."""

import hashlib
import json
import logging
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from styles.ml.errors import TrainingError
from styles.ml.quiet_tensorflow import tf
from styles.ml.validation import EpochScores

logger = logging.getLogger(__name__)

STATE_FILE = "state.json"
# What TensorFlow raises for files that are missing, cut short, altered or of another model.
UNREADABLE = (tf.errors.OpError, AssertionError, IndexError, RuntimeError, ValueError)


class ProgressPoints:
    """Checkpoints of one run in a folder, or none at all where `folder` is None.

    `run` is what makes runs the same (configuration, photos, labels); what another run left in the
    folder is removed.
    """

    def __init__(self, folder: Path | None, *, run: Mapping[str, Any]) -> None:
        self.folder = folder
        canonical = json.dumps(run, sort_keys=True, default=str)
        self.fingerprint = hashlib.sha256(canonical.encode()).hexdigest()
        self._best_weights: list[Any] = []

    def restore(self, model: Any, optimizers: Sequence[Any]) -> list[EpochScores]:
        """Bring model and optimizers to where the run was; return its history, empty if new.

        What cannot be read is trained again, after a warning. Raises TrainingError where the folder
        cannot be used.
        """
        if self.folder is None:
            return []
        try:
            history = self._read_history()
            if history and _read_point(_point(self.folder, len(history)), model, optimizers):
                return history
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrainingError(
                f"The training's progress cannot be kept in {self.folder}: {error}. Make it a "
                "folder that can be written to, and start again."
            ) from error
        return []

    def save(self, model: Any, optimizers: Sequence[Any], history: Sequence[EpochScores]) -> None:
        """Write a point; the state file names it last, so that a kill in between costs an epoch.

        Raises TrainingError where it cannot be written.
        """
        if self.folder is None:
            if best_epoch(history) == len(history):
                self._best_weights = model.get_weights()
            return
        try:
            self._write(self.folder, model, optimizers, history)
        except (OSError, tf.errors.OpError) as error:
            raise TrainingError(
                f"The training's progress could not be written to {self.folder}: "
                f"{_first_line(error)}. Make room there and start it again: it goes on "
                f"after epoch {len(history) - 1}."
            ) from error

    def _write(
        self,
        folder: Path,
        model: Any,
        optimizers: Sequence[Any],
        history: Sequence[EpochScores],
    ) -> None:
        _checkpoint(model, optimizers).write(_point(folder, len(history)))
        state = {
            "fingerprint": self.fingerprint,
            "history": [scores.to_json() for scores in history],
        }
        partial = folder / f"{STATE_FILE}.partial"
        partial.write_text(json.dumps(state), encoding="utf-8")
        partial.replace(folder / STATE_FILE)
        needed = tuple(f"epoch-{epoch}." for epoch in (len(history), best_epoch(history)))
        for path in folder.glob("epoch-*"):
            if path.is_dir():  # of a write that was killed
                shutil.rmtree(path)
            elif not path.name.startswith(needed):
                path.unlink()

    def restore_best(self, model: Any, history: Sequence[EpochScores]) -> None:
        """Bring the model to its best epoch. Raises TrainingError where it cannot be read."""
        if not history or best_epoch(history) == len(history):
            return
        if self.folder is None:
            model.set_weights(self._best_weights)
            return
        path = _point(self.folder, best_epoch(history))
        try:
            tf.train.Checkpoint(model=model).read(path).expect_partial()
        except UNREADABLE as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise TrainingError(
                f"The best epoch's weights in {self.folder} cannot be read "
                f"({_first_line(error)}), and were removed. Start the training again."
            ) from error

    def _read_history(self) -> list[EpochScores]:
        """Return the history of this run, empty where it left none that can be read."""
        if self.folder is None:
            return []
        path = self.folder / STATE_FILE
        try:
            state = json.loads(path.read_text(encoding="utf-8"))
            history = [EpochScores(**scores) for scores in state["history"]]
            return history if state["fingerprint"] == self.fingerprint else []
        except FileNotFoundError:
            return []
        except (ValueError, KeyError, TypeError) as error:
            logger.warning("%s cannot be read, training starts anew: %s", path, error)
            return []


def best_epoch(history: Sequence[EpochScores]) -> int:
    """Return the epoch, counted from 1, with the best mean macro F1; the earliest of equals."""
    return max(history, key=lambda scores: (scores.mean_macro_f1, -scores.epoch)).epoch


def _checkpoint(model: Any, optimizers: Sequence[Any]) -> Any:
    """Return all of a run's state: what dropout will draw next is no weight of the model."""
    weights = {id(variable) for variable in model.weights}
    draws = [variable.value for variable in model.variables if id(variable) not in weights]
    return tf.train.Checkpoint(model=model, optimizers=list(optimizers), draws=draws)


def _point(folder: Path, epoch: int) -> str:
    """Return the path that TensorFlow puts its endings to."""
    return str(folder / f"epoch-{epoch}")


def _read_point(path: str, model: Any, optimizers: Sequence[Any]) -> bool:
    """Bring model and optimizers to a point and return True; leave them as they are if damaged."""
    variables = [*model.variables, *(one for each in optimizers for one in each.variables)]
    before = [variable.numpy() for variable in variables]
    try:
        _checkpoint(model, optimizers).read(path).assert_existing_objects_matched()
    except UNREADABLE as error:
        logger.warning("%s cannot be read, training starts anew: %s", path, _first_line(error))
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)
        return False
    return True


def _first_line(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0]
