"""What a training run can be told; chosen by presets, read by training and kept in artifacts."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from styles.ml.classifier import HeadConfig
from styles.ml.fine_tuning import FineTuningConfig
from styles.ml.study import StudyConfig


@dataclass(frozen=True)
class TrainingConfig:
    """What a training run can be told; the same configuration and photos give the same model.

    `weights` is a file to take the backbone's weights from instead of its own. `fine_tuning` of
    None leaves the backbone frozen; `study` trains the study's head instead of ours.
    """

    backbone: str = "efficientnet-lite0"
    weights: Path | None = None
    head: HeadConfig = field(default_factory=HeadConfig)
    study: StudyConfig | None = None
    fine_tuning: FineTuningConfig | None = None
    crop_to_garment: bool = False
    held_out_fraction: float = 0.1
    calibration_photos: int = 100
    parity_photos: int = 100
    decode_threads: int = 2
    seed: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return JSON-able entries; of the weights file only the name, wherever it lies."""
        return {**asdict(self), "weights": self.weights and self.weights.name}
