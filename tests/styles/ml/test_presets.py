"""Recipes: what each preset trains, and the numbers it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from styles.ml.classifier import HeadConfig
from styles.ml.errors import TrainingError
from styles.ml.fine_tuning import FineTuningConfig
from styles.ml.presets import choose_recipe
from styles.ml.study import StudyConfig
from styles.ml.training import TrainingConfig


def test_quick_trains_a_head_on_the_frozen_backbone() -> None:
    config = choose_recipe("quick", backbone="resnet50")
    assert config == TrainingConfig(backbone="resnet50", head=HeadConfig())
    assert (config.fine_tuning, config.study) == (None, None)


def test_full_fine_tunes_after_the_same_head() -> None:
    config = choose_recipe("full", backbone="resnet50")
    assert config.head == choose_recipe("quick", backbone="resnet50").head
    assert config.fine_tuning == FineTuningConfig()
    assert config.study is None


def test_study_is_the_studys_recipe() -> None:
    config = choose_recipe("study", backbone="resnet50", seed=7)
    assert config.study == StudyConfig(
        hidden_width=512, epochs=10, batch_size=32, learning_rate=1e-3, seed=7
    )
    assert config.fine_tuning is None


def test_epochs_and_batch_size_are_those_of_the_last_stage() -> None:
    quick, full, study = (
        choose_recipe(preset, backbone="resnet50", epochs=3, batch_size=5)
        for preset in ("quick", "full", "study")
    )
    assert (quick.head.epochs, quick.head.batch_size) == (3, 5)
    assert full.fine_tuning is not None
    assert (full.fine_tuning.epochs, full.fine_tuning.batch_size) == (3, 5)
    assert full.head == HeadConfig()
    assert study.study is not None
    assert (study.study.epochs, study.study.batch_size) == (3, 5)


@pytest.mark.parametrize("preset", ["quick", "full", "study"])
def test_what_is_common_is_told_to_every_preset(preset: str) -> None:
    weights = Path("/weights.h5")
    config = choose_recipe(preset, backbone="vgg16", weights=weights, crop_to_garment=True, seed=4)
    assert (config.backbone, config.weights) == ("vgg16", weights)
    assert (config.crop_to_garment, config.seed) == (True, 4)


@pytest.mark.parametrize("number", [0, -1])
@pytest.mark.parametrize("preset", ["quick", "full", "study"])
def test_numbers_below_one_are_refused(preset: str, number: int) -> None:
    with pytest.raises(TrainingError, match=rf"epochs of at least 1, received {number}\."):
        choose_recipe(preset, backbone="resnet50", epochs=number)
    with pytest.raises(TrainingError, match=rf"batch_size of at least 1, received {number}\."):
        choose_recipe(preset, backbone="resnet50", batch_size=number)


def test_another_preset_is_refused() -> None:
    with pytest.raises(TrainingError, match=r"quick, full and study, received 'slow'\."):
        choose_recipe("slow", backbone="resnet50")


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_not_every_generator_takes_is_refused(seed: int) -> None:
    with pytest.raises(TrainingError, match=rf"seed from 0 to 4294967295, received {seed}\."):
        choose_recipe("quick", backbone="resnet50", seed=seed)
    largest = choose_recipe("quick", backbone="resnet50", seed=2**32 - 1)
    assert largest.seed == 2**32 - 1
