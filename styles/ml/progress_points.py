"""Where a killed fine-tuning goes on: weights, optimizers and history on disk after each epoch."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from styles.ml.errors import TrainingError
from styles.ml.quiet_tensorflow import tf
from styles.ml.validation import EpochScores

STATE_FILE = "state.json"


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
        """Bring model and optimizers to where the run was; return its history, empty if new."""
        if self.folder is None:
            return []
        state = self._read_state()
        if state is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            return []
        history = [EpochScores(**scores) for scores in state["history"]]
        checkpoint = _checkpoint(model, optimizers)
        checkpoint.read(
            str(self.folder / f"epoch-{len(history)}")
        ).assert_existing_objects_matched()
        return history

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
                f"{str(error).splitlines()[0]}. Make room there and start it again: it goes on "
                f"after epoch {len(history) - 1}."
            ) from error

    def _write(
        self,
        folder: Path,
        model: Any,
        optimizers: Sequence[Any],
        history: Sequence[EpochScores],
    ) -> None:
        _checkpoint(model, optimizers).write(str(folder / f"epoch-{len(history)}"))
        state = {
            "fingerprint": self.fingerprint,
            "history": [scores.to_json() for scores in history],
        }
        partial = folder / f"{STATE_FILE}.partial"
        partial.write_text(json.dumps(state), encoding="utf-8")
        partial.replace(folder / STATE_FILE)
        needed = {len(history), best_epoch(history)}
        for path in folder.glob("epoch-*"):
            if int(path.name.split("-")[1].split(".")[0]) not in needed:
                path.unlink()

    def restore_best(self, model: Any, history: Sequence[EpochScores]) -> None:
        """Bring the model to its best epoch."""
        if not history or best_epoch(history) == len(history):
            return
        if self.folder is None:
            model.set_weights(self._best_weights)
            return
        path = str(self.folder / f"epoch-{best_epoch(history)}")
        tf.train.Checkpoint(model=model).read(path).expect_partial()

    def _read_state(self) -> dict[str, Any] | None:
        if self.folder is None:
            return None
        try:
            state = json.loads((self.folder / STATE_FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return state if state["fingerprint"] == self.fingerprint else None


def best_epoch(history: Sequence[EpochScores]) -> int:
    """Return the epoch, counted from 1, with the best mean macro F1; the earliest of equals."""
    return max(history, key=lambda scores: (scores.mean_macro_f1, -scores.epoch)).epoch


def _checkpoint(model: Any, optimizers: Sequence[Any]) -> Any:
    return tf.train.Checkpoint(model=model, optimizers=list(optimizers))
