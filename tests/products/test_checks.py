from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from products import checks


def found() -> list[str]:
    """Return the ids of what is wrong with the database, which is always checked by its alias."""
    return [str(message.id) for message in checks.check_database(databases=["default"])]


@pytest.fixture
def extensions(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str | None, str | None]]:
    """Give the versions (in the database, on the machine) that the checks are told."""
    versions: dict[str, tuple[str | None, str | None]] = {
        "vector": ("0.8.6", "0.8.6"),
        "pg_trgm": ("1.6", "1.6"),
    }
    monkeypatch.setattr(checks, "_versions", lambda _, extension: versions[extension])
    return versions


@pytest.mark.django_db
def test_this_database_is_good_enough() -> None:
    assert found() == []


@pytest.mark.django_db
def test_the_versions_of_extensions_are_read_from_the_database_and_the_machine() -> None:
    created, available = checks._versions(connection, "vector")
    assert created == available
    assert checks._parsed(str(created)) >= (0, 8, 4)
    assert checks._versions(connection, "no_such_extension") == (None, None)


@pytest.mark.django_db
def test_another_database_than_postgresql_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    assert found() == ["products.E001"]


@pytest.mark.django_db
def test_an_old_pgvector_is_refused_with_how_to_mend_it(
    extensions: dict[str, tuple[str | None, str | None]],
) -> None:
    extensions["vector"] = ("0.8.3", "0.8.6")
    (error,) = checks.check_database(databases=["default"])
    assert error.id == "products.E002"
    assert str(error.hint).startswith("Run `ALTER EXTENSION vector UPDATE`")
    extensions["vector"] = ("0.8.3", "0.8.3")
    (error,) = checks.check_database(databases=["default"])
    assert str(error.hint).startswith("Install pgvector 0.8.4 or later")
    extensions["vector"] = ("0.8.4", "0.8.4")
    assert found() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("extension", "code", "who"),
    [
        ("vector", "products.E003", "a superuser"),
        ("pg_trgm", "products.E004", "the owner of the database"),
    ],
)
def test_a_missing_extension_is_told_with_the_statement_and_who_may_run_it(
    extension: str,
    code: str,
    who: str,
    extensions: dict[str, tuple[str | None, str | None]],
) -> None:
    extensions[extension] = (None, "1.0")
    (error,) = checks.check_database(databases=["default"])
    assert error.id == code
    assert f"`CREATE EXTENSION {extension}` in the database; {who}" in str(error.hint)
    extensions[extension] = (None, None)
    (error,) = checks.check_database(databases=["default"])
    assert error.id == code
    assert str(error.hint).startswith("Install ")


@pytest.mark.django_db
def test_before_the_first_migration_only_what_it_cannot_create_is_missing(
    extensions: dict[str, tuple[str | None, str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_migrations", lambda _: set())
    extensions["vector"] = (None, "0.8.6")
    assert found() == []
    extensions["vector"] = (None, "0.8.2")
    assert found() == ["products.E002"]
    extensions["vector"] = (None, None)
    assert found() == ["products.E003"]


@pytest.mark.django_db
def test_an_older_shop_may_migrate_to_the_extension_it_lacks(
    extensions: dict[str, tuple[str | None, str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    extensions["pg_trgm"] = (None, "1.6")
    assert found() == ["products.E004"]
    monkeypatch.setattr(checks, "_migrations", lambda _: {"0001_catalogue_and_searches"})
    assert found() == []


@pytest.fixture
def narrow_column(db: None) -> None:
    """Have the column hold vectors of 128 numbers until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE products_productembedding RENAME TO elsewhere")
        cursor.execute("CREATE TABLE products_productembedding (embedding halfvec(128))")


def test_a_column_of_another_width_is_refused(narrow_column: None) -> None:
    (error,) = checks.check_database(databases=["default"])
    assert error.id == "products.E005"
    assert "halfvec(128), and halfvec(256) is expected" in error.msg


@pytest.mark.django_db
def test_the_check_command_looks_at_the_database_it_is_given(
    extensions: dict[str, tuple[str | None, str | None]],
) -> None:
    extensions["pg_trgm"] = (None, None)
    call_command("check", stdout=StringIO())
    with pytest.raises(SystemCheckError, match=r"products\.E004"):
        call_command("check", databases=["default"])


def test_without_databases_nothing_is_asked() -> None:
    arguments: dict[str, Any] = {"databases": None}
    assert checks.check_database(**arguments) == []
