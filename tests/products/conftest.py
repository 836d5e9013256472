"""Fixtures of the products tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from tests.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path, settings: Settings) -> Shelf:
    """Return an empty catalogue folder, beside a storage of its own."""
    # Not above: pytest reads this file before Django is set up.
    from django.apps import apps

    from styles.models import Style
    from styles.receivers import sync_taxonomy_after_migrate
    from tests.shelf import Shelf

    stored = {"location": str(tmp_path / "stored"), "base_url": "/media/"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": stored,
        },
    }
    if not Style.objects.exists():  # A transactional test before this one emptied the tables.
        sync_taxonomy_after_migrate(apps.get_app_config("styles"), "default", apps=apps)
    folder = tmp_path / "catalogue"
    folder.mkdir()
    return Shelf(folder)
