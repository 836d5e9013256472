"""Runs every benchmark and writes benchmarks/results.md; `make bench` calls it.

python -m benchmarks [NAME ...]
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

NAMES = (
    "startup",
    "predictor",
    "street_to_shop",
    "embedding",
    "image_search",
    "catalogue_import",
)
RESULTS = Path(__file__).with_name("results.md")


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; return the exit status."""
    sections, failed = [], []
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        finished = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", "--json"],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if finished.returncode:
            failed.append(name)
            continue
        figures = json.loads(finished.stdout.splitlines()[-1])
        rows = "\n".join(f"| {figure} | {value} |" for figure, value in flat(figures))
        sections.append(f"## {name}\n\n| figure | value |\n|---|---|\n{rows}\n")
        print(rows, flush=True)
    if not failed:
        RESULTS.write_text("\n".join([heading(), *sections]), encoding="utf-8")
        print(f"Written to {RESULTS}.")
    else:
        print(f"Failed: {', '.join(failed)}. Nothing was written.", file=sys.stderr)
    return 1 if failed else 0


def heading() -> str:
    """Return the title with when and on what it was measured."""
    return (
        "# Benchmark results\n\n"
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with `make bench` on {os.cpu_count()} cores "
        f"({platform.machine()}), Python {platform.python_version()}. Machines are noisy: compare "
        "ratios within a run.\n"
    )


def flat(figures: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """Return nested figures as one list of names and values."""
    rows: list[tuple[str, object]] = []
    for name, value in figures.items():
        if isinstance(value, dict):
            rows += flat(value, f"{prefix}{name} / ")
        else:
            rows.append((f"{prefix}{name}", value))
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
