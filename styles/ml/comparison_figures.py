"""What a comparison of backbones is told and what comes of it: plain figures, for comparison.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from styles.ml.features import SkippedPhoto
from styles.ml.study import Score, StudyConfig, StudyEpoch


@dataclass(frozen=True)
class ComparisonConfig:
    """What is compared on which label set; fractions are of each class's photos.

    `weights` gives a file instead of a backbone's usual weights. The sweep is over `sweep`, or over
    the backbone that does best on the validation part where it is None.
    """

    label_set: str
    backbones: tuple[str, ...]
    weights: Mapping[str, Path] = field(default_factory=dict)
    study: StudyConfig = field(default_factory=StudyConfig)
    sweep: str | None = None
    batch_sizes: tuple[int, ...] = (16, 32, 64)
    epochs: tuple[int, ...] = (5, 10, 20)
    validation_fraction: float = 0.1
    test_fraction: float = 0.1
    decode_threads: int = 2
    latency_threads: int = 2


@dataclass(frozen=True)
class BackboneFigures:
    """A row of the study's first table; a score is None where the part has no photos.

    `parameters` counts backbone and head. `artifact_bytes` is the backbone in int8 and
    `latency_milliseconds` the median for one photo in LiteRT, without the head: less than a
    hundredth of either. `features_seconds` is small where features were cached.
    """

    backbone: str
    train: Score | None
    validation: Score | None
    test: Score | None
    parameters: int
    artifact_bytes: int
    latency_milliseconds: float
    features_seconds: float
    head_seconds: float
    history: tuple[StudyEpoch, ...]


@dataclass(frozen=True)
class SweptFigures:
    """A row of a sweep: the scores of one setting, as Keras tells them after the last epoch."""

    batch_size: int
    epochs: int
    train: Score
    validation: Score | None


@dataclass(frozen=True)
class UnavailableBackbone:
    """A backbone that could not be built, and why, in a sentence."""

    backbone: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """All tables; `photos` counts each part's.

    `majority` is the share of the most frequent class in the training part: what guessing gets.
    """

    label_set: str
    classes: tuple[str, ...]
    photos: Mapping[str, int]
    majority: float
    backbones: tuple[BackboneFigures, ...]
    unavailable: tuple[UnavailableBackbone, ...]
    swept: str | None
    batch_sizes: tuple[SweptFigures, ...]
    epochs: tuple[SweptFigures, ...]
    skipped: tuple[SkippedPhoto, ...]
