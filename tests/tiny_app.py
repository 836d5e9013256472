"""A Django app that gives the processes of the tests' worker what only tests have."""

from __future__ import annotations

import sys

from django.apps import AppConfig


class TinyConfig(AppConfig):
    """Registers a kind of jobs that counts and, where jobs are run, the tiny backbone."""

    name = "tests.tiny_app"

    def ready(self) -> None:
        from tests import counting  # noqa: F401 - registers its kind

        if "run_job" in sys.argv:
            from tests.styles.ml.tiny import tiny_backbone

            tiny_backbone().__enter__()
