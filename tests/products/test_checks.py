from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from products import checks


@pytest.mark.django_db
def test_this_database_is_good_enough() -> None:
    assert checks.check_pgvector(databases=["default"]) == []


@pytest.mark.django_db
def test_an_old_pgvector_is_refused_with_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "OLDEST_PGVECTOR", (99, 0, 0))
    (error,) = checks.check_pgvector(databases=["default"])
    assert error.id == "products.E002"
    assert "ALTER EXTENSION vector UPDATE" in str(error.hint)


@pytest.mark.django_db
def test_another_database_than_postgresql_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    (error,) = checks.check_pgvector(databases=["default"])
    assert error.id == "products.E001"


def test_without_databases_nothing_is_asked() -> None:
    arguments: dict[str, Any] = {"databases": None}
    assert checks.check_pgvector(**arguments) == []
