"""A place for services, shared by the tests of what starts them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may pass; pytest's own are closed to other accounts."""
    with tempfile.TemporaryDirectory(prefix="kfashion-services-") as made:
        Path(made).chmod(0o711)
        yield Path(made)
