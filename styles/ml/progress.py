"""How long work says how far it is; both apps and everything that learns call these."""

from __future__ import annotations

from collections.abc import Callable

OnProgress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""

OnStage = Callable[[str, int, int], None]
"""Called with a stage's name, how many are done and how many there are."""


def ignore_progress(done: int, total: int) -> None:
    """Stand in for a callback where nobody watches."""


def ignore_stage(stage: str, done: int, total: int) -> None:
    """Stand in for a callback where nobody watches."""
