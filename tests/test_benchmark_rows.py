"""The rows that benchmarks write by themselves are those the shop and its rivals read."""

from __future__ import annotations

import os

import numpy as np
import pytest
from django.db import connection

from benchmarks import binary_copy
from benchmarks.binary_copy import write_rows
from benchmarks.rivals import Where
from benchmarks.rivals.plain_pgvector import RivalTables, plain_pgvector
from products.binary_copy import BIGINT, halfvec, read_rows

pytestmark = pytest.mark.django_db


def test_what_is_written_is_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binary_copy, "ROWS_AT_A_TIME", 2)
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
    parts = [
        {"id": np.array([3, 1, 2]), "price": np.array([1.5, -2.0, 0.0]), "place": vectors},
        {"id": np.array([-4]), "price": np.array([1e9]), "place": vectors[:1]},
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE written (place halfvec(2), id bigint, price double precision)"
        )
        write_rows(cursor, "written", parts)
    rows = read_rows(
        "SELECT id, price, place FROM written ORDER BY id",
        [],
        columns={"id": BIGINT, "price": np.dtype(">f8"), "place": halfvec(2)},
    )
    assert rows["id"].tolist() == [-4, 1, 2, 3]
    assert rows["price"].tolist() == [1e9, -2.0, 0.0, 1.5]
    read = rows["place"]["values"].astype(np.float32)
    np.testing.assert_allclose(read, vectors[[0, 1, 2, 0]], atol=1e-3)


def test_a_rival_in_the_database_finds_what_was_put_there() -> None:
    tables = RivalTables(os.environ["DATABASE_URL"])
    rival = plain_pgvector(tables, is_iterative=True)
    vectors = np.eye(4, dtype=np.float32)
    try:
        rival.build(vectors, {"price": np.array([1, 2, 3, 4])})
        (nearest, distance), *_ = rival.search(vectors[2], where=None, count=1)
        assert (nearest, round(distance, 3)) == (2, 0)
        found = rival.search(vectors[2], where=Where("price", 1, 2), count=4)
        assert sorted(key for key, _ in found) == [0, 1]
    finally:
        rival.close()
