from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django import Settings

from styles import artifacts, checks
from styles.catalogue import get_catalogue
from styles.models import ModelVersion
from tests.learnt import learnt_version
from tests.shop import make_product, make_version

pytestmark = pytest.mark.django_db


def found() -> list[str]:
    return [str(message.id) for message in checks.check_model_versions(databases=["default"])]


def test_a_version_that_was_really_trained_serves(learnt: ModelVersion) -> None:
    assert found() == []


def test_without_a_database_nothing_is_asked() -> None:
    assert checks.check_model_versions(databases=None) == []


def test_only_versions_that_serve_or_are_about_to_are_looked_at() -> None:
    make_version("trained", metadata={})
    make_version("retired", metadata={})
    assert found() == []


def test_an_artifact_of_another_release_is_refused() -> None:
    make_version("active", metadata={"format_version": 0})
    (error,) = checks.check_model_versions(databases=["default"])
    assert error.id == "styles.E001"
    assert "train_model_version catalogue" in str(error.hint)


@pytest.mark.parametrize("status", ["active", "staged"])
def test_a_missing_artifact_is_refused_with_where_its_files_belong(status: str) -> None:
    version = learnt_version(status=status)
    artifacts.artifact_storage().delete(f"{version.artifact_prefix}/trunk.tflite")
    (error,) = checks.check_model_versions(databases=["default"])
    assert error.id == "styles.E002"
    assert f"{version.artifact_prefix}/" in str(error.hint)


def test_a_damaged_artifact_is_refused(learnt: ModelVersion) -> None:
    path = f"{learnt.artifact_prefix}/trunk.tflite"
    storage = artifacts.artifact_storage()
    with storage.open(path, "ab") as file:
        file.write(b"damage")
    (error,) = checks.check_model_versions(databases=["default"])
    assert error.id == "styles.E002"
    assert "SHA-256" in error.msg


def test_another_width_of_row_or_artifact_is_refused(
    learnt: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    ModelVersion.objects.filter(pk=learnt.pk).update(
        metadata={**learnt.metadata, "embedding_dim": 128}
    )
    (error,) = checks.check_model_versions(databases=["default"])
    assert error.id == "styles.E003"
    assert "128 wide by its row" in error.msg
    loaded = artifacts.load(learnt)
    narrow = replace(loaded, metadata=replace(loaded.metadata, embedding_dim=64))
    monkeypatch.setattr(artifacts, "load", lambda version: narrow)
    assert found() == ["styles.E003", "styles.E003"]


def test_a_large_catalogue_without_an_index_is_warned_of(
    learnt: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_product("a")
    assert found() == []
    monkeypatch.setattr(checks, "LARGE_CATALOGUE", 1)
    (warning,) = checks.check_model_versions(databases=["default"])
    assert warning.id == "styles.W002"
    assert f"activate_model_version {learnt.number}" in str(warning.hint)
    get_catalogue().build_index(learnt)
    assert found() == []


def test_a_missing_middleware_is_warned_of(settings: Settings) -> None:
    assert checks.check_middleware() == []
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "serving" not in name]
    (warning,) = checks.check_middleware()
    assert warning.id == "styles.W001"
