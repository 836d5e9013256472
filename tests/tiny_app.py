"""A Django app that gives the processes of the tests' worker what only tests have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from styles.job_runs import JobRun


class TinyConfig(AppConfig):
    """Registers a kind of jobs that counts, and lets trainings use the tiny backbone."""

    name = "tests.tiny_app"

    def ready(self) -> None:
        from styles import jobs
        from styles.training_jobs import TRAIN
        from tests import counting  # noqa: F401 - registers its kind

        jobs._kinds[TRAIN] = replace(jobs.find_kind(TRAIN), work=train_with_tiny_backbone)


def train_with_tiny_backbone(run: JobRun) -> Mapping[str, Any]:
    """Train as ever, with one backbone more in the table."""
    from styles.training_jobs import run_training
    from tests.styles.ml.tiny import tiny_backbone

    with tiny_backbone():
        return run_training(run)
