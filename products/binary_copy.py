"""Reads very many rows at once, by COPY in PostgreSQL's binary format; for embeddings and clusters.

A million embeddings take seconds so; as objects, they take minutes. The format is that of
https://www.postgresql.org/docs/current/sql-copy.html (Binary Format).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify

HEADER_BYTES = 19
TRAILER_BYTES = 2

BIGINT = np.dtype(">i8")


def halfvec(width: int) -> np.dtype[Any]:
    """Return what a ``halfvec`` of that width is: ``values`` beside two fields to ignore."""
    return np.dtype([("width", ">i2"), ("unused", ">i2"), ("values", ">f2", (width,))])


def read_rows(
    query: str, parameters: Sequence[Any], *, columns: Mapping[str, np.dtype[Any]]
) -> np.ndarray:
    """Return the rows of a query as a structured array, all of them in memory.

    Args:
        query: SELECT, with a placeholder for each of the parameters.
        parameters: its values.
        columns: name -> type of each column of the answer, in order.

    Raises:
        ValueError: a column is of another width, or NULL.
    """
    # In each row the number of its columns is first, and before each column its length in bytes.
    fields: list[tuple[str, Any]] = [("columns", ">i2")]
    for name, dtype in columns.items():
        fields += [(f"{name}_bytes", ">i4"), (name, dtype)]
    row = np.dtype(fields)
    statement = f"COPY ({mogrify(query, parameters, connection)}) TO STDOUT (FORMAT BINARY)"
    received = bytearray()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            received += block
    length = len(received) - HEADER_BYTES - TRAILER_BYTES
    if length % row.itemsize:
        raise ValueError(f"Expected rows of {row.itemsize} bytes, received {length} bytes of them.")
    rows = np.frombuffer(received, row, count=length // row.itemsize, offset=HEADER_BYTES)
    for name, dtype in columns.items():
        if not (rows[f"{name}_bytes"] == dtype.itemsize).all():
            raise ValueError(f"Expected {dtype.itemsize} bytes of {name}, received another width.")
    return rows
