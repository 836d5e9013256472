"""Writes very many rows at once, by COPY in PostgreSQL's binary format; for large catalogues.

A million embeddings take seconds so. The format is that which ``products.binary_copy`` reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
ROWS_AT_A_TIME = 10_000

Columns = Mapping[str, NDArray[Any]]


def write_rows(cursor: Any, table: str, parts: Iterable[Columns]) -> None:
    """Append rows to a table.

    Args:
        cursor: psycopg's, plain or wrapped by Django.
        table: its name, after that of its schema and a dot where it has one of its own.
        parts: column name -> values, as many of each: integers (N,) for ``bigint``, floats (N,) for
            ``double precision``, floats (N, D) for ``halfvec(D)``; the same columns in each part.
    """
    parts = iter(parts)
    first = next(parts)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, first))
    )
    with cursor.copy(statement) as copy:
        copy.write(HEADER)
        for columns in chain([first], parts):
            for rows in _encoded(columns):
                copy.write(rows)
        copy.write(TRAILER)


def _encoded(columns: Columns) -> Iterator[bytes]:
    """Yield rows as PostgreSQL reads them, some thousands at a time."""
    # Not above: rivals are asked for their names where there is no Django.
    from products.binary_copy import BIGINT, halfvec

    kinds = {
        name: halfvec(values.shape[1])
        if values.ndim == 2
        else BIGINT
        if np.issubdtype(values.dtype, np.integer)
        else np.dtype(">f8")
        for name, values in columns.items()
    }
    # In each row the number of its columns is first, and before each column its length in bytes.
    fields: list[tuple[str, Any]] = [("columns", ">i2")]
    for name, kind in kinds.items():
        fields += [(f"{name} bytes", ">i4"), (name, kind)]
    count = len(next(iter(columns.values())))
    for start in range(0, count, ROWS_AT_A_TIME):
        rows = np.zeros(min(ROWS_AT_A_TIME, count - start), fields)
        rows["columns"] = len(kinds)
        for name, kind in kinds.items():
            rows[f"{name} bytes"] = kind.itemsize
            values = columns[name][start : start + ROWS_AT_A_TIME]
            if values.ndim == 2:
                rows[name]["width"], rows[name]["values"] = values.shape[1], values
            else:
                rows[name] = values
        yield rows.tobytes()
