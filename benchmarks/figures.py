"""How a benchmark tells its figures: a readable list, or one JSON object with ``--json``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from typing import Any


def tell(
    measure: Callable[..., Mapping[str, Any]],
    *,
    description: str | None,
    configure: Callable[[argparse.ArgumentParser], None] = lambda parser: None,
) -> None:
    """Read the command line, measure, and print; every benchmark's ``main``.

    What `configure` adds to the parser, `measure` gets as keyword arguments.
    """
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    configure(parser)
    options = vars(parser.parse_args())
    as_json = options.pop("json")
    figures = measure(**options)
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in flat(figures):
        print(f"{name:52} {value}")


def flat(figures: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Return nested figures as one list of names and values."""
    rows: list[tuple[str, Any]] = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            rows += flat(value, f"{prefix}{name} / ")
        else:
            rows.append((f"{prefix}{name}", value))
    return rows
