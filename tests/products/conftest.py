"""Fixtures of the products tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from styles.models import Clustering, ModelVersion
    from tests.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path, settings: Settings) -> Shelf:
    """Return an empty catalogue folder, beside a storage of its own."""
    # Not above: pytest reads this file before Django is set up.
    from tests.shelf import Shelf

    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "stored"), "base_url": "/media/"},
        },
    }
    folder = tmp_path / "catalogue"
    folder.mkdir()
    return Shelf(folder)


@pytest.fixture
def clustering(version: ModelVersion) -> Clustering:
    """Return two clusters in force, Soft and Loud, in the directions a and b."""
    from tests.shop import direction, make_clustering

    return make_clustering(version, {"Soft": direction(a=1), "Loud": direction(b=1)})
